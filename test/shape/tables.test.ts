// A table of words in the browser is asked by codes of records, which anybody writes: `constructor` must not be in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableOf } from '#web/table-of.ts';
import { SOURCES } from './sources.ts';

test('every table that is asked by any text is made by tableOf', () => {
  const files = SOURCES.filter(({ floor }) => floor === 'web');
  assert.ok(files.length > 150, 'these are not the files');
  const plain = files.flatMap(({ name, text }) =>
    text
      .split('\n')
      .filter((line) => /^(export )?const \w+: .*Record<string, .*= \{/.test(line))
      .map((line) => `${name}: ${line}`),
  );
  assert.deepEqual(plain, []);
});

test('such a table has its rows and nothing else', () => {
  const table = tableOf({ mm: 'millimeters' });
  assert.equal(table.mm, 'millimeters');
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])
    assert.equal(table[name], undefined);
});
