// Answers a FHIR search from the database.

import type { Resource } from '@medplum/fhirtypes';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { subset } from '#r4/subset.ts';
import type { Found, LogSnapshot, SearchPage, SearchReach } from '../contract.ts';
import { type Cursor, writeCursor } from './cursor.ts';
import { includedWith } from './include.ts';
import { movedSince } from './moved.ts';
import { parseSearch, type SearchRequest } from './request.ts';
import { type Row, type SearchOptions, selectChanged, selectCount, selectPage } from './select.ts';
import type { Database, Statement } from './statement.ts';

interface Match extends Row {
  /** Its sort values. */
  readonly keys: readonly (string | null)[];
  /** On a first page: what it saw. */
  readonly epoch?: number;
  readonly snapshot?: string;
}

/**
 * Runs a search.
 * @param query FHIR search parameters as a URL query string, without `?`
 * @throws {Refusal} `search.parameter` for an unsupported parameter; `record.unknown-type`
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
  const { page, next } = await rowsOf(db, request, options);
  const included = await includedWith(db, page, request.includes, options);
  const inPart = request.summary !== undefined || request.elements !== undefined;
  const matches = inPart ? page.map((row) => partOf(row, request)) : page;
  return {
    ...pageOf(matches.map(found), included.map(found)),
    ...(total === undefined ? {} : { total }),
    ...(next ? { next: nextPage(query, writeCursor(request.sort, next)) } : {}),
  };
}

const NOTHING = pageOf([], []);

/** Parsed only on use: records that are only served never are. */
function pageOf(matches: readonly Found[], included: readonly Found[]) {
  const reads = { matches: readOnce(matches), included: readOnce(included) };
  return {
    get matches() {
      return reads.matches();
    },
    get included() {
      return reads.included();
    },
    located: { matches, included },
  } satisfies SearchPage;
}

function readOnce(found: readonly Found[]): () => readonly Resource[] {
  let records: readonly Resource[] | undefined;
  return () => (records ??= found.map(({ text }) => parseJson(text) as Resource));
}

function partOf(row: Row, request: SearchRequest): Row {
  return { ...row, content: printJson(subset(parseJson(row.content) as Resource, request)) };
}

function found({ type, id, version, patient, content }: Row): Found {
  return { type, id, version, patient, text: content };
}

async function count(db: Database, request: SearchRequest, reach: SearchReach): Promise<number> {
  const { text, values } = selectCount(request, reach);
  const rows = (await db.query(text, [...values])).rows as { count: number }[];
  return rows[0]!.count;
}

/** A page of matches, and the start of the next one if there is one. */
async function rowsOf(
  db: Database,
  request: SearchRequest,
  reach: SearchReach,
): Promise<{ page: readonly Row[]; next?: Cursor }> {
  const { after, count } = request;
  const page = after?.changed ? [] : await matchesOf(db, selectPage(request, reach));
  const since = after ? after.since : isOrderOfChange(request) ? undefined : seenBy(page);
  if (page.length > count) return upTo(page.slice(0, count), since, false);
  // The end of the order. Records changed since the first page may have moved behind the reader.
  if (!after || since === undefined) return { page };
  const except = page.map(({ id }) => id);
  for (let behind = after.changed ? after : undefined; ; ) {
    const changed = await matchesOf(db, selectChanged(request, reach, { since, after: behind, except, count }));
    for (const match of await movedSince(db, request.type, changed, request.sort, since)) {
      if (page.length === count) return upTo(page, since, page.length > except.length);
      page.push(match);
    }
    if (changed.length <= count) return { page };
    behind = upTo(changed, since, true).next;
  }
}

function upTo(
  page: readonly Match[],
  since: LogSnapshot | undefined,
  changed: boolean,
): { page: readonly Row[]; next: Cursor } {
  const { keys: values, id } = page.at(-1)!;
  return { page, next: { values, id, since, changed } };
}

function seenBy([first]: readonly Match[]): LogSnapshot | undefined {
  return first && { epoch: first.epoch!, text: first.snapshot! };
}

async function matchesOf(db: Database, { text, values }: Statement): Promise<Match[]> {
  return (await db.query(text, [...values])).rows as Match[];
}

/** In that order, a change moves a record to the end by itself. */
function isOrderOfChange({ sort: [first] }: SearchRequest): boolean {
  return first?.parameter.code === '_lastUpdated' && !first.descending;
}

/** The same query, from the end of this page. */
function nextPage(query: string, cursor: string): string {
  const next = new URLSearchParams(query);
  next.delete('_offset');
  next.set('_cursor', cursor);
  return String(next);
}
