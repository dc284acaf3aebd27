// The site's pages: each file of the docs is one, and no link or picture leads nowhere.

import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
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
