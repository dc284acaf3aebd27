// /api/patients/:id/merge: merge two charts of one person, and undo a mistaken merge.

import type { Patient } from '@medplum/fhirtypes';
import type { ChartReader } from '#chart/contract.ts';
import { type MergePlan, mergeCharts, mergeKeys, planMerge } from '#chart/merges/merge.ts';
import { replacedBy } from '#chart/merges/person.ts';
import { unmergeCharts, whyLasting } from '#chart/merges/unmerge.ts';
import type { ChartName } from '@chartwire/client/internal/contract/chart-name';
import { MERGES, type MergeShape } from '@chartwire/client/internal/contract/merges';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import type { PostgresStore } from '#store/postgres.ts';
import { route, type RoutesOf } from '../route.ts';
import { originOf } from './entries.ts';
import { Names } from './names.ts';
import { patientView } from './patients.ts';

export const MERGE_ROUTES: RoutesOf<typeof MERGES> = {
  list: route(MERGES.list, async (call, { chart, store }) => {
    const { id } = call.params;
    call.concerns(id);
    const reader = chart.reader(originOf(call));
    const found = await reader.current('Patient', id);
    if (!found) throw new Refusal('record.not-found', { reference: `Patient/${id}` });
    const into = found.record ? await mergedInto(reader, store, found.record) : null;
    const own = await store.merges.of(id);
    const merges = [...(own ? [own] : []), ...(await store.merges.into(id))];
    const names = await Names.of(
      reader,
      merges.flatMap(({ source, target }) => [`Patient/${source}`, `Patient/${target}`]),
    );
    const merged = merges.map(async ({ source, target, at, by, reason, ...rest }) => ({
      ...{ source: names.chart(source), target: names.chart(target), at, by, reason },
      lasting: (await whyLasting(store.merges, { source, target, at, by, reason, ...rest })) ?? null,
    }));
    return { into, merged: await Promise.all(merged) };
  }),
  merge: route(
    MERGES.merge,
    async (call, { chart }) => {
      const { into, preview = false, reason, confirm } = call.body;
      const move = { source: call.params.id, target: into };
      call.concerns(move.source);
      const wish = { ...move, actor: call.access.actor, reason, confirm };
      // Read before the merge, like the rest of the answer.
      const visits = await chart.reader(originOf(call)).lists.lastVisits([move.source, move.target]);
      const { result } = await chart.withChart(
        originOf(call),
        (draft) => (preview ? planMerge(draft, move) : mergeCharts(draft, wish)),
        { exclusive: mergeKeys(move) },
      );
      return { preview, ...viewOf(result, visits) };
    },
    { patients: ({ source, target }) => [source.id, target.id] },
  ),
  unmerge: route(
    MERGES.unmerge,
    async (call, { chart, store }) => {
      const { id: source } = call.params;
      call.concerns(source);
      const merge = await store.merges.of(source);
      const { result } = await chart.withChart(
        originOf(call),
        (draft) => unmergeCharts(draft, { source, actor: call.access.actor, reason: call.body.reason }),
        { exclusive: merge ? mergeKeys(merge) : [] },
      );
      return { source, target: result.target };
    },
    { patients: ({ source, target }) => [source, target] },
  ),
};

/** Where the content of a patient's chart is now; null for a chart that wasn't merged. */
export async function mergedInto(
  reader: ChartReader,
  { merges }: Pick<PostgresStore, 'merges'>,
  patient: Patient,
): Promise<ChartName | null> {
  const link = parseReference(replacedBy(patient));
  if (patient.id === undefined || link?.type !== 'Patient') return null;
  const id = (await merges.survivors([patient.id])).get(patient.id) ?? link.id;
  const names = await Names.of(reader, [`Patient/${id}`]);
  return names.chart(id);
}

function viewOf(
  { source, target, counts, kept, differences }: MergePlan,
  visits: ReadonlyMap<string, string>,
): Omit<MergeShape, 'preview'> {
  return {
    source: patientView({ ...source.record, id: source.id }, visits),
    target: patientView({ ...target.record, id: target.id }, visits),
    moved: { ...counts },
    kept: { ...kept },
    differences: [...differences],
  };
}
