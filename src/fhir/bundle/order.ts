// The order in which the entries of a transaction are carried out, whichever order they came in.

import type { Method } from '../interaction.ts';
import type { Entry } from './entries.ts';

/** http://hl7.org/fhir/R4/http.html#trules */
const TURN = { DELETE: 0, POST: 1, PUT: 2, PATCH: 2, GET: 3 } as const satisfies Record<Method, number>;

/** Entries of one turn keep their order. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => TURN[a.interaction.method] - TURN[b.interaction.method]);
}
