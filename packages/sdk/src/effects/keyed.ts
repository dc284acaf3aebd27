// What a plugin keeps one of for a patient and a key: its id follows from the three, so that it is found again
// without a search, also by the next effect of the same answer.

import type { Draft } from '#kit/draft.ts';
import { text } from '#kit/schema.ts';
import { sha256 } from '#kit/sha256.ts';
import { PLUGIN_KEY } from '#kit/systems.ts';

export const Key = text(100, 'the plugin’s own name for it');

/** A FHIR id: 128 bits of a hash, behind a word that says what it is. */
export function keyedId(kind: string, plugin: string, patient: string, key: string): string {
  return `${kind}-${sha256(JSON.stringify([kind, plugin, patient, key])).slice(0, 32)}`;
}

/** Value of the record's identifier: what the id was made of, but for the patient. */
export function keyOf(plugin: string, key: string): string {
  return `${plugin}/${key}`;
}

/** Where a record kept by key is. */
export interface Place {
  readonly id: string;
  /** Others of the same key, which came with charts that were merged into the patient's: one of them is one too many. */
  readonly others: readonly string[];
}

/** Its own id, unless it came with a chart that was merged into the patient's: there it has the id that it had. */
export async function placeOf(
  draft: Draft,
  type: 'Flag' | 'GuidanceResponse',
  { kind, plugin, patient, key }: Readonly<Record<'kind' | 'plugin' | 'patient' | 'key', string>>,
): Promise<Place> {
  const own = keyedId(kind, plugin, patient, key);
  const token = `${PLUGIN_KEY}|${keyOf(plugin, key).replace(/[\\,|$]/g, '\\$&')}`;
  const found = await draft.search(type, `identifier=${encodeURIComponent(token)}&subject=Patient/${patient}`);
  const moved = found.flatMap(({ id }) => (id === undefined || id === own ? [] : [id]));
  const [first, ...rest] = moved;
  if (first === undefined || (await draft.read(type, own))) return { id: own, others: moved };
  return { id: first, others: rest };
}
