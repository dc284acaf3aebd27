// What a search is sorted by.

import type { SearchParameter } from '#r4/search-parameters.ts';

export interface SortKey {
  readonly parameter: SearchParameter;
  readonly descending: boolean;
}

/** Characters of a text that it is sorted by: a link to the next page carries them, and links must stay short. */
export const MAX_KEY = 200;
