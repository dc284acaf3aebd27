// patch: a JSON Patch (RFC 6902) or a FHIRPath Patch to [type]/[id], or to the one record that [type]?criteria matches.

import type { Parameters, Resource, ResourceType } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import type { PatchOperation } from '@chartwire/sdk/internal/kit/draft';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { asksContent, isFhirPathPatch, jsonPatchOf } from '../fhirpath-patch.ts';
import { criteriaKey, matchOne, readCriteria } from '../criteria.ts';
import { ifMatchVersion } from '../headers.ts';
import type { Aim, Desk, FhirRequest, Writing } from '../interaction.ts';
import { localReferences } from '../references.ts';

const Pointer = Type.String({ pattern: '^(/.*)?$', maxLength: 1000 });
const Operation = Type.Union([
  Type.Object({ op: Type.Enum(['add', 'replace', 'test']), path: Pointer, value: Type.Unknown() }),
  Type.Object({ op: Type.Literal('remove'), path: Pointer }),
  Type.Object({ op: Type.Enum(['move', 'copy']), path: Pointer, from: Pointer }),
]);
const JsonPatch = Type.Array(Operation, { maxItems: 1000 });

export const patch: Writing = {
  kind: 'writing',
  keys: () => [],
  aim: (desk, request) => aimAt(desk, request.type, request.id),
  apply,
};

export const conditionalPatch: Writing = {
  kind: 'writing',
  keys: (request) => [criteriaKey(request.type, readCriteria(String(request.query), request.type))],
  async aim(desk, request) {
    // Before the search: its outcome is not for those who may not write.
    desk.draft.require(request.type, 'u');
    const match = await matchOne(desk, request.type, readCriteria(String(request.query), request.type));
    if (!match) throw new Refusal('record.not-found', { reference: `A ${request.type} that the criteria match` });
    return aimAt(desk, request.type, match.id);
  },
  apply,
};

async function aimAt(desk: Desk, type: ResourceType, id: string): Promise<Aim> {
  await desk.draft.claim(type, id, 'u');
  return { action: 'patch', type, id };
}

async function apply(desk: Desk, request: FhirRequest, aim: Aim): Promise<void> {
  const body: unknown = localReferences(request.body, request.type, desk.baseUrl);
  const operations = isFhirPathPatch(body) ? await byPaths(desk, aim, body) : readPatch(body);
  const ifVersion = ifMatchVersion(request.conditions.ifMatch);
  const options = ifVersion === undefined ? {} : { ifVersion };
  await desk.draft.patch(aim.type, aim.id!, operations, options);
}

async function byPaths(desk: Desk, { type, id }: Aim, body: Parameters): Promise<PatchOperation[]> {
  // Whether a condition finds something tells what the record holds.
  if (asksContent(body)) await desk.draft.shown(type, id!);
  const record: Resource | undefined = await desk.draft.claim(type, id!, 'u');
  // Of a record that is not there the draft says so, whatever the operations are.
  return record ? jsonPatchOf(record, body) : [];
}

/** Throws `patch.failed`, which says which operation is not one. */
function readPatch(body: unknown): PatchOperation[] {
  if (Check(JsonPatch, body)) return body satisfies Static<typeof JsonPatch>;
  const wrong = Array.isArray(body) ? body.findIndex((operation) => !Check(Operation, operation)) : -1;
  throw new Refusal('patch.failed', {
    reason: wrong < 0 ? 'it is not a list of operations' : `operation ${wrong} is not an operation of RFC 6902`,
  });
}
