// read and vread: one record, in its current or an earlier version.

import type { Resource } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { type Parts, readElements, readSummary, subset } from '#r4/subset.ts';
import type { StoredVersion } from '#store/contract.ts';
import { noneMatches, notModifiedSince } from '../headers.ts';
import { type Answer, type FhirRequest, type Reading, servedVersion } from '../interaction.ts';

export const read: Reading = {
  kind: 'reading',
  async run(door, request) {
    const found = await door.reader.current(request.type, request.id);
    return answer(found, `${request.type}/${request.id}`, request);
  },
};

export const vread: Reading = {
  kind: 'reading',
  async run(door, request) {
    const { type, id, version } = request;
    const found = await door.reader.version(type, id, versionNumber(version));
    return answer(found, `${type}/${id}/_history/${version}`, request);
  },
};

function answer(
  found: StoredVersion<Resource> | undefined,
  reference: string,
  { conditions, query }: FhirRequest,
): Answer {
  const parts = partsIn(query);
  if (!found) throw new Refusal('record.not-found', { reference });
  const resource = servedVersion(found);
  if (!resource) throw new Refusal('record.deleted', { reference });
  const known = { version: found, patient: found.patient };
  // If-None-Match decides alone where both are sent (RFC 9110 section 13.2.2).
  const unchanged =
    conditions.ifNoneMatch === undefined
      ? notModifiedSince(conditions.ifModifiedSince, found.at)
      : noneMatches(conditions.ifNoneMatch, found.version);
  if (unchanged) return { status: 304, ...known };
  return { status: 200, resource: parts ? subset(found.record!, parts) : resource, ...known };
}

/** The part of the record that `_summary` or `_elements` asks for; undefined for all of it. */
function partsIn(query: URLSearchParams): Parts | undefined {
  const summary = readSummary(query.get('_summary') ?? undefined);
  if (summary === 'count')
    throw new Refusal('search.parameter', { parameter: '_summary', reason: 'one record is not counted' });
  const elements = readElements(query.get('_elements') || undefined);
  return summary || elements ? { summary, elements } : undefined;
}

/** Version ids are whole numbers from 1; a 32-bit column holds them. No record has a version 0. */
function versionNumber(text: FhirRequest['version']): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}
