// Patient/[id]/$everything: all records of one chart that the token may read, in one page.

import { Refusal } from '#kit/errors.ts';
import { searchset } from '../bundle/bundle.ts';
import type { Reading } from '../interaction.ts';
import { requirePermission, requireReach } from '../permission.ts';

const PARAMETERS = new Set(['_type', '_since']);

/** http://hl7.org/fhir/R4/patient-operation-everything.html, without `start`, `end` and `_count`. */
export const everything: Reading = {
  kind: 'reading',
  async run(door, request) {
    const { type, id, query } = request;
    if (type !== 'Patient') throw new Refusal('route.unknown', { method: 'GET', path: `${type}/[id]/$everything` });
    requirePermission(door.access, 'Patient', 'r');
    const unknown = [...query.keys()].find((name) => !PARAMETERS.has(name));
    if (unknown !== undefined) {
      throw new Refusal('search.parameter', { parameter: unknown, reason: '$everything takes _type and _since' });
    }
    const patient = await door.chart.current('Patient', id);
    if (!patient) throw new Refusal('record.not-found', { reference: `Patient/${id}` });
    requireReach(door.access, patient.id);
    if (!patient.resource) throw new Refusal('record.deleted', { reference: `Patient/${id}` });
    const types = query.get('_type')?.split(',');
    const since = query.has('_since') ? Date.parse(query.get('_since')!) : Number.NEGATIVE_INFINITY;
    if (Number.isNaN(since))
      throw new Refusal('search.parameter', { parameter: '_since', reason: 'it must be an instant' });
    // The newest state of a chart is its state as of the last version it could ever have.
    const versions = await door.chart.asOf(id, Number.MAX_SAFE_INTEGER);
    const chosen = versions
      .filter(({ type }) => door.access.scopes.allows(type, 'r') && (types?.includes(type) ?? true))
      .filter(({ at }) => Date.parse(at) >= since)
      .sort((a, b) => Number(b.type === 'Patient') - Number(a.type === 'Patient'));
    const bundle = searchset({
      baseUrl: door.baseUrl,
      matches: chosen.flatMap(({ resource }) => resource ?? []),
      included: [],
      total: chosen.length,
      links: { self: `${door.baseUrl}/Patient/${id}/$everything${query.size === 0 ? '' : `?${query}`}` },
    });
    return { status: 200, resource: bundle, patient: id };
  },
};
