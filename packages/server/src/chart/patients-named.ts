// Which other patients a record names, wherever it does: what a merge has to rewrite in the charts of others.

import type { SearchIndex } from '#store/contract.ts';

/** A reference as JSON text, also one to a version; in a command it is a field of its own. */
const REFERENCE = /"Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^"]*)?"/g;

/** The search token of records that name a patient and are not in their chart. */
export function namingToken(patient: string): string {
  return `_patient=Patient/${patient}`;
}

/** The index of a record with the patients that its text names. `patient`: whose chart it is in; null outside any. */
export function withPatientsNamed(index: SearchIndex, text: string, patient: string | null): SearchIndex {
  const named = new Set([...text.matchAll(REFERENCE)].flatMap(([, id]) => (id === patient ? [] : [namingToken(id!)])));
  return named.size === 0 ? index : { ...index, tokens: [...index.tokens, ...named] };
}
