// The site's pages: each file of the docs is one, and no link or picture leads nowhere.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderedPages } from '../../docs/site/build.ts';
import { deadLinks } from '../../docs/site/markdown.ts';
import { addressOf, PAGES, ROOT } from '../../docs/site/navigation.ts';

test('every Markdown file of the docs and examples is a page of the site, at an address of its own', () => {
  const files = globSync(['docs/**/*.md', 'examples/**/README.md', '*.md'], {
    cwd: ROOT,
    exclude: ['README.md', '**/node_modules/**', '**/dist/**'],
  });
  const sources = PAGES.map(({ source }) => source);
  assert.deepEqual(sources.toSorted(), files.toSorted(), 'add it to docs/site/navigation.ts');
  assert.equal(new Set(sources.map(addressOf)).size, sources.length);
});

test('no link leads to a file or a heading that is not there', async (t) => {
  const { pages, beside } = await renderedPages();
  const all = [...pages, ...beside];
  const links = all.flatMap((page) => page.links);
  t.diagnostic(`${links.length} links of ${all.length} files`);
  assert.ok(links.length > 500, 'it read next to no links');
  assert.deepEqual(deadLinks(all), []);
  const wrong = pages.map((page) => ({
    ...page,
    links: [{ from: page.source, href: 'x', file: page.source, anchor: 'no such heading' }],
  }));
  assert.equal(deadLinks(wrong).length, pages.length, 'a wrong anchor is found');
});

test('errors, messages and the chart lead to pages and headings that the site has', async () => {
  const { pages } = await renderedPages();
  const anchors = new Map(
    pages.map(({ source, headings }) => [addressOf(source), headings.map(({ anchor }) => anchor)]),
  );
  const files = globSync('packages/*/src/**/*.{ts,tsx}', { cwd: ROOT });
  const links = files.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return Array.from(text.matchAll(/(?<!\w)\/docs\/([\w/-]+\.html)(?:#([\w-]+))?/g), ([, address, anchor]) => {
      const found = anchors.get(address!);
      return { file, address, anchor, right: found && (anchor === undefined || found.includes(anchor)) };
    });
  });
  assert.ok(links.length >= 8, 'these are not all links');
  assert.deepEqual(
    links.filter(({ right }) => !right),
    [],
  );
});
