// delete: DELETE [type]/[id], or the one record that [type]?criteria matches. What is gone already stays gone.

import type { ResourceType } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { criteriaKey, matchOne, readCriteria } from '../criteria.ts';
import { ifMatchVersion } from '../headers.ts';
import type { Aim, Desk, FhirRequest, Writing } from '../interaction.ts';

export const remove: Writing = {
  kind: 'writing',
  keys: () => [],
  aim: (desk, request) => aimAt(desk, request.type, request.id),
  apply,
};

/** http://hl7.org/fhir/R4/http.html#2.1.0.7.1: more than one match is refused (CapabilityStatement: `single`). */
export const conditionalDelete: Writing = {
  kind: 'writing',
  keys: (request) => [criteriaKey(request.type, readCriteria(String(request.query), request.type))],
  async aim(desk, request) {
    desk.draft.require(request.type, 'd');
    const match = await matchOne(desk, request.type, readCriteria(String(request.query), request.type));
    return match ? aimAt(desk, request.type, match.id) : { action: 'none', type: request.type, id: undefined };
  },
  apply,
};

async function aimAt(desk: Desk, type: ResourceType, id: string): Promise<Aim> {
  const before = await desk.draft.claim(type, id, 'd');
  // Whoever is bound to one patient isn't told whether another patient's record exists: there is nothing for them to delete.
  const isHidden = desk.access.patient !== null && (await desk.draft.versionOf(type, id)) === 0;
  if (isHidden) throw new Refusal('record.not-found', { reference: `${type}/${id}` });
  if (!before) return { action: 'none', type, id: undefined };
  return { action: 'delete', type, id };
}

async function apply(desk: Desk, request: FhirRequest, aim: Aim): Promise<void> {
  if (aim.action === 'none') return;
  const ifVersion = ifMatchVersion(request.conditions.ifMatch);
  await desk.draft.delete(aim.type, aim.id!, ifVersion === undefined ? {} : { ifVersion });
}
