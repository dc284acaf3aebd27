// Loads the record that an effect is about, or refuses.

import type { ExtractResource, Reference, ResourceType } from '@medplum/fhirtypes';
import type { Draft } from '#kit/draft.ts';
import { Refusal } from '#kit/errors.ts';
import { parseReference } from '#kit/ids.ts';

/**
 * The record as the draft would leave it.
 *
 * @throws {Refusal} when it doesn't exist
 */
export async function existing<T extends ResourceType>(
  draft: Draft,
  effect: string,
  type: T,
  id: string,
): Promise<ExtractResource<T> & { id: string }> {
  const record = await draft.read(type, id);
  if (record === undefined) throw refused(effect, `${type}/${id} does not exist`);
  return { ...record, id };
}

/**
 * Requires that the subject of each record is `patient`, so that charts don't mix.
 *
 * @throws {Refusal} when another patient is the subject
 */
export async function ofPatient<T extends 'Condition' | 'Encounter'>(
  draft: Draft,
  effect: string,
  type: T,
  ids: readonly string[],
  patient: string,
): Promise<void> {
  for (const id of ids) {
    const { subject }: { subject?: Reference } = await existing(draft, effect, type, id);
    if (parseReference(subject?.reference)?.id !== patient)
      throw refused(effect, `${type}/${id} is of another patient`);
  }
}

export function refused(effect: string, reason: string): Refusal {
  return new Refusal('effect.refused', { type: effect, reason });
}
