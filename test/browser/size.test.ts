// What a browser must fetch before the first page is there.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { builtWeb } from '@chartwire/web/build';

/** Bytes, compressed by gzip. */
const LIMIT = 250 * 1024;

test('the first page is under 250 KB', async (t) => {
  const assets = join(await builtWeb(), 'assets');
  const page = readFileSync(join(assets, '..', 'index.html'), 'utf8');
  const today = readdirSync(assets).filter((name) => /^today-page-.*\.js$/.test(name));
  assert.equal(today.length, 1);
  const first = reached(assets, [
    ...[...page.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map(([, name]) => name!),
    ...today,
  ]);
  const sizes = [...first].map((name) => [name, gzipSync(readFileSync(join(assets, name))).length] as const);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  t.diagnostic(`${(total / 1024).toFixed(1)} KB of 250 in ${sizes.length} files`);
  assert.ok(sizes.length >= 3 && total > 50_000, 'these are not the files');
  assert.ok(total < LIMIT, sizes.map(([name, size]) => `${name} ${size}`).join('\n'));
});

/** Those files and what they import at once, not what they may import later. */
function reached(assets: string, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    if (!name.endsWith('.js')) return;
    const code = readFileSync(join(assets, name), 'utf8');
    for (const [, imported] of code.matchAll(
      /(?:^|[;}])\s*import\s*(?:[\w*{][^;"'`]*?from)?\s*["'`]\.\/([\w.-]+)["'`]/g,
    ))
      visit(imported!);
  };
  for (const name of names) visit(name);
  return found;
}
