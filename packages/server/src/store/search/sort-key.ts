// What a search is sorted by.

import type { SearchParameter } from '#r4/search-parameters.ts';

export interface SortKey {
  readonly parameter: SearchParameter;
  readonly descending: boolean;
}

/** Characters of a text used for sorting. Links to the next page contain them and must stay short. */
export const MAX_KEY = 200;
