// An event as handlers, webhooks and people see it: the envelope, with its context put together from the record's versions.

import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import { changedFields, noteDetail } from '@chartwire/sdk/internal/events/entries';
import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import { JsonText } from '@chartwire/sdk/internal/kit/json/print';
import type { CommandEntry } from '@chartwire/sdk/internal/records/command-entry';
import type { Note } from '@chartwire/sdk/internal/records/note';
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
  if (!event.record) return { ...event.detail };
  const { type } = event.record;
  if (type === 'Command') return { ...commandContext(event), ...event.detail };
  return {
    [type === 'Note' ? 'note' : 'record']: after ?? before,
    ...(after && before ? { previous: before } : {}),
    changed: event.changed,
    ...(type === 'Note' ? noteDetail(event.type, event.before as Note | null, event.after as Note | null) : {}),
    ...event.detail,
  };
}

function commandContext(event: StoredEvent): Record<string, unknown> {
  // A record of type Command is a command: chart/entry.ts writes it.
  const after = event.after as unknown as CommandEntry | null;
  const before = event.before as unknown as CommandEntry | null;
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
