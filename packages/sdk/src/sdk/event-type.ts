// The names of event types, for plugin authors.

import type { EventType as Name } from '#events/catalogue.ts';

export type EventType = Name;

/**
 * Event types by name: `EventType.LAB_REPORT_CREATED`. The compiler checks the names, and the server checks them again at
 * install. At run time each key is its own value, so that a plugin's script doesn't contain the catalogue.
 */
export const EventType = new Proxy(Object.freeze({}), {
  get: (_, name) => (typeof name === 'string' ? name : undefined),
}) as { readonly [T in Name]: T };
