// A table of words in the browser is asked by codes of records, which anybody writes: `constructor` must not be in it.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tableOf } from '#web/table-of.ts';

const WEB = fileURLToPath(new URL('../../src/web/', import.meta.url));

test('every table that is asked by any text is made by tableOf', () => {
  const files = globSync('**/*.{ts,tsx}', { cwd: WEB });
  assert.ok(files.length > 150, 'these are not the files');
  const plain = files.flatMap((file) => {
    const lines = readFileSync(WEB + file, 'utf8').split('\n');
    return lines
      .filter((line) => /^(export )?const \w+: .*Record<string, .*= \{/.test(line))
      .map((line) => `${file}: ${line}`);
  });
  assert.deepEqual(plain, []);
});

test('such a table has its rows and nothing else', () => {
  const table = tableOf({ mm: 'millimeters' });
  assert.equal(table.mm, 'millimeters');
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])
    assert.equal(table[name], undefined);
});
