// The catalogue's pages say what the declarations say.

import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { EVENTS } from '#events/catalogue.ts';
import { areAddressesStale } from '../../docs/write-addresses.ts';
import { staleBuilders } from '../../docs/write-builders.ts';
import { cataloguePages, stalePages } from '../../docs/write-catalogue.ts';

test('docs/catalogue is what the declarations make it; otherwise run `npm run docs`', () => {
  assert.deepEqual(stalePages(), []);
});

test('packages/client/src/client/addresses.ts is what the contract makes it; otherwise run `npm run docs`', () => {
  assert.equal(areAddressesStale(), false);
});

test('the builders of packages/sdk/src/sdk are what the definitions make them; otherwise run `npm run docs`', () => {
  assert.deepEqual(staleBuilders(), []);
});

test('the page of events names every event type', () => {
  const page = cataloguePages().get('events.md') ?? '';
  const missing = EVENTS.filter(({ type }) => !page.includes(`\`${type}\``)).map(({ type }) => type);
  assert.deepEqual(missing, []);
});

test('no link within the catalogue leads nowhere', () => {
  const pages = cataloguePages();
  const anchors = new Map(
    [...pages].map(([name, text]) => [
      name,
      new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading!))),
    ]),
  );
  for (const [name, text] of pages) {
    for (const [, page, target] of text.matchAll(/\]\(([\w./-]*)(?:#([\w-]+))?\)/g)) {
      const headings = anchors.get(page ? posix.join(posix.dirname(name), page) : name);
      assert.ok(target === undefined ? headings : headings?.has(target), `${name}: ${page}#${target}`);
    }
  }
});

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
