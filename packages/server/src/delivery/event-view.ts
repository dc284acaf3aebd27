// An event as handlers, webhooks and people see it: the envelope, with its context put together from the record's versions.

import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import { changedFields, noteDetail } from '@chartwire/sdk/internal/events/entries';
import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import { JsonText } from '@chartwire/sdk/internal/kit/json/print';
import type { Change } from '@chartwire/sdk/internal/kit/record-kind';
import type { EntryOf, EntryType } from '@chartwire/sdk/internal/records/chart-record';
import type { StoredEvent } from '#store/contract.ts';

/** An event with its place in the log: an opaque word to continue after it. */
export type EventView = EventEnvelope<string, Record<string, unknown>> & { readonly cursor: string };

/** For handlers, who look into records. */
export function viewOf(event: StoredEvent): EventEnvelope<string, Record<string, unknown>> {
  return view(event, event.after, event.before);
}

/** For whoever hands it on as JSON: records are texts, as they are stored. */
export function servedView(event: StoredEvent): EventEnvelope<string, Record<string, unknown>> {
  if (event.record?.type === 'Command') return viewOf(event);
  const { after, before } = event.texts;
  return view(event, after === null ? null : new JsonText(after), before === null ? null : new JsonText(before));
}

function view(event: StoredEvent, after: unknown, before: unknown): EventEnvelope<string, Record<string, unknown>> {
  return {
    id: event.id,
    type: event.type,
    target: event.target,
    patient: event.patient,
    note: event.note,
    actor: event.actor,
    source: event.source,
    at: event.at,
    chartVersion: event.chartVersion,
    cause: event.cause,
    depth: event.depth,
    context: contextOf(event, after, before),
  };
}

/** A record that was deleted is shown as it last was. */
function contextOf(event: StoredEvent, after: unknown, before: unknown): Record<string, unknown> {
  switch (event.record?.type) {
    case undefined:
      return { ...event.detail };
    case 'Command':
      return { ...commandContext(event), ...event.detail };
    case 'Note':
      return { note: after ?? before, ...changedIn(event, after, before), ...noteContext(event), ...event.detail };
    default:
      return { record: after ?? before, ...changedIn(event, after, before), ...event.detail };
  }
}

function changedIn({ changed }: StoredEvent, after: unknown, before: unknown): Record<string, unknown> {
  return { ...(after && before ? { previous: before } : {}), changed };
}

/** The note or command that an event's `record` names the type of, as it was and as it became. */
function changeOf<T extends EntryType>({ before, after }: StoredEvent): Change<EntryOf<T>> {
  return { before: before as EntryOf<T> | null, after: after as EntryOf<T> | null };
}

function noteContext(event: StoredEvent): object {
  const { before, after } = changeOf<'Note'>(event);
  return noteDetail(event.type, before, after);
}

function commandContext(event: StoredEvent): Record<string, unknown> {
  const { before, after } = changeOf<'Command'>(event);
  const entry = (after ?? before)!;
  const { id, command: key, state, note, patient, fields, enteredInError } = entry;
  const origin = eventByType(event.type)?.origin;
  const operation = origin?.of === 'command' ? origin.operation : undefined;
  return {
    command: { id, key, state, version: event.record!.version },
    note,
    patient,
    fields,
    ...(operation === 'UPDATE' && before
      ? { previous: before.fields, changed: changedFields(before.fields, fields) }
      : {}),
    ...(operation === 'COMMIT' || operation === 'ENTER_IN_ERROR' ? { made: entry.made } : {}),
    ...(operation === 'ENTER_IN_ERROR' && enteredInError?.reason ? { reason: enteredInError.reason } : {}),
    ...(operation === 'EXECUTE_ACTION' ? { action: entry.actions.at(-1)?.action } : {}),
  };
}
