// The names of the event types, for authors.

import type { EventType as Name } from '#events/catalogue.ts';

export type EventType = Name;

/**
 * Event types by their own names: `EventType.LAB_REPORT_CREATED`. The names are the compiler's to check, and at install
 * the server's; here each key is its own value, so that a plugin's script does not carry the catalogue.
 */
export const EventType = new Proxy(Object.freeze({}), {
  get: (_, name) => (typeof name === 'string' ? name : undefined),
}) as { readonly [T in Name]: T };
