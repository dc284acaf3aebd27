// Derives events from the change of a record. API handlers never name an event, so none can be forgotten.

import type { Resource, ResourceType } from '@medplum/fhirtypes';
import type { DraftEvent } from '#kit/event.ts';
import type { Change, Occurrence, Transition } from '#kit/record-kind.ts';
import { kindOfRecord, RECORD_KINDS } from '#records/index.ts';
import { isR4Resource } from '#records/resource-types.ts';

export { changedPaths } from './changed-paths.ts';

/** Transitions by the type of record that they watch. */
const transitionsOn = new Map<
  ResourceType,
  { type: string; prefix: string; elsewhere: boolean; transition: Transition }[]
>();
for (const { prefix, resource, transitions } of RECORD_KINDS) {
  for (const [name, transition] of Object.entries(transitions ?? {})) {
    const on = transition.on ?? resource;
    const entry = { type: `${prefix}_${name}`, prefix, elsewhere: on !== resource, transition };
    transitionsOn.set(on, [...(transitionsOn.get(on) ?? []), entry]);
  }
}

/**
 * The events of a record's change, provided that something changed (`changedPaths`): CREATED, UPDATED, or DELETED of its kind,
 * then its transitions in declaration order. A record that changes kind is UPDATED as its new kind. The record, and its notes,
 * must have ids.
 */
export function deriveEvents({ before, after }: Change): DraftEvent[] {
  const record = after ?? before;
  if (record === null) return [];
  if (!isR4Resource(record)) throw new Error(`${record.resourceType} is not an R4 resource type`);
  const { prefix } = kindOfRecord(record);
  const itself = { type: record.resourceType, id: idOf(record) };
  const events: DraftEvent[] = [{ type: `${prefix}_${momentOf({ before, after })}`, target: itself }];
  for (const { type, transition, elsewhere, ...entry } of transitionsOn.get(record.resourceType) ?? []) {
    if (!elsewhere && entry.prefix !== prefix) continue;
    for (const { target = itself, detail } of occurrences(transition.when({ before, after }))) {
      events.push({ type, target, ...(detail && { context: { ...detail } }) });
    }
  }
  return events;
}

function momentOf({ before, after }: Change): 'CREATED' | 'UPDATED' | 'DELETED' {
  if (before === null) return 'CREATED';
  return after === null ? 'DELETED' : 'UPDATED';
}

function occurrences(answer: boolean | readonly Occurrence[]): readonly Occurrence[] {
  if (typeof answer === 'boolean') return answer ? [{}] : [];
  return answer;
}

function idOf(record: Resource): string {
  if (record.id === undefined) throw new Error(`a ${record.resourceType} without an id cannot have events`);
  return record.id;
}
