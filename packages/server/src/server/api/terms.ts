// /api/terms: the loaded code systems; search them, and import an edition.

import { TERM_FLAGS, TERMS } from '@chartwire/client/internal/contract/terms';
import { currentEditions } from '#terms/editions.ts';
import { importTerms } from '#terms/import.ts';
import { searchTerms } from '#terms/search.ts';
import { route, type RoutesOf } from '../route.ts';

export const TERM_ROUTES: RoutesOf<typeof TERMS> = {
  list: route(TERMS.list, async (_call, { pool }) => ({ items: await currentEditions(pool), next: null })),
  search: route(TERMS.search, async ({ query: { system, query = '', has, lacks, limit: most } }, { terms }) => {
    const filter = { has: flagsOf(has), lacks: flagsOf(lacks) };
    return { items: await searchTerms(terms, { system, query, filter, limit: most }), next: null };
  }),
  import: route(TERMS.import, ({ query, body }, { terms }) =>
    importTerms(terms, { ...query, file: body as AsyncIterable<Buffer> }),
  ),
};

function flagsOf(text: string | undefined): (typeof TERM_FLAGS)[number][] {
  return TERM_FLAGS.filter((flag) => text?.split(',').includes(flag));
}
