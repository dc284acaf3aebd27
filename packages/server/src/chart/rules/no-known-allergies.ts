// That none is known and that there is an allergy can't both count. An allergy ends what was asserted before it: the
// assertion was true when it was made, so it stays in the chart, inactive, and says what ended it. It counts again when that
// allergy was entered in error. An assertion that an allergy on the list contradicts is refused.

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
  // That there is none and that there is one may be recorded at once.
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
  /** The effect that changed it, if one did: what follows is its doing. */
  readonly by: number | undefined;
}

/** What the draft makes of a patient's list. */
interface ChangedList {
  /** Allergies that count and are new on the list, or of other kinds than before. */
  readonly real: Changed[];
  /** Assertions that count and didn't before. */
  readonly none: Changed[];
  /** Allergies that were never true, as is known only now. */
  readonly mistaken: Changed[];
}

/** Lists on which something else counts than before, by patient. */
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

/** It is entered in error only now. */
function isMistake(before: ChartRecord | null | undefined, after: AllergyIntolerance): boolean {
  if (before?.resourceType !== 'AllergyIntolerance' || !saysOne(before)) return false;
  return isEnteredInError(after) && !isEnteredInError(before);
}

interface Said {
  readonly patient: string | undefined;
  readonly none: NoneKnown | undefined;
  readonly kinds: ReadonlySet<string>;
}

/** What a record says of the patient's allergies; nothing where it doesn't count. */
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

/** The patient's allergies as the draft leaves them, also those that don't count. */
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

/** Refuses an assertion against an allergy that its writer didn't send with it. Who sends both has it ended instead. */
function refuseContradicted(draft: ChartDraft, { none }: ChangedList, all: readonly Stored[]): void {
  const drafted = new Set(draft.records.flatMap(({ type, id }) => (type === 'AllergyIntolerance' ? [id] : [])));
  const others = all.filter((one) => isAllergy(one) && !drafted.has(one.id));
  for (const { allergy, by } of none) {
    const assertion = noneKnownOf(allergy)!;
    if (!others.some((one) => contradicts(one, assertion))) continue;
    // No name: whoever writes allergies may not be allowed to read them.
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
    // One that is new is left only against what was sent with it.
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

/** What a mistaken allergy ended counts again, unless another allergy has been recorded against it meanwhile. */
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
    // One that is over by now was true in the meantime: somebody must ask again.
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

/** Id of the allergy that a note says ended the assertion. */
function endedBy({ extension }: Annotation): string | undefined {
  const named = extension?.find(({ url }) => url === EXTENSION.endedBy)?.valueReference;
  return parseReference(named?.reference)?.id;
}

function isSince({ recordedDate }: AllergyIntolerance, { time }: Annotation): boolean {
  return recordedDate !== undefined && time !== undefined && Date.parse(recordedDate) >= Date.parse(time);
}
