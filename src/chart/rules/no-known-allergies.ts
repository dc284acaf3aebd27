// An allergy ends what was asserted before it: that none is known. The assertion was true when it was made, so it stays in
// the chart, inactive, and says since when it isn't true any more.

import type { AllergyIntolerance, Resource } from '@medplum/fhirtypes';
import { parseReference } from '#kit/ids.ts';
import { ALLERGY_CLINICAL } from '#kit/systems.ts';
import { noneKnownOf, stands } from '#substances/allergy-state.ts';
import { contradicts } from '#substances/contradiction.ts';
import type { ChartDraft, DraftRecord } from '../draft.ts';
import type { Rule } from './rule.ts';

export const noKnownAllergies: Rule = {
  types: ['AllergyIntolerance'],
  // That there is none and that there is one may be recorded at once.
  keys: (draft) => [...placedByPatient(draft).keys()].map((patient) => `allergies of Patient/${patient}`),
  async apply(draft) {
    for (const [patient, placed] of placedByPatient(draft)) await end(draft, patient, placed);
  },
};

interface Placed {
  readonly allergy: AllergyIntolerance;
  /** The effect that placed it, if one did: what follows is its doing. */
  readonly by: number | undefined;
}

/** What the draft puts on the list that wasn't on it before, by patient; also that none is known. */
function placedByPatient(draft: ChartDraft): Map<string, Placed[]> {
  const placed = new Map<string, Placed[]>();
  for (const { before, after, by } of draft.records as readonly DraftRecord[]) {
    if (!isStanding(after) || isStanding(before?.resource)) continue;
    const patient = parseReference(after.patient?.reference);
    if (patient?.type === 'Patient')
      placed.set(patient.id, [...(placed.get(patient.id) ?? []), { allergy: after, by }]);
  }
  return placed;
}

function isStanding(resource: Resource | null | undefined): resource is AllergyIntolerance {
  return resource?.resourceType === 'AllergyIntolerance' && stands(resource);
}

async function end(draft: ChartDraft, patient: string, placed: readonly Placed[]): Promise<void> {
  const real = placed.filter(({ allergy }) => !noneKnownOf(allergy));
  if (real.length === 0) return;
  for (const record of await standing(draft, patient)) {
    const none = noneKnownOf(record);
    const against = none && real.find(({ allergy }) => contradicts(allergy, none));
    if (!against) continue;
    draft.effect = against.by;
    await draft.update({
      ...record,
      clinicalStatus: { coding: [{ system: ALLERGY_CLINICAL, code: 'inactive', display: 'Inactive' }] },
      note: [...(record.note ?? []), { time: draft.at, text: 'Ended when an allergy was recorded.' }],
    });
  }
}

/** The patient's allergies that count, as the draft leaves them. */
async function standing(draft: ChartDraft, patient: string): Promise<(AllergyIntolerance & { readonly id: string })[]> {
  const stored = await draft.search('AllergyIntolerance', `patient=Patient/${patient}&_count=1000`);
  const drafted = draft.records.filter(({ type }) => type === 'AllergyIntolerance');
  const found: (AllergyIntolerance & { readonly id: string })[] = [];
  for (const id of new Set([...stored, ...drafted].map((one) => one.id!))) {
    const record = await draft.read('AllergyIntolerance', id);
    const whose = parseReference(record?.patient?.reference);
    if (record && isStanding(record) && whose?.id === patient) found.push({ ...record, id });
  }
  return found;
}
