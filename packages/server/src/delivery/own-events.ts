// What delivery itself tells of: events given up, plugins that are given none.

import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import type { PlatformContexts } from '@chartwire/sdk/internal/events/platform';
import type { StoredEvent } from '#store/contract.ts';
import type { Subscription } from './subscriptions.ts';

const DELIVERY: Origin = { actor: { type: 'system', id: 'delivery' }, source: 'system', authority: SYSTEM };

/** Types of events that delivery tells of: giving one of them up is told by its dead letter alone. */
const OWN: ReadonlySet<string> = new Set(['DELIVERY_DEAD', 'PLUGIN_DISABLED', 'PLUGIN_QUARANTINED']);

/** What tells that an event was given up for a handler, and who tells it; undefined for an event of delivery's own. */
export function gaveUp(
  { id: subscription, plugin, handler }: Subscription,
  { id: event, type, patient, mergedInto, depth }: StoredEvent,
  { attempts, code }: { attempts: number; code: string },
): { readonly event: DraftEvent; readonly by: Pick<Origin, 'actor' | 'source' | 'cause' | 'depth'> } | undefined {
  if (OWN.has(type)) return undefined;
  const delivery = `${event}~${subscription.replace('/', '~')}`;
  const context: PlatformContexts['DELIVERY_DEAD'] = { delivery, type, event, plugin, handler, attempts, code };
  const target = { type: 'Delivery', id: delivery };
  return {
    event: { type: 'DELIVERY_DEAD', target, patient: mergedInto ?? patient, context: { ...context } },
    // No effect of a plugin led to it. It is as deep as what was given up: a chain that is too deep is told of too.
    by: { actor: DELIVERY.actor, source: DELIVERY.source, cause: null, depth },
  };
}

/** Tells of a plugin, in a unit of work of its own. */
export async function tellOfPlugin<T extends 'PLUGIN_DISABLED' | 'PLUGIN_QUARANTINED'>(
  chart: Chart,
  type: T,
  context: PlatformContexts[T],
): Promise<void> {
  const target = { type: 'Plugin', id: context.plugin };
  await chart.withChart(DELIVERY, async (draft) => draft.emit({ type, target, context: { ...context } }));
}
