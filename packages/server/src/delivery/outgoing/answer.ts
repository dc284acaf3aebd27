// The event that answers a request, as the handler has it: the log holds what became of the request, its row what the other
// system said, which only the plugin that asked is given.

import { PRIVATE_EVENTS } from '@chartwire/sdk/internal/events/catalogue';
import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import type { Requests } from './requests.ts';

const PRIVATE: ReadonlySet<string> = new Set(PRIVATE_EVENTS);

/** Whether an event of the log is for handlers of a plugin at all: a private one is for the plugin that caused it. */
export function isFor(plugin: string, { type, cause }: Pick<EventEnvelope, 'type' | 'cause'>): boolean {
  return !PRIVATE.has(type) || cause?.plugin === plugin;
}

/** The same of an event `e` and a subscription `s`, in SQL. */
export const IS_FOR = `(e.type <> ALL ('{${PRIVATE_EVENTS.join(',')}}') OR e.cause->>'plugin' = s.plugin)`;

export async function withAnswer<E extends EventEnvelope>(requests: Pick<Requests, 'answerOf'>, event: E): Promise<E> {
  if (!PRIVATE.has(event.type)) return event;
  const answer = await requests.answerOf(event.target.id);
  return { ...event, context: { ...event.context, headers: answer?.headers ?? {}, body: answer?.body ?? null } };
}
