// Merges two charts of one person: every record moves into the other chart, in one unit of work.

import type { Coverage, Patient } from '@medplum/fhirtypes';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { ChartRecord } from '@chartwire/sdk/internal/records/chart-record';
import type { StoredVersion } from '#store/contract.ts';
import type { ChartDraft } from '../draft.ts';
import { ownerOf } from '../entry.ts';
import { Slices } from '../slice.ts';
import { type Difference, DIFFERENCE_WORDS, differencesOf } from './compare.ts';
import { namingToken } from '../patients-named.ts';
import { type Move, movedRecord } from './moved.ts';
import { keptPerson, replaced, replacedBy, replacing } from './person.ts';

/** Maximum number of records per merge: what one transaction can write in time, even on a small machine. */
const MOST_MOVED = 15_000;

export interface MergeWish extends Move {
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** Differences that someone has seen and confirmed. */
  readonly confirm?: readonly Difference['what'][] | undefined;
  /** The surviving patient after the merge. Defaults to a combination of both. */
  readonly result?: Patient | undefined;
}

/** The plan of a merge. */
export interface MergePlan {
  readonly source: StoredVersion<Patient> & { readonly record: Patient };
  readonly target: StoredVersion<Patient> & { readonly record: Patient };
  /** Records of the source's chart by type: what moves. */
  readonly counts: Readonly<Record<string, number>>;
  /** Records of the target's chart, before it. */
  readonly kept: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

/** Keys that a merge must hold: those needed by the rules for its records. */
export function mergeKeys({ source, target }: Move): string[] {
  return [source, target].flatMap((id) => [`allergies of Patient/${id}`, `Coverage.order of Patient/${id}`]);
}

/** Refuses what can't be merged, whoever confirms it. */
export async function planMerge(
  draft: ChartDraft,
  { source, target, result }: Move & Pick<MergeWish, 'result'>,
): Promise<MergePlan> {
  draft.requireEverywhere('Patient', 'r', 'merge charts');
  draft.requireEverywhere('Patient', 'u', 'merge charts');
  if (source === target) {
    throw refused('a chart can’t be merged with itself', 'Name the other chart of the same person.');
  }
  const [from, to] = [await patientOf(draft, source), await patientOf(draft, target)];
  for (const { id, record } of [from, to]) {
    const by = replacedBy(record);
    if (by === undefined) continue;
    throw refused(`Patient/${id} was replaced by ${by} already`, `Merge with the chart of ${by} instead.`);
  }
  if (result) refuseEnded(result, target);
  const counts = await draft.merges.counts(source);
  const others = await draft.merges.countNaming(namingToken(source), { source, target });
  const sum = Object.values(counts).reduce((a, b) => a + b, others);
  if (sum > MOST_MOVED) {
    throw refused(
      `${sum} records are in the chart of Patient/${source} or refer to the patient, and one merge changes ${MOST_MOVED} at most`,
      'Merge the other way round if the other chart has fewer; otherwise update some of them at FHIR first, to name the other patient.',
    );
  }
  const kept = await draft.merges.counts(target);
  return { source: from, target: to, counts, kept, differences: differencesOf(from.record, to.record) };
}

/** The surviving patient remains in use, so anything to the contrary is ignored. */
function refuseEnded(result: Patient, target: string): void {
  const by = replacedBy(result);
  if (by !== undefined) {
    throw refused(
      `result-patient says that Patient/${target} was replaced by ${by}, but its chart is the one that stays`,
      'Leave the link of type replaced-by out of result-patient, or swap the two patients.',
    );
  }
  if (result.active === false) {
    throw refused(
      `result-patient says that Patient/${target} is not active, but its chart is the one that stays`,
      'Leave `active` out of result-patient or set it to true, or swap the two patients.',
    );
  }
}

/** Fills the draft with a merge. Returns what it does. */
export async function mergeCharts(draft: ChartDraft, wish: MergeWish): Promise<MergePlan> {
  const { source, target, actor, reason } = wish;
  // Read before the records: a write in between advances the chart, and the merge is planned again.
  const [sourceVersion, targetVersion] = [
    await draft.merges.chartVersion(source),
    await draft.merges.chartVersion(target),
  ];
  const plan = await planMerge(draft, wish);
  refuseUnconfirmed(plan.differences, wish.confirm ?? []);
  await seeAllergies(draft, target);
  const places = await freeRanks(draft, target);
  const slices = new Slices();
  for (const stored of await draft.merges.recordsOf(source)) {
    const after = ranked(movedRecord(stored.record!, wish), places);
    if (ownerOf(after) === source) {
      throw refused(`${stored.type}/${stored.id} can’t be moved`, 'Look at what in it refers to the patient.');
    }
    draft.move(stored, after);
    await slices.pause();
  }
  const others = await draft.merges.recordsNaming(namingToken(source), wish);
  for (const stored of others) {
    draft.move(stored, movedRecord(stored.record!, wish));
    await slices.pause();
  }
  draft.move(plan.source, replaced(plan.source.record, wish));
  if (wish.result)
    await draft.update(
      replacing({ ...(movedRecord(wish.result, wish) as Patient), id: target }, wish) as Patient & { id: string },
    );
  else draft.move(plan.target, keptPerson(movedRecord(plan.target.record, wish) as Patient, plan.source.record, wish));
  // The content of the surviving chart is identified by its version, like what moves.
  const elsewhere = others.filter(({ patient }) => patient !== target);
  draft.merge = {
    ...{ undo: false, source, target, at: draft.at, by: doer(actor), reason: reason ?? null },
    ...{ sourceVersion, targetVersion },
    elsewhere: elsewhere.map(({ type, id, version }) => ({ type, id, version: version + 1 })),
  };
  draft.emit({
    type: 'PATIENT_MERGED',
    target: { type: 'Patient', id: target },
    patient: target,
    context: { source, target, moved: plan.counts, ...(reason !== undefined && { reason }) },
  });
  return plan;
}

export async function patientOf(draft: ChartDraft, id: string): Promise<MergePlan['source']> {
  const [stored] = await draft.merges.current([{ type: 'Patient', id }]);
  const reference = `Patient/${id}`;
  if (!stored) throw new Refusal('record.not-found', { reference });
  if (!stored.record) throw new Refusal('record.deleted', { reference });
  return stored as MergePlan['source'];
}

/** Who did it, as stored. */
export function doer({ type, id, display }: Actor): Actor {
  return { type, id, ...(display !== undefined && { display }) };
}

export function refused(reason: string, instead: string): Refusal {
  return new Refusal('merge.refused', { reason, instead });
}

function refuseUnconfirmed(differences: readonly Difference[], confirmed: readonly string[]): void {
  const open = differences.filter(({ what, confirm }) => confirm && !confirmed.includes(what)).map(({ what }) => what);
  if (open.length === 0) return;
  const words = open.map((what) => DIFFERENCE_WORDS[what]).join(' and ');
  throw new Refusal('merge.unconfirmed', { differences: words, confirm: open.join(', ') }, [], { differences: open });
}

/** An assertion in one chart that the other contradicts is ended, as if both had been sent together. */
async function seeAllergies(draft: ChartDraft, target: string): Promise<void> {
  for (const stored of await draft.merges.recordsOf(target, ['AllergyIntolerance'])) {
    draft.move(stored, stored.record!);
  }
}

/** The first payer stays first: incoming coverages rank after existing ones. */
async function freeRanks(draft: ChartDraft, target: string): Promise<{ next: number }> {
  const own = await draft.merges.recordsOf(target, ['Coverage']);
  const ranks = own.map(({ record }) => (record as Coverage).order ?? 0);
  return { next: Math.max(0, ...ranks) };
}

function ranked(record: ChartRecord, places: { next: number }): ChartRecord {
  if (record.resourceType !== 'Coverage' || record.order === undefined || places.next === 0) return record;
  return { ...record, order: record.order + places.next };
}
