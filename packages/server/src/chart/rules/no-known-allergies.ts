// "None known" and an allergy can't both be current. A new allergy ends earlier assertions: each was true when made, so it stays
// in the chart, inactive, with what ended it. It becomes current again if that allergy is entered in error. An assertion that an
// allergy on the list contradicts is refused.

import { isDeepStrictEqual } from 'node:util';
import type { AllergyIntolerance, Annotation, CodeableConcept } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { ALLERGY_CLINICAL, EXTENSION } from '@chartwire/sdk/internal/kit/systems';
import type { ChartRecord } from '@chartwire/sdk/internal/records/chart-record';
import {
  isAllergy,
  isEnteredInError,
  noneKnownOf,
  saysOne,
  stands,
} from '@chartwire/sdk/internal/substances/allergy-state';
import { categoriesOf, contradicts } from '@chartwire/sdk/internal/substances/contradiction';
import type { NoneKnown } from '@chartwire/sdk/internal/substances/none-known';
import type { ChartDraft, DraftRecord } from '../draft.ts';
import { refusalOf } from '../unit.ts';
import type { Rule } from './rule.ts';

export const noKnownAllergies: Rule = {
  types: ['AllergyIntolerance'],
  // Both could be recorded at the same time.
  keys: (draft) => [...changedByPatient(draft).keys()].map((patient) => `allergies of Patient/${patient}`),
  async apply(draft) {
    for (const [patient, changed] of changedByPatient(draft)) {
      const all = await allergiesOf(draft, patient);
      refuseContradicted(draft, changed, all);
      await endContradicted(draft, changed, all);
      await restore(draft, patient, changed);
    }
  },
};

type Stored = AllergyIntolerance & { readonly id: string };

interface Changed {
  readonly allergy: Stored;
  /** The effect that changed it, if any, which is also the cause of what follows. */
  readonly by: number | undefined;
}

/** The patient's list after the draft. */
interface ChangedList {
  /** Current allergies that are new on the list, or have changed kinds. */
  readonly real: Changed[];
  /** Assertions that have become current. */
  readonly none: Changed[];
  /** Allergies now entered in error. */
  readonly mistaken: Changed[];
}

/** Lists whose current content changes, by patient. */
function changedByPatient(draft: ChartDraft): Map<string, ChangedList> {
  const lists = new Map<string, ChangedList>();
  for (const { before, after, by, id } of draft.records as readonly DraftRecord[]) {
    if (after?.resourceType !== 'AllergyIntolerance') continue;
    const patient = patientOf(after);
    const [was, is] = [said(before?.record), said(after)];
    if (patient === undefined || (is ? isDeepStrictEqual(was, is) : !isMistake(before?.record, after))) continue;
    const list = lists.get(patient) ?? { real: [], none: [], mistaken: [] };
    (is ? (is.none ? list.none : list.real) : list.mistaken).push({ allergy: { ...after, id }, by });
    lists.set(patient, list);
  }
  return lists;
}

/** It is entered in error in this draft. */
function isMistake(before: ChartRecord | null | undefined, after: AllergyIntolerance): boolean {
  if (before?.resourceType !== 'AllergyIntolerance' || !saysOne(before)) return false;
  return isEnteredInError(after) && !isEnteredInError(before);
}

interface Said {
  readonly patient: string | undefined;
  readonly none: NoneKnown | undefined;
  readonly kinds: ReadonlySet<string>;
}

/** What a record says about the patient's allergies; undefined if it isn't current. */
function said(resource: ChartRecord | null | undefined): Said | undefined {
  if (resource?.resourceType !== 'AllergyIntolerance' || !stands(resource)) return undefined;
  const none = noneKnownOf(resource);
  if (!none && !saysOne(resource)) return undefined;
  return { patient: patientOf(resource), none, kinds: none ? new Set() : categoriesOf(resource) };
}

function patientOf({ patient }: AllergyIntolerance): string | undefined {
  const whose = parseReference(patient?.reference);
  return whose?.type === 'Patient' ? whose.id : undefined;
}

