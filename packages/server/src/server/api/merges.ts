// /api/patients/:id/merge: two charts of one person become one, and a merge that was a mistake is undone.

import type { Patient } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import { DIFFERENCES } from '#chart/merges/compare.ts';
import { type MergePlan, mergeCharts, mergeKeys, planMerge } from '#chart/merges/merge.ts';
import { replacedBy } from '#chart/merges/person.ts';
import { unmergeCharts, whyLasting } from '#chart/merges/unmerge.ts';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { text } from '@chartwire/sdk/internal/kit/schema';
import type { PostgresStore } from '#store/postgres.ts';
import { type Route, route } from '../route.ts';
import { ChartName, Named, only, originOf } from './entries.ts';
import { Names, recordName } from './names.ts';
import { FhirId, orNull, Time } from './parameters.ts';
import { PatientShape, patientView } from './patients.ts';
import { Actor } from './shapes.ts';

const Moved = Type.Record(Type.String(), Type.Integer(), {
  description: 'How many records move, by their type; `Note` and `Command` among them.',
});

const MergeShape = Type.Object({
  preview: Type.Boolean({ description: 'True where nothing was written.' }),
  source: { ...PatientShape, description: 'The patient whose chart ends.' },
  target: { ...PatientShape, description: 'The patient whose chart stays.' },
  moved: Moved,
  differences: Type.Array(
    Type.Object({
      what: Type.Enum([...DIFFERENCES]),
      source: orNull(Type.String()),
      target: orNull(Type.String()),
      confirm: Type.Boolean({ description: 'The merge is refused until `confirm` names it.' }),
    }),
    { description: 'In what the two patients differ.' },
  ),
});
export type MergeShape = Static<typeof MergeShape>;

const MergesShape = Type.Object({
  into: orNull(ChartName, { description: 'The chart that this one was merged into.' }),
  merged: Type.Array(
    Type.Object({
      source: ChartName,
      target: ChartName,
      at: Time,
      by: Actor,
      reason: orNull(Type.String()),
      lasting: orNull(Type.String({ description: 'Why it can’t be undone any more; null while it can.' })),
    }),
    { description: 'Merges into this chart, and the one of this chart into another: newest first.' },
  ),
});
export type MergesShape = Static<typeof MergesShape>;

const Reason = text(1_000, 'Why: kept with the merge, and shown.');

export const MERGE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/patients/:id/merges',
    operation: 'patients.merges',
    summary: 'The charts that were merged into a patient’s, and the one that theirs was merged into',
    needs: 'Patient.r',
    about: 'Patient',
    params: Named,
    answer: { status: 200, description: 'Merges that stand.', schema: MergesShape },
    handle: async (call, { chart, store }) => {
      const { id } = call.params;
      call.concerns(id);
      const reader = chart.reader(originOf(call));
      const patient = (await reader.current('Patient', id))?.resource as Patient | undefined;
      const into = patient ? await mergedInto(reader, store, patient) : null;
      const own = await store.merges.of(id);
      const merges = [...(own ? [own] : []), ...(await store.merges.into(id))];
      const names = await Names.of(
        reader,
        merges.flatMap(({ source, target }) => [`Patient/${source}`, `Patient/${target}`]),
      );
      const chartOf = (one: string) => ({ id: one, name: recordName(names.patient(one)) });
      const merged = merges.map(async ({ source, target, at, by, reason, ...rest }) => ({
        ...{ source: chartOf(source), target: chartOf(target), at, by, reason },
        lasting: (await whyLasting(store.merges, { source, target, at, by, reason, ...rest })) ?? null,
      }));
      return { into, merged: await Promise.all(merged) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/patients/:id/merge',
    operation: 'patients.merge',
    summary: 'Merges a patient’s chart into another one of the same person, or says what that would do',
    needs: 'Patient.u',
    about: 'Patient',
    params: Named,
    body: only({
      into: Type.String({ ...FhirId, description: 'The patient whose chart stays.' }),
      preview: Type.Optional(Type.Boolean({ default: false, description: 'Writes nothing.' })),
      reason: Type.Optional(Reason),
      confirm: Type.Optional(
        Type.Array(Type.Enum([...DIFFERENCES]), {
          maxItems: DIFFERENCES.length,
          description: 'Differences that you have seen, both charts being of the same person all the same.',
        }),
      ),
    }),
    answer: { status: 200, description: 'What the merge did, or would do.', schema: MergeShape },
    handle: async (call, { chart }) => {
      const { into, preview = false, reason, confirm } = call.body;
      const move = { source: call.params.id, target: into };
      call.concerns(move.source);
      const wish = { ...move, actor: call.access.actor, reason, confirm };
      const { result } = await chart.withChart(
        originOf(call),
        (draft) => (preview ? planMerge(draft, move) : mergeCharts(draft, wish)),
        { exclusive: mergeKeys(move) },
      );
      return { preview, ...viewOf(result) };
    },
    patients: ({ source, target }) => [source.id, target.id],
  }),
  route({
    method: 'POST',
    path: '/api/patients/:id/unmerge',
    operation: 'patients.unmerge',
    summary: 'Undoes the merge of a patient’s chart into another one, while nothing else was written into either',
    needs: 'Patient.u',
    about: 'Patient',
    params: Named,
    body: only({ reason: Type.Optional(Reason) }),
    answer: {
      status: 200,
      description: 'The two charts, each as it was before.',
      schema: Type.Object({ source: FhirId, target: FhirId }),
    },
    handle: async (call, { chart, store }) => {
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
    patients: ({ source, target }) => [source, target],
  }),
];

/** Where what was in a patient's chart is now; null for a chart that goes on. */
export async function mergedInto(
  reader: ChartReader,
  { merges }: Pick<PostgresStore, 'merges'>,
  patient: Patient,
): Promise<Static<typeof ChartName> | null> {
  const link = parseReference(replacedBy(patient));
  if (patient.id === undefined || link?.type !== 'Patient') return null;
  const id = (await merges.survivors([patient.id])).get(patient.id) ?? link.id;
  const names = await Names.of(reader, [`Patient/${id}`]);
  return { id, name: recordName(names.patient(id)) };
}

function viewOf({ source, target, counts, differences }: MergePlan): Omit<MergeShape, 'preview'> {
  return {
    source: patientView({ ...source.resource, id: source.id }),
    target: patientView({ ...target.resource, id: target.id }),
    moved: { ...counts },
    differences: [...differences],
  };
}
