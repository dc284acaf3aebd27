// The desk at which a command commits: the draft, and what is known of the visit.

import type { ExtractResource, Reference, ResourceType } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import type { CommandKind } from '#kit/command-kind.ts';
import { Refusal } from '#kit/errors.ts';
import type { Actor } from '#kit/event.ts';
import { patientOf } from '#r4/search-index.ts';
import type { CommandEntry } from '#records/command-entry.ts';
import type { Note } from '#records/note.ts';
import type { ChartDraft } from '../draft.ts';
import { refuseFaulty } from './fields.ts';

export function deskFor(
  draft: ChartDraft,
  kind: CommandKind,
  entry: CommandEntry,
  note: Note,
  actor: Actor,
): CommandDesk {
  const refuse = (field: string, message: string): Refusal => {
    try {
      refuseFaulty(kind, [{ path: `/fields/${field}`, message }]);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    throw new Error('a fault was not refused');
  };
  return {
    draft,
    subject: { reference: `Patient/${entry.patient}` },
    encounter: note.encounter ? { reference: `Encounter/${note.encounter}` } : undefined,
    author: authorOf(actor),
    at: draft.at,
    today: draft.at.slice(0, 10),
    refuse,
    async chosen<T extends ResourceType>(type: T, field: string, option: { value: string }) {
      const record = await draft.read(type, option.value);
      if (!record) throw refuse(field, 'What was chosen does not exist any more.');
      const patient = patientOf(record);
      if (patient !== null && patient !== entry.patient) throw refuse(field, 'What was chosen is of another patient.');
      return record as ExtractResource<T> & { readonly id: string };
    },
  };
}

/** Who writes the records of a command: the practitioner that the user is, where they are one. */
export function authorOf({ practitioner }: Actor): Reference | undefined {
  return practitioner === undefined ? undefined : { reference: `Practitioner/${practitioner}` };
}
