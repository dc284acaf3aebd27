// What an entry of the index holds, and how it is indexed and asked: the same where it is built and where it is searched.

export interface SearchEntry {
  /** Address below the site, with its anchor. */
  readonly id: string;
  readonly page: string;
  /** Empty for the beginning of a page. */
  readonly heading: string;
  readonly section: string;
  readonly excerpt: string;
}

/** Letters of a word from which it may be misspelled. */
const LONG_WORD = 5;

export const INDEX_OPTIONS = {
  fields: ['page', 'heading', 'text'],
  storeFields: ['page', 'heading', 'section', 'excerpt'],
  searchOptions: {
    boost: { page: 3, heading: 4 },
    prefix: true,
    fuzzy: (word: string) => (word.length >= LONG_WORD ? 0.2 : false),
  },
};
