// Patient/[id]/$everything: all records of one chart that the token may read, in one page.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { searchset } from '../bundle/bundle.ts';
import type { Reading } from '../interaction.ts';

const PARAMETERS = new Set(['_type', '_since']);

/** http://hl7.org/fhir/R4/patient-operation-everything.html, without `start`, `end` and `_count`. */
export const everything: Reading = {
  kind: 'reading',
  async run(door, request) {
    const { type, id, query } = request;
    if (type !== 'Patient') throw new Refusal('route.unknown', { method: 'GET', path: `${type}/[id]/$everything` });
    const unknown = [...query.keys()].find((name) => !PARAMETERS.has(name));
    if (unknown !== undefined) {
      throw new Refusal('search.parameter', { parameter: unknown, reason: '$everything takes _type and _since' });
    }
    const types = query.get('_type')?.split(',');
    const since = query.has('_since') ? Date.parse(query.get('_since')!) : Number.NEGATIVE_INFINITY;
    if (Number.isNaN(since))
      throw new Refusal('search.parameter', { parameter: '_since', reason: 'it must be an instant' });
    const versions = await door.reader.everything(id, { ...(types && { types }), since });
    const chosen = versions.sort((a, b) => Number(b.type === 'Patient') - Number(a.type === 'Patient'));
    const bundle = searchset({
      baseUrl: door.baseUrl,
      matches: chosen.flatMap(({ type, id, text }) => (text === undefined ? [] : { type, id, text })),
      included: [],
      total: chosen.length,
      links: { self: `${door.baseUrl}/Patient/${id}/$everything${query.size === 0 ? '' : `?${query}`}` },
    });
    return { status: 200, resource: bundle, patient: id };
  },
};
