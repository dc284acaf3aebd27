// The order in which the entries of a transaction are carried out, whichever order they came in.

import type { Method } from '../interaction.ts';
import type { Entry } from './entries.ts';

/** http://hl7.org/fhir/R4/http.html#trules */
const TURN = { DELETE: 0, POST: 1, PUT: 3, PATCH: 3, GET: 4 } as const satisfies Record<Method, number>;

/** Entries of one turn keep their order. A conditional create comes after the others: it may find what they make. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => turnOf(a) - turnOf(b));
}

function turnOf({ interaction: { method }, request: { conditions } }: Entry): number {
  return method === 'POST' && conditions.ifNoneExist !== undefined ? TURN.POST + 1 : TURN[method];
}
