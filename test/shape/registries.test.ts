import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS } from '#kit/errors.ts';
import { IMPORTS, SOURCES } from './sources.ts';

/** A file that makes a definition with `maker` belongs in its folder's index.ts. */
const REGISTRIES = [
  { folder: 'records', maker: 'defineRecord(' },
  { folder: 'commands', maker: 'defineCommand(' },
  { folder: 'effects', maker: 'defineEffect(' },
];

for (const { folder, maker } of REGISTRIES) {
  test(`every definition of ${folder}/ has its line in ${folder}/index.ts`, () => {
    const index = SOURCES.find(({ name }) => name === `${folder}/index.ts`)!.text;
    let definitions = 0;
    for (const { name: path, text: source } of SOURCES.filter(({ floor }) => floor === folder)) {
      const file = path.slice(folder.length + 1);
      for (const [, name] of source.matchAll(/^export const (\w+) = (define\w+\()/gm)) {
        if (!source.includes(`export const ${name} = ${maker}`)) continue;
        definitions++;
        assert.ok(index.includes(`'./${file}'`), `${folder}/index.ts lacks an import of './${file}'`);
        assert.match(index, new RegExp(`^ {2}${name},$`, 'm'), `${folder}/index.ts lacks the line "  ${name},"`);
      }
    }
    assert.ok(definitions > 0, `no ${maker} found in ${folder}/`);
  });
}

test('every error code is used, and every code that is used is declared', () => {
  const sources = SOURCES.filter(({ name }) => name.endsWith('.ts') && !name.startsWith('kit/errors'))
    .map(({ text }) => text)
    .join('\n');
  for (const code of Object.keys(ERRORS)) assert.ok(sources.includes(`'${code}'`), `nothing refuses with ${code}`);
  for (const [, code] of sources.matchAll(/new Refusal\(\s*'([^']+)'/g)) {
    assert.ok(Object.hasOwn(ERRORS, code!), `${code} is not in kit/errors/`);
  }
});

test('every table of errors is among all errors, and no two have the same code', () => {
  const tables = SOURCES.filter(({ name }) => name.startsWith('kit/errors/'));
  const codes = tables.flatMap(({ text }) => [...text.matchAll(/^ {2}'([\w.-]+)': \{$/gm)].map(([, code]) => code!));
  assert.deepEqual(codes.toSorted(), Object.keys(ERRORS).toSorted());
});

/** Files that no other file imports, by what reads them. */
const READ_BY_OTHERS: readonly (readonly [reader: string, names: readonly string[]])[] = [
  ['whoever starts the command, the browser or a plugin', ['cli/main.ts', 'web/main.tsx', 'sdk.ts']],
  ['the compiler', ['sdk/complete.ts', 'web/modules.d.ts', 'plugin-host/globals/untyped.d.ts']],
  [
    'the builder of what is run beside the server',
    [
      'plugin-host/globals/ascii-domains.ts',
      'plugin-host/globals/idna.ts',
      'plugin-host/globals/url.ts',
      'plugin-host/globals/web.ts',
      'plugin-host/runner/guest.ts',
    ],
  ],
  ['whoever takes a new release of R4', ['r4/definitions/build.ts']],
  ['`chartwire init`', ['cli/template/src/index.ts', 'cli/template/test/index.test.ts']],
];

test('no file is there that nothing uses: a verb, a screen, a check or an interaction without its line', () => {
  const imported = new Set(IMPORTS.map(({ file }) => file));
  const unused = SOURCES.map(({ name }) => name).filter((name) => !imported.has(name));
  assert.deepEqual(unused.toSorted(), READ_BY_OTHERS.flatMap(([, names]) => names).toSorted());
});
