// An event as handlers, webhooks and people see it: the envelope, with its context put together from the record's versions.

import type { EventEnvelope } from '#kit/event.ts';
import type { StoredEvent } from '#store/contract.ts';

export function viewOf(event: StoredEvent): EventEnvelope<string, Record<string, unknown>> {
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
    context: contextOf(event),
  };
}

/** A record that was deleted is shown as it last was. */
function contextOf(event: StoredEvent): Record<string, unknown> {
  if (!event.record) return { ...event.detail };
  const record = event.after ?? event.before;
  return {
    record,
    ...(event.after && event.before ? { previous: event.before } : {}),
    changed: event.changed,
    ...event.detail,
  };
}
