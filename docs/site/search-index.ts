// The index that the browser searches: one entry for each heading of each page, built once and loaded with the first search.

import MiniSearch from 'minisearch';
import type { Rendered } from './markdown.ts';
import { addressOf, SECTIONS } from './navigation.ts';
import { INDEX_OPTIONS, type SearchEntry } from './client/search-entry.ts';

/** Characters of a passage that a result shows. */
const EXCERPT = 140;

/** A script that hands the index to the page: unlike JSON, a page opened from a folder can load one. */
export function searchIndex(pages: readonly Rendered[]): string {
  const index = new MiniSearch<SearchEntry & { text: string }>(INDEX_OPTIONS);
  index.addAll(pages.flatMap(entriesOf));
  return `globalThis.chartwireSearch(${JSON.stringify(JSON.stringify(index))});\n`;
}

function entriesOf(page: Rendered): (SearchEntry & { id: string; text: string })[] {
  const address = addressOf(page.source);
  const section = SECTIONS.find(({ pages }) => pages.some(({ source }) => source === page.source))?.title ?? '';
  return page.passages.map(({ heading, text }, position) => ({
    id: position === 0 ? address : `${address}#${heading.anchor}`,
    page: page.title,
    heading: position === 0 ? '' : heading.text,
    section,
    excerpt: text.length > EXCERPT ? `${text.slice(0, EXCERPT).replace(/\s\S*$/, '')} …` : text,
    text,
  }));
}
