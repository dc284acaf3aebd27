// What delivery itself tells of: events given up, plugins that are given none.

import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';
import type { DraftEvent } from '@chartwire/sdk/internal/kit/event';
import type { PlatformContexts } from '@chartwire/sdk/internal/events/platform';
import type { StoredEvent } from '#store/contract.ts';
import { chainThrough } from './chain.ts';
import type { ClaimedRequest } from './outgoing/requests.ts';
import type { Subscription } from './subscriptions.ts';

/** Who writes what delivery itself does. */
export const DELIVERY: Origin = { actor: { type: 'system', id: 'delivery' }, source: 'system', authority: SYSTEM };

const OF_PLUGINS = ['PLUGIN_DISABLED', 'PLUGIN_QUARANTINED', 'PLUGIN_UPDATED', 'PLUGIN_UNINSTALLED'] as const;

/** Types of events that delivery tells of: giving one of them up is told by its dead letter alone. */
const OWN: ReadonlySet<string> = new Set(['DELIVERY_DEAD', ...OF_PLUGINS]);

/** As /api/deliveries names it: `event~plugin~Handler`. */
export function deliveryId(event: string, subscription: string): string {
  return `${event}~${subscription.replace('/', '~')}`;
}

/** What tells that an event was given up for a handler, and who tells it; undefined for an event of delivery's own. */
export function gaveUp(
  { id: subscription, plugin, handler }: Subscription,
  given: StoredEvent,
  why: { readonly attempts: number; readonly code: string; readonly loop?: string },
): { readonly event: DraftEvent; readonly by: Pick<Origin, 'actor' | 'source' | 'cause' | 'depth'> } | undefined {
  const { id: event, type, patient, mergedInto, depth } = given;
  if (OWN.has(type)) return undefined;
  const delivery = deliveryId(event, subscription);
  const chain = chainThrough(given, { plugin, handler });
  const context: PlatformContexts['DELIVERY_DEAD'] = { delivery, type, event, plugin, handler, ...why, chain };
  const target = { type: 'Delivery', id: delivery };
  return {
    event: { type: 'DELIVERY_DEAD', target, patient: mergedInto ?? patient, context: { ...context } },
    // No effect of a plugin led to it. It is as deep as what was given up: one at the end of the longest chain is told of too.
    by: { actor: DELIVERY.actor, source: DELIVERY.source, cause: null, depth },
  };
}

/** What answers a request that a plugin queued, and who tells it. What the other system said is in the request's row. */
export function requestEnded(
  { id, request, note, cause, depth, attempts }: ClaimedRequest,
  patient: string | null,
  { status, code }: { status: number | null; code: string | undefined },
): { readonly event: DraftEvent; readonly by: Origin } {
  const context = { request: id, tag: request.tag ?? null, attempts: attempts + 1, status };
  const target = { type: 'HttpRequest', id };
  const event =
    code === undefined
      ? { type: 'HTTP_REQUEST_COMPLETED', target, patient, context }
      : { type: 'HTTP_REQUEST_FAILED', target, patient, context: { ...context, code } };
  return { event, by: { ...DELIVERY, note, cause, depth } };
}

/** Tells of a plugin, in a unit of work of its own. */
export async function tellOfPlugin<T extends (typeof OF_PLUGINS)[number]>(
  chart: Chart,
  type: T,
  context: PlatformContexts[T],
): Promise<void> {
  const target = { type: 'Plugin', id: context.plugin };
  await chart.withChart(DELIVERY, async (draft) => draft.emit({ type, target, context: { ...context } }));
}
