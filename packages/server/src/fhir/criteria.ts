// Criteria of conditional writes and conditional references: which one record they mean.

import type { Resource, ResourceType } from '@medplum/fhirtypes';
import type { SearchResult } from '#chart/contract.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { searchParameter } from '#r4/search-parameters.ts';
import { isText } from './body.ts';
import type { Desk, Door } from './interaction.ts';
import { readQuery } from './query.ts';

/** Parameters that shape an answer rather than choose records. */
const SHAPING =
  /^_(count|sort|include|revinclude|summary|elements|total|contained|containedType|offset|cursor|format|pretty)(:|$)/;

const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i;

/**
 * Reads criteria for records of a type, as clients write them: `identifier=http://x|1`, `?identifier=...`,
 * `Patient?identifier=...` or a whole address. Throws when they choose nothing, records of another type, or records of a
 * server other than that of `baseUrl`.
 */
export function readCriteria(text: string, type: string, baseUrl?: string): URLSearchParams {
  // A `=` before the `?` is that of a parameter, whose value holds the `?`.
  const [, address = '', query = ''] = /^(?:([^?=]*)\?)?(.*)$/s.exec(text.trim()) ?? [];
  const named = address.split('/').at(-1)!;
  if (named !== '' && named !== type) {
    throw new Refusal('search.parameter', { parameter: '(all)', reason: `they are not for ${type} records` });
  }
  // Records of another server say nothing about ours.
  if (baseUrl !== undefined && ABSOLUTE.test(address) && address !== `${baseUrl}/${type}`) {
    const reason = `they are of another server: send them without an address, or with ${baseUrl}/${type}`;
    throw new Refusal('search.parameter', { parameter: '(all)', reason });
  }
  const criteria = readQuery(query);
  const shaping = [...criteria.keys()].find((name) => SHAPING.test(name));
  if (shaping !== undefined) {
    throw new Refusal('search.parameter', { parameter: shaping, reason: 'it does not choose a record' });
  }
  if (![...criteria.values()].some((value) => value.trim() !== '')) {
    throw new Refusal('search.parameter', { parameter: '(none)', reason: 'a conditional request needs criteria' });
  }
  return criteria;
}

/** The same for criteria that differ only in order and escaping. */
export function criteriaKey(type: string, criteria: URLSearchParams): string {
  const sorted = new URLSearchParams(criteria);
  sorted.sort();
  return `${type}?${sorted}`;
}

/**
 * The record that the criteria match, as the draft and the rest of its transaction would leave it; undefined when none
 * does. What a token cannot reach does not match. Throws `record.multiple-matches`.
 */
export async function matchOne(
  desk: Desk,
  type: ResourceType,
  criteria: URLSearchParams,
): Promise<(Resource & { id: string }) | undefined> {
  const found = await searchWithin(desk, type, criteria);
  const matches: (Resource & { id: string })[] = [
    ...(desk.pending?.matching(type, String(localQuery(desk, type, criteria))) ?? []),
  ];
  for (const { id } of found.matches) {
    if (id === undefined || desk.pending?.holds(type, id)) continue;
    // Searches still find what the draft has deleted.
    const resource: Resource | undefined = await desk.draft.read(type, id);
    if (resource) matches.push({ ...resource, id });
  }
  const meant = matches.length > 1 ? await withoutMerged(desk, type, matches) : matches;
  if (meant.length > 1) throw new Refusal('record.multiple-matches', { count: meant.length });
  return meant[0];
}

/** Of a patient whose chart was merged and of the one who stays, who has their identifiers too, the latter is meant. */
async function withoutMerged<R extends { readonly id: string }>(
  { draft }: Desk,
  type: ResourceType,
  matches: readonly R[],
): Promise<readonly R[]> {
  if (type !== 'Patient') return matches;
  const merged = await draft.merges.survivors(matches.map(({ id }) => id));
  const staying = matches.filter(({ id }) => !merged.has(id));
  return staying.length > 0 ? staying : matches;
}

/** A search. Throws `search.parameter` for unsupported text. */
export function searchWithin(door: Door, type: ResourceType, query: URLSearchParams): Promise<SearchResult> {
  for (const [name, value] of query) {
    if (!isText(name + value)) throw new Refusal('search.parameter', { parameter: '(one)', reason: 'it holds a NUL' });
  }
  return door.reader.search(type, String(localQuery(door, type, query)));
}

/** References to records of this server are kept relative (references.ts), so they are looked for so. */
function localQuery({ baseUrl }: Door, type: string, query: URLSearchParams): URLSearchParams {
  const isReference = (name: string): boolean => searchParameter(type, name.split(':')[0]!)?.type === 'reference';
  const local = new URLSearchParams();
  for (const [name, value] of query)
    local.append(name, isReference(name) ? value.replaceAll(`${baseUrl}/`, '') : value);
  return local;
}
