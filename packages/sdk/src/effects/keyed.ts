// What a plugin keeps one of for a patient and a key: its id follows from the three, so that it is found again
// without a search, also by the next effect of the same answer.

import { text } from '#kit/schema.ts';
import { sha256 } from '#kit/sha256.ts';

export const Key = text(100, 'the plugin’s own name for it');

/** A FHIR id: 128 bits of a hash, behind a word that says what it is. */
export function keyedId(kind: string, plugin: string, patient: string, key: string): string {
  return `${kind}-${sha256(JSON.stringify([kind, plugin, patient, key])).slice(0, 32)}`;
}

/** Value of the record's identifier: what the id was made of, but for the patient. */
export function keyOf(plugin: string, key: string): string {
  return `${plugin}/${key}`;
}
