// What led to an event, handler by handler: kept in the cause of each event, so that nobody has to follow the log back.

import type { Chain, ChainStep } from '@chartwire/sdk/internal/kit/event';
import type { StoredEvent } from '#store/contract.ts';
import { type Subscription, subscriptionId } from './subscriptions.ts';

type Handler = Pick<Subscription, 'plugin' | 'handler'>;

/** Of an event that earlier versions wrote, what came before its cause is not known. */
export function chainOf({ id, type, source, cause, detail }: StoredEvent): Chain {
  if (cause) return { root: cause.root ?? cause.event, path: cause.path ?? [] };
  // No effect caused it, but without the handlers that led to it there would be none.
  if (type === 'DELIVERY_DEAD' && source === 'system' && detail.chain) return detail.chain as Chain;
  return { root: id, path: [] };
}

/** The chain of what a handler causes when it answers the event. */
export function chainThrough(event: StoredEvent, { plugin, handler }: Handler): Chain {
  const { root, path } = chainOf(event);
  return { root, path: [...path, { type: event.type, plugin, handler }] };
}

/** How often a handler has already run in a chain. */
export function turnsOf({ path }: Chain, { plugin, handler }: Handler): number {
  return path.filter((step) => step.plugin === plugin && step.handler === handler).length;
}

export interface Loop {
  /** The way around, `a/First → TASK_CREATED → b/Second → TASK_UPDATED → a/First`, and who else took part. */
  readonly text: string;
  /** Ids of the subscriptions that took part since the handler first ran. */
  readonly members: readonly string[];
}

/** The loop that a handler closes when it answers an event. It has already run in the event's chain. */
export function loopOf(event: StoredEvent, handler: Handler): Loop {
  const { path } = chainThrough(event, handler);
  const own = nameOf({ type: '', ...handler });
  const names = path.map(nameOf);
  const around = path.slice(names.lastIndexOf(own, names.length - 2) + 1);
  const members = [...new Set(names.slice(names.indexOf(own)))];
  const also = members.filter((name) => name !== own && !around.some((step) => nameOf(step) === name));
  const way = [own, ...around.flatMap((step) => [step.type, nameOf(step)])].join(' → ');
  return { text: also.length > 0 ? `${way}, also through ${also.join(', ')}` : way, members };
}

function nameOf({ plugin, handler }: ChainStep): string {
  return subscriptionId(plugin, handler);
}