/** The patient's allergies after the draft, including ones that aren't current. */
async function allergiesOf(draft: ChartDraft, patient: string): Promise<Stored[]> {
  const stored = await draft.search('AllergyIntolerance', `patient=Patient/${patient}&_count=1000`);
  const drafted = draft.records.filter(({ type }) => type === 'AllergyIntolerance');
  const found: Stored[] = [];
  for (const id of new Set([...stored, ...drafted].map((one) => one.id!))) {
    const record = await draft.read('AllergyIntolerance', id);
    if (record && patientOf(record) === patient) found.push({ ...record, id });
  }
  return found;
}

function clinical(code: string, display: string): CodeableConcept {
  return { coding: [{ system: ALLERGY_CLINICAL, code, display }] };
}

// ── refused

/** Refuses an assertion that contradicts an allergy, unless both were sent together; then the assertion is ended. */
function refuseContradicted(draft: ChartDraft, { none }: ChangedList, all: readonly Stored[]): void {
  const drafted = new Set(draft.records.flatMap(({ type, id }) => (type === 'AllergyIntolerance' ? [id] : [])));
  const others = all.filter((one) => isAllergy(one) && !drafted.has(one.id));
  for (const { allergy, by } of none) {
    const assertion = noneKnownOf(allergy)!;
    if (!others.some((one) => contradicts(one, assertion))) continue;
    // No name: a caller who may write allergies might lack permission to read them.
    const reason = `“${assertion.label}” contradicts an allergy on the patient’s list`;
    const message = `${reason}. Make that allergy inactive or enter it in error first, or leave this out.`;
    throw refusalOf(
      new Refusal('record.invalid', { type: 'AllergyIntolerance', reason }, [
        { path: 'AllergyIntolerance.code', message },
      ]),
      by,
    );
  }
}

// ── ended

async function endContradicted(draft: ChartDraft, { real, none }: ChangedList, all: readonly Stored[]): Promise<void> {
  const asserted = new Map(none.map((one) => [one.allergy.id, one]));
  for (const record of all) {
    const assertion = stands(record) ? noneKnownOf(record) : undefined;
    if (!assertion) continue;
    // A new one remains only against what was sent with it.
    const own = asserted.get(record.id);
    const against = (own ? all.filter(isAllergy).map((allergy) => ({ allergy, by: own.by })) : real).find(
      ({ allergy }) => contradicts(allergy, assertion),
    );
    if (!against) continue;
    draft.effect = against.by;
    const endedBy = { reference: `AllergyIntolerance/${against.allergy.id}` };
    await draft.update({
      ...record,
      clinicalStatus: clinical('inactive', 'Inactive'),
      note: [
        ...(record.note ?? []),
        {
          extension: [{ url: EXTENSION.endedBy, valueReference: endedBy }],
          time: draft.at,
          text: 'Ended when an allergy was recorded.',
        },
      ],
    });
  }
}

// ── restored

/** What a mistaken allergy ended becomes current again, unless another allergy contradicts it. */
async function restore(draft: ChartDraft, patient: string, { mistaken }: ChangedList): Promise<void> {
  if (mistaken.length === 0) return;
  const all = await allergiesOf(draft, patient);
  for (const record of all) {
    const assertion = noneKnownOf(record);
    const ended = record.note?.find((note) => endedBy(note) !== undefined);
    const active = { ...record, clinicalStatus: clinical('active', 'Active') };
    if (!assertion || !ended || stands(record) || !stands(active)) continue;
    const by = all.find(({ id }) => id === endedBy(ended));
    const others = all.filter((one) => saysOne(one) && !isEnteredInError(one) && contradicts(one, assertion));
    // If another allergy was true in the meantime, someone must ask the patient again.
    if (!by || !isEnteredInError(by) || others.some((one) => stands(one) || isSince(one, ended))) continue;
    draft.effect = mistaken[0]!.by;
    const { extension: _, ...told } = ended;
    await draft.update({
      ...active,
      note: [
        ...record.note!.map((note) => (note === ended ? told : note)),
        { time: draft.at, text: 'Active again: the allergy that ended this was entered in error.' },
      ],
    });
  }
}

/** Id of the allergy that ended the assertion, from its note. */
function endedBy({ extension }: Annotation): string | undefined {
  const named = extension?.find(({ url }) => url === EXTENSION.endedBy)?.valueReference;
  return parseReference(named?.reference)?.id;
}

function isSince({ recordedDate }: AllergyIntolerance, { time }: Annotation): boolean {
  return recordedDate !== undefined && time !== undefined && Date.parse(recordedDate) >= Date.parse(time);
}
