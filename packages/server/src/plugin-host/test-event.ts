// The event that a plugin's test delivers, with missing members filled in as by the server.

import type { Resource } from '@medplum/fhirtypes';
import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import type { Actor, EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import { patientOf } from '#r4/search-index.ts';

type Given = Partial<Omit<EventEnvelope, 'context'>> & { readonly context?: object };

/** `about` is the record that the event is about, if the test has it. */
export function wholeEvent(id: string, type: string, given: Given, about: Resource | undefined): EventEnvelope {
  const actor: Actor = given.actor ?? { type: 'user', id: 'test' };
  const place = about ? placeOf(about) : commandPlace(type, given, actor);
  return {
    id,
    type,
    actor,
    source: 'api',
    at: new Date().toISOString(),
    chartVersion: null,
    cause: null,
    depth: 0,
    ...place,
    ...given,
    context: { ...place.context, ...given.context },
  };
}

type Place = Pick<EventEnvelope, 'target' | 'patient' | 'note'> & { readonly context: object };

function placeOf(record: Resource): Place {
  return {
    target: { type: record.resourceType, id: record.id! },
    patient: patientOf(record),
    note: null,
    context: { record, changed: [record.resourceType] },
  };
}

/** For events about commands: an empty command, staged in a note. */
function commandPlace(type: string, given: Given, user: Actor): Place {
  const origin = eventByType(type)?.origin;
  if (origin?.of !== 'command' && origin?.of !== 'field') {
    return { target: { type: '', id: '' }, patient: null, note: null, context: {} };
  }
  const { patient = 'patient', note = 'note' } = given;
  const command = {
    id: given.target?.id ?? 'command',
    key: origin.command?.key ?? 'plan',
    state: 'staged',
    version: 1,
  };
  const search =
    origin.of === 'field'
      ? { field: origin.field, user, query: '', results: origin.moment === 'POST_SEARCH' ? [] : null }
      : {};
  return {
    target: { type: 'Command', id: command.id, version: 1 },
    patient,
    note,
    context: { command, note, patient, fields: {}, ...search },
  };
}
