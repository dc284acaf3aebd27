// The desk for a command's commit: the draft and the facts of the visit.

import type { ExtractResource, Reference, ResourceType } from '@medplum/fhirtypes';
import { dayOf } from '@chartwire/sdk/internal/kit/calendar';
import type { CommandDesk } from '@chartwire/sdk/internal/kit/command-desk';
import type { CommandKind } from '@chartwire/sdk/internal/kit/command-kind';
import type { Draft } from '@chartwire/sdk/internal/kit/draft';
import type { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { dateIn } from '@chartwire/sdk/internal/kit/partial-date';
import type { Option } from '@chartwire/sdk/internal/kit/schema';
import { patientOf } from '#r4/search-index.ts';
import type { CommandEntry } from '@chartwire/sdk/internal/records/command-entry';
import type { Note } from '@chartwire/sdk/internal/records/note';
import { mayRead } from '../checks/check.ts';
import type { ChartDraft } from '../draft.ts';
import { type Fields, faulty, optionFor } from './fields.ts';

export function deskFor(
  draft: ChartDraft,
  kind: CommandKind,
  entry: CommandEntry,
  note: Note,
  { actor, timeZone }: { readonly actor: Actor; readonly timeZone: string },
): CommandDesk {
  return {
    draft,
    subject: { reference: `Patient/${entry.patient}` },
    encounter: note.encounter ? { reference: `Encounter/${note.encounter}` } : undefined,
    author: authorOf(actor),
    at: draft.at,
    today: dayOf(new Date(draft.at), timeZone),
    dateOf: (written) => dateIn(timeZone, written),
    mayRead: (type) => mayRead({ draft }, type),
    refused: (field, message) => faultOf(kind, field, message),
    chosen: (type, field, option) => chosenRecord(draft, kind, entry.patient, { type, field, option }),
  };
}

/** Refuses fields that name records of another chart, before anything else. */
export async function refuseForeign(draft: Draft, kind: CommandKind, patient: string, fields: Fields): Promise<void> {
  for (const [field, value] of Object.entries(fields)) {
    const search = kind.fields[field]?.search;
    if (search?.from !== 'chart' || value === undefined) continue;
    for (const option of [value].flat() as { value: string }[]) {
      await chosenRecord(draft, kind, patient, { type: search.type, field, option });
    }
  }
}

/** The record of an option: this patient's, or outside any chart. */
async function chosenRecord<T extends ResourceType>(
  draft: Draft,
  kind: CommandKind,
  patient: string,
  { type, field, option }: { type: T; field: string; option: { value: string } },
): Promise<ExtractResource<T> & { readonly id: string }> {
  const record = await draft.read(type, option.value);
  if (!record) throw faultOf(kind, field, 'What was chosen does not exist any more.');
  const whose = patientOf(record);
  if (whose !== null && whose !== patient) throw faultOf(kind, field, 'What was chosen is of another patient.');
  return record as ExtractResource<T> & { readonly id: string };
}

function faultOf(kind: CommandKind, field: string, message: string): Refusal {
  return faulty(kind, { path: `/fields/${field}`, message });
}

/** The author of a command's records: the user's practitioner, if they are one. */
export function authorOf({ practitioner }: Actor): Reference | undefined {
  return practitioner === undefined ? undefined : { reference: `Practitioner/${practitioner}` };
}

/** The author as an option, if they are a practitioner on record. */
export async function authorOption(draft: Draft, actor: Actor): Promise<Option | undefined> {
  const author = parseReference(authorOf(actor)?.reference);
  const record = author && (await draft.read('Practitioner', author.id));
  return record && optionFor({ ...record, id: author.id });
}
