// An event emitted by hand, made as whole as a real one: handlers rely on what a context of its type holds.

import type { ChartReader } from '#chart/contract.ts';
import type { EventDefinition } from '@chartwire/sdk/internal/events/catalogue';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';

/** Refuses what nobody would be given, and what lacks what its handlers rely on. */
export async function byHand(
  { kind, type, origin }: EventDefinition,
  event: DraftEvent,
  reader: Pick<ChartReader, 'current'>,
): Promise<DraftEvent> {
  if (kind !== 'notice') {
    throw invalid(`${type} is a question, asked while somebody waits for the answer: do what it is asked about`);
  }
  if (type === 'CRON') return ofNow(event);
  if (event.context?.record !== undefined) return event;
  const current = await reader.current(event.target.type, event.target.id);
  const patient = event.patient ?? current?.patient ?? null;
  if (origin.of !== 'record') return { ...event, patient };
  if (!current?.record) {
    throw invalid(
      `${type} is about a record: name an existing record as its target, or give its context with a record`,
    );
  }
  return { ...event, patient, context: { record: current.record, changed: [], ...event.context } };
}

/** As the clock tells it, of the minute under way. */
function ofNow({ context, ...event }: DraftEvent): DraftEvent {
  const minute = context?.minute ?? new Date(new Date().setUTCSeconds(0, 0)).toISOString();
  return { ...event, target: { type: 'Clock', id: String(minute) }, context: { ...context, minute } };
}

function invalid(reason: string): Refusal {
  return new Refusal('request.invalid', { reason });
}
