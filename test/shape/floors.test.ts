import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import {
  ABOVE,
  CROSSING,
  FLOORS,
  FOLDERS,
  type Floor,
  floorOf,
  foldersOfSources,
  type Import,
  IMPORTS,
  packageOf,
  SOURCES,
} from './sources.ts';

/** Below this line there is no node, and no DOM but `fetch`. */
const PURE: ReadonlySet<Floor | undefined> = new Set(FLOORS.slice(0, FLOORS.indexOf('r4')));
/** What a pure floor may import from outside. */
const PURE_PACKAGES = new Set(['typebox', '@medplum/fhirtypes', '@noble/hashes']);
/** Verbs that start the app: the way back up. */
const STARTERS = ['cli/doctor.ts', 'cli/serve.ts'];

const ROOT = resolve(import.meta.dirname, '../..');
const named = ({ from, to }: Import): string => `${from.name} imports ${to}`;
const isAbove = (name: string): boolean => (ABOVE as readonly string[]).includes(name);

test('every folder of a package is a floor, and every floor has its folder', () => {
  const withFloors = foldersOfSources.filter((folder) => !folder.startsWith('web/'));
  const folders = Object.values(FOLDERS).filter((folder) => folder !== FOLDERS.web);
  assert.deepEqual(withFloors.toSorted(), folders.toSorted(), 'name it in sources.ts and in ARCHITECTURE.md');
  const order = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([a-z0-9-]+)\/` \|/gm);
  assert.deepEqual(
    Array.from(order, ([, floor]) => floor),
    FLOORS,
    'the floors of ARCHITECTURE.md, in their order',
  );
});

test('every path that a package.json or a tsconfig names is there', () => {
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name));
  const manifests = [...packages, '.'].map((folder) => join(folder, 'package.json'));
  const configs = readdirSync(ROOT).filter((name) => /^tsconfig.*\.json$/.test(name));
  for (const file of [...manifests, ...configs]) {
    const paths = readFileSync(join(ROOT, file), 'utf8').matchAll(
      /"(?:\.\/)?((?:src|packages|test|docs|bench|release)\/[^"]*)"/g,
    );
    for (const [, path] of paths) {
      if (path!.endsWith('/dist')) continue;
      const [folder] = path!.split('*');
      assert.ok(existsSync(join(ROOT, file, '..', folder!)), `${file}: ${path}`);
    }
  }
});

test('imports go down, never up', () => {
  for (const one of IMPORTS) {
    if (one.file === undefined || isAbove(one.from.name)) continue;
    if (isAbove(one.file)) {
      assert.ok(STARTERS.includes(one.from.name), named(one));
      continue;
    }
    const [above, below] = [FLOORS.indexOf(one.from.floor!), FLOORS.indexOf(floorOf(one.file)!)];
    assert.ok(below >= 0 && below <= above, `${named(one)}, which is above it`);
  }
});

test('a crossing is written #floor/file.ts in a package, and by the name of another, and only a crossing is', () => {
  for (const one of IMPORTS) {
    if (one.file === undefined || isAbove(one.from.name) || isAbove(one.file)) continue;
    const floor = floorOf(one.file)!;
    const expected = one.from.floor === floor ? /^\./ : one.from.package === packageOf(floor) ? /^#/ : CROSSING;
    assert.match(one.to, expected, named(one));
  }
});

test('the pure floors know neither node nor packages that need it', () => {
  for (const { from, to } of IMPORTS) {
    if (!PURE.has(from.floor) || to.startsWith('.') || to.startsWith('#')) continue;
    // Of another package of ours, floors below.
    if (CROSSING.test(to)) continue;
    const name = to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : to.split('/')[0]!;
    assert.ok(PURE_PACKAGES.has(name), `${from.name} imports ${to}`);
  }
});

test('the browser gets the pure floors and the client, of the contract its types, and nothing of the floors below', () => {
  for (const one of IMPORTS) {
    if (one.from.floor !== 'web') continue;
    assert.doesNotMatch(one.to, /^node:/, named(one));
    const floor = one.file === undefined ? 'web' : floorOf(one.file);
    if (floor === 'web') continue;
    assert.ok(PURE.has(floor), named(one));
    // Schemas are of no use there, and large.
    if (floor === 'contract') assert.ok(one.typeOnly, `${named(one)}: more than its types`);
  }
});

test('the browser asks the server by the client alone', () => {
  for (const { name, floor, text } of SOURCES) {
    if (floor !== 'web') continue;
    const code = text.replaceAll(/^\s*(\/\/|\*|\/\*\*).*$/gm, '');
    assert.doesNotMatch(code, /['"`]\/(api|fhir)\//, `${name} writes an address of the server`);
    if (name !== 'web/api/client.ts')
      assert.doesNotMatch(code, /(?<![\w.])fetch\(|XMLHttpRequest/, `${name} asks the server by itself`);
  }
});

test('no cycles, neither of types nor of what is loaded later', () => {
  const graph = Map.groupBy(IMPORTS, ({ from }) => from.name);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) assert.fail(`a cycle: ${[...path.slice(start), file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const { file: next } of graph.get(file) ?? []) if (next !== undefined) visit(next, [...path, file]);
    done.add(file);
  };
  for (const { name } of SOURCES) visit(name, []);
});

test('no drawers', () => {
  for (const { name } of SOURCES) {
    assert.doesNotMatch(name, /\/(utils?|helpers?|common|types|lib|misc)(\/|\.ts$)/, 'name it after what it is for');
  }
});

test('every file opens by saying what it is for', () => {
  for (const { name, text } of SOURCES) assert.match(text, /^\/\/ \S/, `${name} has no opening comment`);
});

test('this test reads imports at all', () => {
  const files = new Set(SOURCES.map(({ name }) => name));
  for (const one of IMPORTS) {
    if (one.file && /\.tsx?$/.test(one.file)) assert.ok(files.has(one.file), `${named(one)}, which is no file`);
  }
  for (const start of ['#', '.', '@chartwire/sdk/internal/']) {
    assert.ok(IMPORTS.filter(({ to }) => to.startsWith(start)).length > 100, start);
  }
  assert.ok(IMPORTS.some(({ late }) => late) && IMPORTS.some(({ typeOnly }) => typeOnly));
});
