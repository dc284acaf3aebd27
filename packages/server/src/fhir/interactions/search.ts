// search: GET [type]?..., and POST [type]/_search with the parameters in a form.

import { searchset } from '../bundle/bundle.ts';
import { searchWithin } from '../criteria.ts';
import { endedCharts } from '../ended-charts.ts';
import type { Answer, Door, FhirRequest, Reading } from '../interaction.ts';
import { warningOutcome } from '../outcome.ts';
import { heeded } from '../search-handling.ts';

export const search: Reading = {
  kind: 'reading',
  run: (door, request) => answer(door, request, request.query),
};

export const searchByForm: Reading = {
  kind: 'reading',
  run(door, request) {
    const form = request.body instanceof URLSearchParams ? request.body : [];
    return answer(door, request, new URLSearchParams([...request.query, ...form]));
  },
};

async function answer(door: Door, { type, handling }: FhirRequest, given: URLSearchParams): Promise<Answer> {
  for (const name of ['_format', '_pretty']) given.delete(name);
  const { query, passed } = heeded(type, given, handling);
  const page = await searchWithin(door, type, query);
  const warnings = [...passed, ...(await endedCharts(door, type, query))];
  const url = `${door.baseUrl}/${type}`;
  const bundle = searchset({
    baseUrl: door.baseUrl,
    matches: page.located.matches,
    included: page.located.included,
    total: page.total,
    outcome: warnings.length > 0 ? warningOutcome(warnings) : undefined,
    links: {
      self: query.size === 0 ? url : `${url}?${query}`,
      next: page.next === undefined ? undefined : `${url}?${page.next}`,
    },
  });
  return { status: 200, resource: bundle, patient: door.access.patient };
}
