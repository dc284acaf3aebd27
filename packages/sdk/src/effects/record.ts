// Records: any R4 resource within the plugin's scopes, written as by a FHIR client.

import { type TProperties, Type } from 'typebox';
import type { PatchOperation } from '#kit/draft.ts';
import { Refusal } from '#kit/errors.ts';
import { choice, closed, fhirId } from '#kit/schema.ts';
import { isR4ResourceType, type R4Resource, type R4ResourceType } from '#records/resource-types.ts';
import { defineEffect, needs } from './definition.ts';

/** Structure, bindings, and references are checked with the rest of the unit of work. */
function resource<R extends R4Resource>(properties: TProperties, description: string) {
  return Type.Unsafe<R>(Type.Object({ resourceType: Type.String(), ...properties }, { description }));
}

const Operation = closed({
  op: choice(['add', 'remove', 'replace', 'move', 'copy', 'test']),
  path: Type.String({ description: 'a JSON pointer, as /status or /note/-' }),
  from: Type.Optional(Type.String()),
  value: Type.Optional(Type.Unknown()),
});

export const CreateRecord = defineEffect({
  type: 'CREATE_RECORD',
  summary: 'Adds a record of any R4 type.',
  writes: 'The resource; with an id of its own unless it brings one, which must be free.',
  payload: closed({ resource: resource<R4Resource>({}, 'the whole R4 resource') }),
  example: {
    resource: {
      resourceType: 'Goal',
      lifecycleStatus: 'active',
      subject: { reference: 'Patient/p1' },
      description: { text: 'Walk 30 minutes a day' },
    },
  },
  scopes: ({ resource: { resourceType } }) => needs(resourceType, 'c'),
  async apply({ resource }, draft) {
    const type = known(resource.resourceType);
    if (resource.id && (await draft.read(type, resource.id))) throw taken(type, resource.id);
    const { id } = draft.create(resource);
    return [`${type}/${id}`];
  },
});

export const UpdateRecord = defineEffect({
  type: 'UPDATE_RECORD',
  summary:
    'Replaces a record. With `meta.versionId`, as a record that was read has, only if it is still at that version.',
  writes: 'The resource, as its next version.',
  payload: closed({
    resource: resource<R4Resource & { id: string }>({ id: Type.String() }, 'the whole R4 resource, with its id'),
  }),
  example: {
    resource: {
      resourceType: 'Goal',
      id: 'g1',
      lifecycleStatus: 'completed',
      subject: { reference: 'Patient/p1' },
      description: { text: 'Walk 30 minutes a day' },
    },
  },
  scopes: ({ resource: { resourceType } }) => needs(resourceType, 'u'),
  async apply({ resource }, draft) {
    const type = known(resource.resourceType);
    const name = `${type}/${resource.id}`;
    const current = await draft.read(type, resource.id);
    if (!current) throw new Refusal('record.not-found', { reference: name });
    const seen = resource.meta?.versionId;
    const actual = current.meta?.versionId;
    // A conflict is worth a retry: the handler will read the new version.
    if (seen !== undefined && actual !== undefined && seen !== actual) {
      throw new Refusal('record.conflict', { reference: name, actual });
    }
    await draft.update(resource);
    return [name];
  },
});

export const PatchRecord = defineEffect({
  type: 'PATCH_RECORD',
  summary: 'Changes elements of a record by JSON Patch (RFC 6902); what is not named stays.',
  writes: 'The record with the operations done, in order.',
  payload: closed({
    type: Type.Unsafe<R4ResourceType>(Type.String({ description: 'an R4 resource type' })),
    id: fhirId('of the record'),
    patch: Type.Unsafe<PatchOperation[]>(Type.Array(Operation, { minItems: 1, maxItems: 1000 })),
  }),
  example: { type: 'Appointment', id: 'a1', patch: [{ op: 'replace', path: '/status', value: 'arrived' }] },
  scopes: ({ type }) => needs(type, 'u'),
  async apply({ type, id, patch }, draft) {
    await draft.patch(known(type), id, patch);
    return [`${type}/${id}`];
  },
});

function known(type: string): R4ResourceType {
  if (!isR4ResourceType(type)) throw new Refusal('record.unknown-type', { type });
  return type;
}

function taken(type: string, id: string): Refusal {
  return new Refusal('effect.refused', { type: 'CREATE_RECORD', reason: `${type}/${id} exists already` });
}
