// Answers a FHIR search from the database.

import type { Resource } from '@medplum/fhirtypes';
import { subset } from '#r4/subset.ts';
import type { Located, SearchPage, SearchReach } from '../contract.ts';
import { writeCursor } from './cursor.ts';
import { includedWith } from './include.ts';
import { parseSearch, type SearchRequest } from './request.ts';
import { type SearchOptions, selectCount, selectPage } from './select.ts';

/** What a search needs of a database: a pool or a connection of `pg`. */
export interface Database {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A row as the statements of select.ts return it. */
export interface Row {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  readonly content: Resource;
  readonly updated: string;
}

/**
 * @param query FHIR search parameters as a URL query string, without `?`.
 * @throws Refusal `search.parameter` for what cannot be searched by; `record.unknown-type`.
 */
export async function searchRecords(
  db: Database,
  type: string,
  query: string,
  options: SearchOptions = {},
): Promise<SearchPage> {
  const request = parseSearch(type, query, options);
  const total = request.total || request.summary === 'count' ? await count(db, request, options) : undefined;
  if (request.summary === 'count') return { ...NOTHING, total };
  const { text, values } = selectPage(request, options);
  const rows = (await db.query(text, [...values])).rows as Row[];
  const page = rows.slice(0, request.count);
  const matches = page.map(({ content }) => content);
  const included = await includedWith(db, matches, request.includes, options);
  return {
    matches: request.summary || request.elements ? matches.map((match) => subset(match, request)) : matches,
    included: included.map(({ content }) => content),
    located: { matches: page.map(located), included: included.map(located) },
    ...(total === undefined ? {} : { total }),
    ...(rows.length > page.length ? { next: nextPage(request, query, page) } : {}),
  };
}

const NOTHING: SearchPage = { matches: [], included: [], located: { matches: [], included: [] } };

function located({ type, id, version, patient }: Row): Located {
  return { type, id, version, patient };
}

async function count(db: Database, request: SearchRequest, reach: SearchReach): Promise<number> {
  const { text, values } = selectCount(request, reach);
  const rows = (await db.query(text, [...values])).rows as { count: number }[];
  return rows[0]!.count;
}

/** The same query, from where this page ends. */
function nextPage(request: SearchRequest, query: string, page: readonly Row[]): string {
  const next = new URLSearchParams(query);
  next.delete('_offset');
  next.delete('_cursor');
  const last = page.at(-1)!;
  if (request.sort.length > 0) next.set('_offset', String(request.offset + page.length));
  else next.set('_cursor', writeCursor({ at: last.updated, id: last.id }));
  return String(next);
}
