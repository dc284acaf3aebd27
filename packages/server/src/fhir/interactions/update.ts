// update: PUT [type]/[id], which also creates under the client's id, and PUT [type]?criteria.

import type { ResourceType } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { criteriaKey, matchOne, readCriteria } from '../criteria.ts';
import { ifMatchVersion } from '../headers.ts';
import type { Aim, Desk, FhirRequest, Writing } from '../interaction.ts';
import { localReferences } from '../references.ts';
import { resourceOf } from './resource-body.ts';

export const update: Writing = {
  kind: 'writing',
  keys: () => [],
  async aim(desk, request) {
    const { id } = resourceOf(request);
    if (id !== request.id) {
      throw new Refusal('record.identity', {
        reason: id === undefined ? 'the body has no id' : 'the id of the body is not the id of the address',
      });
    }
    return aimAt(desk, request, request.type, request.id);
  },
  apply,
};

export const conditionalUpdate: Writing = {
  kind: 'writing',
  keys: (request) => [criteriaKey(request.type, readCriteria(String(request.query), request.type))],
  async aim(desk, request) {
    // Before the search: its outcome is not for those who may not write.
    desk.draft.require(request.type, 'u');
    const { type } = request;
    const { id } = resourceOf(request);
    const match = await matchOne(desk, type, readCriteria(String(request.query), request.type));
    if (match && id !== undefined && id !== match.id) {
      throw new Refusal('record.identity', { reason: 'the criteria match a record with another id than the body has' });
    }
    if (!match && id !== undefined && (await desk.draft.read(type, id))) {
      throw new Refusal('record.identity', { reason: 'the record that the body names does not match the criteria' });
    }
    return aimAt(desk, request, type, match?.id ?? id ?? desk.draft.newId());
  },
  apply,
};

async function aimAt(desk: Desk, request: FhirRequest, type: ResourceType, id: string): Promise<Aim> {
  const before = await desk.draft.claim(type, id, 'u');
  if (!before) {
    desk.draft.require(type, 'c');
    return { action: 'create', type, id };
  }
  if (request.conditions.ifNoneMatch?.trim() === '*')
    throw new Refusal('record.exists', { reference: `${type}/${id}` });
  return { action: 'update', type, id };
}

async function apply(desk: Desk, request: FhirRequest, aim: Aim): Promise<void> {
  const resource = { ...localReferences(resourceOf(request), request.type, desk.baseUrl), id: aim.id! };
  const ifVersion = ifMatchVersion(request.conditions.ifMatch);
  await desk.draft.update(resource, ifVersion === undefined ? {} : { ifVersion });
}
