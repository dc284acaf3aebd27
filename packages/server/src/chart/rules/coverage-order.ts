// Ranks of a patient's coverages (`order`: 1 pays first). A coverage that takes an occupied rank moves the existing one down, and
// so on until a rank is free.

import type { Coverage } from '@medplum/fhirtypes';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import type { ChartRecord } from '@chartwire/sdk/internal/records/chart-record';
import type { ChartDraft, DraftRecord } from '../draft.ts';
import type { Rule } from './rule.ts';

type Ranked = Coverage & { readonly id: string; readonly order: number };

export const coverageOrder: Rule = {
  types: ['Coverage'],
  // Two coverages must not both find a rank free.
  keys: (draft) => [...placedByPatient(draft).keys()].map((patient) => `Coverage.order of Patient/${patient}`),
  async apply(draft) {
    for (const [patient, placed] of placedByPatient(draft)) await makeRoom(draft, patient, placed);
  },
};

interface Placed {
  readonly coverage: Ranked;
  /** The effect that placed it, if any, which is also the cause of what follows. */
  readonly by: number | undefined;
}

/** The ranks that the draft assigns, by patient; latest first, since the latest assignment wins. */
function placedByPatient(draft: ChartDraft): Map<string, Placed[]> {
  const placed = new Map<string, Placed[]>();
  for (const record of draft.records) {
    const coverage = placedIn(record);
    const patient = coverage && patientOf(coverage);
    if (patient) placed.set(patient, [{ coverage, by: record.by }, ...(placed.get(patient) ?? [])]);
  }
  return placed;
}

function placedIn({ before, after }: DraftRecord): Ranked | undefined {
  const now = ranked(after);
  const was = ranked(before?.record);
  const stays = now && was && now.order === was.order && patientOf(now) === patientOf(was);
  return stays ? undefined : now;
}

async function makeRoom(draft: ChartDraft, patient: string, placed: readonly Placed[]): Promise<void> {
  const ids = new Set(placed.map(({ coverage }) => coverage.id));
  const others = (await rankedOf(draft, patient)).filter(({ id }) => !ids.has(id));
  const taken = new Set<number>();
  for (const coverage of [...placed.map((one) => one.coverage), ...others]) {
    let { order } = coverage;
    while (taken.has(order)) order++;
    taken.add(order);
    if (order === coverage.order) continue;
    draft.effect = placed[0]!.by;
    await draft.update({ ...coverage, order });
  }
}

/** The patient's coverages after the draft, by rank. */
async function rankedOf(draft: ChartDraft, patient: string): Promise<Ranked[]> {
  const stored = await draft.search('Coverage', `beneficiary=Patient/${patient}&status=active&_count=1000`);
  const drafted = draft.records.filter(({ type }) => type === 'Coverage');
  const found: Ranked[] = [];
  for (const id of new Set([...stored, ...drafted].map((one) => one.id!))) {
    const coverage = ranked(await draft.read('Coverage', id));
    if (coverage && patientOf(coverage) === patient) found.push(coverage);
  }
  return found.sort((a, b) => a.order - b.order);
}

/** An active coverage with a rank. Invalid ones are refused later, with the rest of the draft. */
function ranked(resource: ChartRecord | null | undefined): Ranked | undefined {
  if (resource?.resourceType !== 'Coverage' || resource.status !== 'active') return undefined;
  return resource.id !== undefined && Number.isSafeInteger(resource.order) ? (resource as Ranked) : undefined;
}

function patientOf({ beneficiary }: Coverage): string | undefined {
  const reference = parseReference(beneficiary?.reference);
  return reference?.type === 'Patient' ? reference.id : undefined;
}
