import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const PAGE = join(import.meta.dirname, '../../docs/guarantees.md');
/** `[the name of a test](../test/its/file.test.ts)`. */
const NAMED = /\[([^\]]+)\]\((\.\.\/test\/[^)]+)\)/g;

test('every guarantee names tests that exist, and is shown by at least one', async () => {
  const page = await readFile(PAGE, 'utf8');
  const missing: string[] = [];
  for (const [, name, path] of page.matchAll(NAMED)) {
    const source = await readFile(join(PAGE, '..', path!), 'utf8').catch(() => '');
    if (!source.includes(`test('${name}'`)) missing.push(`${path}: ${name}`);
  }
  assert.deepEqual(missing, []);
  const guarantees = page.split(/\n(?=- \*\*)/).slice(1);
  assert.ok(guarantees.length > 0);
  assert.deepEqual(
    guarantees.filter((text) => text.match(NAMED) === null),
    [],
    'guarantees without a test',
  );
});
