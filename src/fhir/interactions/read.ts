// read and vread: one record, as it is or as it was.

import { Refusal } from '#kit/errors.ts';
import type { StoredVersion } from '#store/contract.ts';
import { noneMatches, notModifiedSince } from '../headers.ts';
import type { Answer, Conditions, FhirRequest, Reading } from '../interaction.ts';

export const read: Reading = {
  kind: 'reading',
  async run(door, request) {
    const found = await door.reader.current(request.type, request.id);
    return answer(found, `${request.type}/${request.id}`, request.conditions);
  },
};

export const vread: Reading = {
  kind: 'reading',
  async run(door, request) {
    const { type, id, version } = request;
    const found = await door.reader.version(type, id, versionNumber(version));
    return answer(found, `${type}/${id}/_history/${version}`, request.conditions);
  },
};

function answer(found: StoredVersion | undefined, reference: string, conditions: Conditions): Answer {
  if (!found) throw new Refusal('record.not-found', { reference });
  if (!found.resource) throw new Refusal('record.deleted', { reference });
  const known = { version: found, patient: found.patient };
  // If-None-Match decides alone where both are sent (RFC 9110 section 13.2.2).
  const unchanged =
    conditions.ifNoneMatch === undefined
      ? notModifiedSince(conditions.ifModifiedSince, found.at)
      : noneMatches(conditions.ifNoneMatch, found.version);
  return unchanged ? { status: 304, ...known } : { status: 200, resource: found.resource, ...known };
}

/** Version ids are whole numbers from 1; a 32-bit column holds them. No record has a version 0. */
function versionNumber(text: FhirRequest['version']): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}
