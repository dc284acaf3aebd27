// /api/patients/:id/merge: merge two charts of one person, and undo a mistaken merge.

import { type Static, Type } from 'typebox';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { Actor } from './actor.ts';
import { ChartName } from './chart-name.ts';
import { FhirId, Named, only, orNull, Time } from './parameters.ts';
import { PatientShape } from './patients.ts';
import { row } from './row.ts';

/** What may differ between two patients, so that a merge asks about it. */
export const DIFFERENCES = ['name', 'birth-date', 'sex', 'sex-at-birth', 'birth-order', 'deceased'] as const;

const MergeShape = Type.Object({
  preview: Type.Boolean({ description: 'True where nothing was written.' }),
  source: { ...PatientShape, description: 'The patient whose chart ends.' },
  target: { ...PatientShape, description: 'The patient whose chart stays.' },
  moved: Type.Record(Type.String(), Type.Integer(), {
    description: 'How many records move, by their type; `Note` and `Command` among them.',
  }),
  kept: Type.Record(Type.String(), Type.Integer(), {
    description: 'How many records are in the chart that stays already, by their type.',
  }),
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

export const MERGES = {
  list: row({
    method: 'GET',
    path: '/api/patients/:id/merges',
    operation: 'patients.merges',
    summary: 'The charts that were merged into a patient’s, and the one that theirs was merged into',
    needs: 'Patient.r',
    about: 'Patient',
    params: Named,
    answer: { status: 200, description: 'Merges that stand.', schema: MergesShape },
  }),
  merge: row({
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
  }),
  unmerge: row({
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
  }),
};
