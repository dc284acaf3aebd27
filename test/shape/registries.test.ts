import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { ERRORS } from '#kit/errors.ts';

const SRC = resolve(import.meta.dirname, '../../src');

/** A file that makes a definition with `maker` belongs in its folder's index.ts. */
const REGISTRIES = [
  { folder: 'records', maker: 'defineRecord(' },
  { folder: 'commands', maker: 'defineCommand(' },
  { folder: 'effects', maker: 'defineEffect(' },
];

for (const { folder, maker } of REGISTRIES) {
  test(`every definition of src/${folder} has its line in src/${folder}/index.ts`, () => {
    const index = readFileSync(join(SRC, folder, 'index.ts'), 'utf8');
    let definitions = 0;
    for (const file of readdirSync(join(SRC, folder))) {
      const source = readFileSync(join(SRC, folder, file), 'utf8');
      for (const [, name] of source.matchAll(/^export const (\w+) = (define\w+\()/gm)) {
        if (!source.includes(`export const ${name} = ${maker}`)) continue;
        definitions++;
        assert.ok(index.includes(`'./${file}'`), `src/${folder}/index.ts lacks an import of './${file}'`);
        assert.match(index, new RegExp(`^ {2}${name},$`, 'm'), `src/${folder}/index.ts lacks the line "  ${name},"`);
      }
    }
    assert.ok(definitions > 0, `no ${maker} found in src/${folder}`);
  });
}

test('every error code is used, and every code that is used is declared', () => {
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'kit/errors.ts')
    .map((name) => readFileSync(join(SRC, name), 'utf8'))
    .join('\n');
  for (const code of Object.keys(ERRORS)) assert.ok(sources.includes(`'${code}'`), `nothing refuses with ${code}`);
  for (const [, code] of sources.matchAll(/new Refusal\(\s*'([^']+)'/g)) {
    assert.ok(Object.hasOwn(ERRORS, code!), `${code} is not in src/kit/errors.ts`);
  }
});
