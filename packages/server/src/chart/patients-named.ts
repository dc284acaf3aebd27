// Other patients that a record names anywhere, since a merge must rewrite them in other charts.

import type { SearchIndex } from '#store/contract.ts';

/** A reference as JSON text, optionally with a version; in a command it is a field's value. */
const REFERENCE = /"Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^"]*)?"/g;

/** The search token of records that name a patient and aren't in their chart. */
export function namingToken(patient: string): string {
  return `_patient=Patient/${patient}`;
}

/** A record's index with the patients in its text. `patient`: its chart's; null outside any chart. */
export function withPatientsNamed(index: SearchIndex, text: string, patient: string | null): SearchIndex {
  const named = new Set([...text.matchAll(REFERENCE)].flatMap(([, id]) => (id === patient ? [] : [namingToken(id!)])));
  return named.size === 0 ? index : { ...index, tokens: [...index.tokens, ...named] };
}
