import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

// The floors of ARCHITECTURE.md, from the ground up: a file may import from its own floor and from those below it.
const FLOORS = [
  'kit',
  'substances',
  'records',
  'commands',
  'effects',
  'events',
  'sdk',
  'r4',
  'terms',
  'store',
  'chart',
  'plugin-host',
  'delivery',
  'fhir',
  'hl7',
  'demo',
  'server',
  'web',
  'cli',
];
/** Below this line there is no node and no DOM. */
const PURE = new Set(FLOORS.slice(0, FLOORS.indexOf('r4')));
/** What a pure floor may import from outside. */
const PURE_PACKAGES = new Set(['typebox', '@medplum/fhirtypes']);

const ROOT = resolve(import.meta.dirname, '../..');
const SRC = join(ROOT, 'src');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(SRC, name));

const imports: Import[] = files.flatMap((from) =>
  Array.from(
    readFileSync(from, 'utf8').matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm),
    ([, type, to]) => ({ from, to: to!, typeOnly: Boolean(type) }),
  ),
);

const floorOf = (file: string): string => {
  const [floor] = relative(SRC, file).split('/');
  return floor!;
};
const nameOf = (file: string): string => relative(ROOT, file);

/** The file that an import of ours names; undefined for a package. */
function target({ from, to }: Import): string | undefined {
  if (to.startsWith('.')) return resolve(dirname(from), to);
  if (to.startsWith('#')) return join(SRC, to.slice(1));
  return undefined;
}

test('every folder of src is a floor', () => {
  const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders)
    assert.ok(FLOORS.includes(name), `src/${name} is not a floor: name it here and in ARCHITECTURE.md`);
});

test('imports go down, never up', () => {
  for (const one of imports) {
    const file = target(one);
    if (!file || floorOf(one.from) === 'app.ts') continue;
    // serve starts the app: the one way back up.
    if (floorOf(file) === 'app.ts') {
      assert.equal(nameOf(one.from), 'src/cli/serve.ts', `${nameOf(one.from)} imports app.ts`);
      continue;
    }
    const [above, below] = [FLOORS.indexOf(floorOf(one.from)), FLOORS.indexOf(floorOf(file))];
    assert.ok(below <= above, `${nameOf(one.from)} imports up: ${one.to}`);
  }
});

test('a crossing of floors is written #floor/file.ts, and only a crossing is', () => {
  for (const one of imports) {
    const file = target(one);
    if (!file || floorOf(one.from) === 'app.ts' || floorOf(file) === 'app.ts') continue;
    const crosses = floorOf(one.from) !== floorOf(file);
    assert.equal(one.to.startsWith('#'), crosses, `${nameOf(one.from)}: ${one.to}`);
  }
});

test('the pure floors know neither node nor packages that need it', () => {
  for (const { from, to } of imports) {
    if (!PURE.has(floorOf(from)) || to.startsWith('.') || to.startsWith('#')) continue;
    const name = to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : to.split('/')[0]!;
    assert.ok(PURE_PACKAGES.has(name), `${nameOf(from)} imports ${to}`);
  }
});

test('the browser gets code of the pure floors only, and of the others their types', () => {
  const notForIt = new Set(['build.ts', 'vite.config.ts']);
  for (const one of imports) {
    if (floorOf(one.from) !== 'web' || one.typeOnly || notForIt.has(relative(join(SRC, 'web'), one.from))) continue;
    const file = target(one);
    assert.doesNotMatch(one.to, /^node:/, `${nameOf(one.from)} imports ${one.to}`);
    if (file && floorOf(file) !== 'web') assert.ok(PURE.has(floorOf(file)), `${nameOf(one.from)} imports ${one.to}`);
  }
});

test('no cycles', () => {
  const graph = new Map<string, string[]>();
  for (const one of imports) {
    const file = target(one);
    if (file && !one.typeOnly) graph.set(one.from, [...(graph.get(one.from) ?? []), file]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      const cycle = [...path.slice(path.indexOf(file)), file].map(nameOf).join(' -> ');
      assert.fail(`a cycle: ${cycle}`);
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

test('no drawers', () => {
  for (const file of files) {
    assert.doesNotMatch(
      nameOf(file),
      /\/(utils?|helpers?|common|types|lib|misc)(\/|\.ts$)/,
      'name it after what it is for',
    );
  }
});

test('every file opens by saying what it is for', () => {
  for (const file of files) {
    assert.match(readFileSync(file, 'utf8'), /^\/\/ \S/, `${nameOf(file)} has no opening comment`);
  }
});

test('this test reads imports at all', () => {
  assert.ok(imports.length > 100 && imports.some((one) => one.to.startsWith('#')));
});
