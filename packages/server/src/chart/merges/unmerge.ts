// Undoes a merge: every record returns to its previous state and place. Only while nothing else has been written into either
// chart.

import { changedPaths } from '@chartwire/sdk/internal/events/derive';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { Held, MergeWrite, StoredVersion } from '#store/contract.ts';
import type { Merges, StoredMerge } from '#store/merges.ts';
import type { ChartDraft } from '../draft.ts';
import { Slices } from '../slice.ts';
import { doer } from './merge.ts';

/** Why a merge can't be undone any more, in words without PHI; undefined if it can. */
export async function whyLasting(merges: Merges, merge: StoredMerge): Promise<string | undefined> {
  const { source, target, sourceVersion, targetVersion, elsewhere } = merge;
  for (const [patient, version] of [
    [target, targetVersion],
    [source, sourceVersion],
  ] as const) {
    const unchanged = await merges.unchangedUpTo(patient, version);
    if ((await merges.chartVersion(patient)) === unchanged) continue;
    const [first] = await merges.since(patient, unchanged);
    const what = first ? ` (${first.type} at ${first.at})` : '';
    return `the chart of Patient/${patient} was changed since${what}`;
  }
  const changed = await changedSince(merges, elsewhere);
  return changed && `${changed.type}/${changed.id} was changed since`;
}

/** The first record that isn't as the merge left it. A record that was changed and restored counts as changed. */
async function changedSince(merges: Merges, left: readonly Held[]): Promise<Held | undefined> {
  const now = byName(await merges.current(left));
  const others = left.filter((one) => now.get(nameOf(one))?.version !== one.version);
  const then = byName(await merges.versions(others));
  return others.find((one) => {
    const [was, is] = [then.get(nameOf(one)), now.get(nameOf(one))];
    return !was?.record || !is?.record || changedPaths(was.record, is.record).length > 0;
  });
}

/** Fills the draft with the undoing of the merge that ended a chart. */
export async function unmergeCharts(
  draft: ChartDraft,
  { source, actor, reason }: { readonly source: string; readonly actor: Actor; readonly reason?: string | undefined },
): Promise<StoredMerge> {
  draft.requireEverywhere('Patient', 'u', 'undo merges of charts');
  const merge = await draft.merges.of(source);
  if (!merge) throw new Refusal('merge.none', { reference: `Patient/${source}` });
  const { target, sourceVersion, targetVersion, elsewhere } = merge;
  const [sourceNow, targetNow] = [await draft.merges.chartVersion(source), await draft.merges.chartVersion(target)];
  const lasting = await whyLasting(draft.merges, merge);
  if (lasting !== undefined) throw new Refusal('merge.lasting', { reason: lasting });
  const written: readonly Held[] = [
    ...(await draft.merges.writtenAt(target, targetVersion)),
    ...(await draft.merges.writtenAt(source, sourceVersion)),
    ...elsewhere,
  ];
  await putBack(draft, written);
  draft.merge = {
    ...{ undo: true, source, target, at: draft.at, by: doer(actor), reason: reason ?? null },
    ...{ sourceVersion: sourceNow, targetVersion: targetNow, elsewhere: [] },
    spans: [
      { chart: source, before: sourceVersion - 1, now: sourceNow },
      { chart: target, before: targetVersion - 1, now: targetNow },
      ...(await spansOf(draft.merges, elsewhere)),
    ],
  };
  const counts = Object.groupBy(written, ({ type }) => type);
  const moved = Object.entries(counts).flatMap(([type, all]) => (type === 'Patient' ? [] : [[type, all!.length]]));
  draft.emit({
    type: 'PATIENT_UNMERGED',
    target: { type: 'Patient', id: target },
    patient: target,
    context: { source, target, moved: Object.fromEntries(moved), ...(reason !== undefined && { reason }) },
  });
  return merge;
}

/** Other charts that the merge wrote into and nothing else has since. */
async function spansOf(merges: Merges, elsewhere: readonly Held[]): Promise<NonNullable<MergeWrite['spans']>> {
  const spans: { chart: string; before: number; now: number }[] = [];
  for (const { patient, chartVersion } of await merges.chartsOf(elsewhere)) {
    const now = await merges.chartVersion(patient);
    if ((await merges.unchangedUpTo(patient, chartVersion)) !== now) continue;
    spans.push({ chart: patient, before: chartVersion - 1, now });
  }
  return spans;
}

/** Each record before the version that the merge wrote. */
async function putBack(draft: ChartDraft, written: readonly Held[]): Promise<void> {
  const before = byName(await draft.merges.versions(written.map((one) => ({ ...one, version: one.version - 1 }))));
  const slices = new Slices();
  for (const stored of await draft.merges.current(written)) {
    const record = before.get(nameOf(stored))?.record;
    // A merge creates no records.
    if (!record) throw new Error(`${nameOf(stored)} was nothing before it was merged`);
    draft.move(stored, record);
    await slices.pause();
  }
}

function nameOf({ type, id }: Pick<Held, 'type' | 'id'>): string {
  return `${type}/${id}`;
}

function byName(versions: readonly StoredVersion[]): ReadonlyMap<string, StoredVersion> {
  return new Map(versions.map((one) => [nameOf(one), one]));
}
