// What a plugin is given without asking: the records that its events are about. Installing it allows that, so
// administrators see them beside its scopes.

import { type EventDefinition, eventByType } from '@chartwire/sdk/internal/events/catalogue';
import type { HandlerInfo } from '#plugin-host/contract.ts';

/** Targets that are no records. */
const WITHOUT_RECORD: ReadonlySet<string> = new Set(['Clock', 'Delivery', 'Plugin']);

/** Types of the records whose contents come with the events that the handlers respond to, sorted. */
export function receivedTypes(handlers: readonly Pick<HandlerInfo, 'respondsTo'>[]): string[] {
  const types = handlers.flatMap(({ respondsTo }) =>
    respondsTo.flatMap((type) => {
      const event = eventByType(type);
      return event ? typesIn(event) : [];
    }),
  );
  return [...new Set(types)].toSorted();
}

function typesIn({ origin, target }: EventDefinition): string[] {
  if (origin.of === 'platform') return WITHOUT_RECORD.has(target) ? [] : [target];
  if (origin.of !== 'record') return ['Command'];
  const { resource, transitions = {} } = origin.record;
  return [transitions[origin.moment]?.on ?? resource];
}
