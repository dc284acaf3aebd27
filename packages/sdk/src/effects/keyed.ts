// Records of which a plugin has one per patient and key. The id is derived from plugin, patient, and key, so no search is needed
// to find it, not even for a later effect of the same answer.

import type { Draft } from '#kit/draft.ts';
import { text } from '#kit/schema.ts';
import { sha256 } from '#kit/sha256.ts';
import { PLUGIN_KEY } from '#kit/systems.ts';

export const Key = text(100, 'the plugin’s own name for it');

/** A FHIR id: a word for the kind, and 128 bits of a hash. */
export function keyedId(kind: string, plugin: string, patient: string, key: string): string {
  return `${kind}-${sha256(JSON.stringify([kind, plugin, patient, key])).slice(0, 32)}`;
}

/** Value of the record's identifier: what the id is derived from, except the patient. */
export function keyOf(plugin: string, key: string): string {
  return `${plugin}/${key}`;
}

/** Where the record for a key is. */
export interface Place {
  readonly id: string;
  /** Records with the same key from charts that were merged into the patient's. They are redundant. */
  readonly others: readonly string[];
}

/** The derived id, or the id of a record that came with a merged chart. */
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
