// history of one record and of a type, newest first, page by page.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { historyBundle } from '../bundle/bundle.ts';
import type { Answer, Door, FhirRequest, Reading } from '../interaction.ts';

const DEFAULT_COUNT = 50;
const MAX_COUNT = 1000;

/** `_before` is ours: where the page before this one ended. */
const PARAMETERS = new Set(['_count', '_since', '_before']);

export const instanceHistory: Reading = {
  kind: 'reading',
  async run(door, request) {
    return page(door, request, request.id);
  },
};

export const typeHistory: Reading = {
  kind: 'reading',
  run: (door, request) => page(door, request, undefined),
};

async function page(door: Door, request: FhirRequest, id: string | undefined): Promise<Answer> {
  const { type, query } = request;
  const unknown = [...query.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) {
    throw new Refusal('search.parameter', { parameter: unknown, reason: 'a history takes _count and _since' });
  }
  const count = countOf(query.get('_count'));
  const since = sinceOf(query.get('_since'));
  const before = query.get('_before') ?? undefined;
  const found = await door.reader.history(type, id, {
    count,
    ...(since === undefined ? {} : { since }),
    ...(before === undefined ? {} : { before }),
  });
  const url = `${door.baseUrl}/${type}${id === undefined ? '' : `/${id}`}/_history`;
  const bundle = historyBundle(door.baseUrl, found.versions, {
    self: withQuery(url, query),
    next: found.next && withQuery(url, next(query, found.next)),
  });
  return { status: 200, resource: bundle, patient: found.patient };
}

function next(query: URLSearchParams, before: string): URLSearchParams {
  const following = new URLSearchParams(query);
  following.set('_before', before);
  return following;
}

function withQuery(url: string, query: URLSearchParams): string {
  return query.size === 0 ? url : `${url}?${query}`;
}

function countOf(text: string | null): number {
  if (text === null) return DEFAULT_COUNT;
  if (/^[1-9]\d{0,8}$/.test(text)) return Math.min(Number(text), MAX_COUNT);
  throw new Refusal('search.parameter', { parameter: '_count', reason: 'it must be a whole number from 1' });
}

/** An instant (http://hl7.org/fhir/R4/http.html#history); a date alone means its first moment in UTC. */
function sinceOf(text: string | null): string | undefined {
  if (text === null) return undefined;
  // An unescaped `+` of a time zone arrives as a space.
  const instant = text.replace(' ', '+');
  const shaped = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(instant);
  const time = shaped ? Date.parse(instant) : Number.NaN;
  // A time zone can move the first and the last year out of the calendar that PostgreSQL shares with ISO 8601.
  const year = new Date(time).getUTCFullYear();
  if (year >= 1 && year <= 9999) return new Date(time).toISOString();
  throw new Refusal('search.parameter', {
    parameter: '_since',
    reason: 'it must be an instant such as 2024-05-01T12:00:00Z',
  });
}
