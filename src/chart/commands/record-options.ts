// Options that are records: those that have every word of the query, wherever they stand among thousands of their type.

import type { Resource, ResourceType } from '@medplum/fhirtypes';
import type { Search } from '#kit/command-kind.ts';
import type { Option } from '#kit/schema.ts';
import { escaped } from '#r4/search-escape.ts';
import { searchParameter } from '#r4/search-parameters.ts';
import { normalise } from '#r4/search-text.ts';
import type { Store } from '#store/contract.ts';
import { optionFor } from './fields.ts';

export type RecordSearch = Exclude<Search, { readonly from: 'terms' }>;

/** Records read at a time. */
const PAGE = 200;
/** Pages that are read of a type before what was found is all: whoever misses somebody then writes more of the name. */
const MOST_PAGES = 10;

export function typesOf(search: RecordSearch): readonly ResourceType[] {
  return search.from === 'chart' ? [search.type] : search.types;
}

/** The first `most` of them. */
export async function recordOptions(
  store: Store,
  search: RecordSearch,
  { patient, query, most }: { readonly patient: string; readonly query: string; readonly most: number },
): Promise<Option[]> {
  const words = normalise(query)
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean);
  const within = search.from === 'chart' ? { within: patient } : {};
  const found = typesOf(search).map((type) => {
    const filter = search.from === 'chart' ? search.filter : search.filters?.[type];
    return ofType(store, type, { filter, words, within, most });
  });
  return (await Promise.all(found)).flat().slice(0, most);
}

interface OfType {
  readonly filter: string | undefined;
  readonly words: readonly string[];
  readonly within: { readonly within?: string };
  readonly most: number;
}

async function ofType(store: Store, type: ResourceType, { filter, words, within, most }: OfType): Promise<Option[]> {
  const found: Option[] = [];
  let query: string | undefined = pageOf(type, filter, words);
  for (let pages = 0; query !== undefined && pages < MOST_PAGES && found.length < most; pages++) {
    const { matches, next } = await store.search(type, query, within);
    for (const record of matches) {
      const option = optionFor(record as Resource & { id: string });
      if (isMeant(option, words)) found.push(option);
    }
    query = next;
  }
  return found;
}

function pageOf(type: ResourceType, filter: string | undefined, words: readonly string[]): string {
  const query = new URLSearchParams(filter);
  query.set('_count', String(PAGE));
  if (isNamed(type)) for (const word of words) query.append('name:contains', escaped(word));
  return String(query);
}

/** Whether the options of a type are called by what the store finds by `name`: of what has a title, that is another name. */
function isNamed(type: ResourceType): boolean {
  return searchParameter(type, 'name')?.type === 'string' && !searchParameter(type, 'title');
}

/** Each word begins one of the option's own, or one of its codes. */
function isMeant({ text, coding = [] }: Option, words: readonly string[]): boolean {
  const said = [text, ...coding.map(({ code }) => code)].flatMap((one) => normalise(one).split(' '));
  return words.every((word) => said.some((each) => each.startsWith(word)));
}
