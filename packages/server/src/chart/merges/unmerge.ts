// A merge undone: every record is what it was and where it was. Only while nothing else was written into either chart.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { Held } from '#store/contract.ts';
import type { Merges, StoredMerge } from '#store/merges.ts';
import type { ChartDraft } from '../draft.ts';
import { Slices } from '../slice.ts';
import { doer } from './merge.ts';

/** Why a merge can't be undone any more, in words without PHI; undefined while it can. */
export async function whyLasting(merges: Merges, merge: StoredMerge): Promise<string | undefined> {
  const { source, target, sourceVersion, targetVersion, elsewhere } = merge;
  for (const [patient, version] of [
    [target, targetVersion],
    [source, sourceVersion],
  ] as const) {
    if ((await merges.chartVersion(patient)) === version) continue;
    const [first] = await merges.since(patient, version);
    const what = first ? ` (${first.type} at ${first.at})` : '';
    return `the chart of Patient/${patient} was changed since${what}`;
  }
  const now = await merges.current(elsewhere);
  const changed = elsewhere.find(({ type, id, version }) => {
    return now.find((one) => one.type === type && one.id === id)?.version !== version;
  });
  return changed && `${changed.type}/${changed.id} was changed since`;
}

/** Fills the draft with the undoing of the merge that ended a chart. */
export async function unmergeCharts(
  draft: ChartDraft,
  { source, actor, reason }: { readonly source: string; readonly actor: Actor; readonly reason?: string | undefined },
): Promise<StoredMerge> {
  draft.requireEverywhere('Patient', 'u', 'undo merges of charts');
  const merge = await draft.merges.of(source);
  if (!merge) throw new Refusal('merge.none', { reference: `Patient/${source}` });
  const lasting = await whyLasting(draft.merges, merge);
  if (lasting !== undefined) throw new Refusal('merge.lasting', { reason: lasting });
  const { target, sourceVersion, targetVersion, elsewhere } = merge;
  const written: readonly Held[] = [
    ...(await draft.merges.writtenAt(target, targetVersion)),
    ...(await draft.merges.writtenAt(source, sourceVersion)),
    ...elsewhere,
  ];
  await putBack(draft, written);
  draft.merge = {
    ...{ undo: true, source, target, at: draft.at, by: doer(actor), reason: reason ?? null },
    ...{ sourceVersion, targetVersion, elsewhere: [] },
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

/** Each record as it was before the version that it has now. */
async function putBack(draft: ChartDraft, written: readonly Held[]): Promise<void> {
  const before = await draft.merges.versions(written.map((one) => ({ ...one, version: one.version - 1 })));
  const was = new Map(before.map((one) => [`${one.type}/${one.id}`, one.record]));
  const slices = new Slices();
  for (const stored of await draft.merges.versions(written)) {
    const record = was.get(`${stored.type}/${stored.id}`);
    // A merge makes no record.
    if (!record) throw new Error(`${stored.type}/${stored.id} was nothing before it was merged`);
    draft.move(stored, record);
    await slices.pause();
  }
}
