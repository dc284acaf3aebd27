// /api/charts: a patient’s chart as one page shows it, and its timeline.

import type { Resource } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import { OTHER_TYPES } from '@chartwire/sdk/internal/records/other-records';
import { ChartName } from './chart-name.ts';
import { ScoreShape } from './command.ts';
import { After, FhirId, limit, only, orNull, pageOf } from './parameters.ts';
import { row } from './row.ts';
import { Item, Types } from './timeline.ts';

/** Maximum number of records of each type in an answer. */
export const SECTION_LIMIT = 500;

/** The types that a summary can contain. */
export const CHART_TYPES = [
  'Patient',
  'AllergyIntolerance',
  'Appointment',
  'CarePlan',
  'Communication',
  'Condition',
  'Consent',
  'Coverage',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'FamilyMemberHistory',
  'Flag',
  'Goal',
  'GuidanceResponse',
  'Immunization',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
  'QuestionnaireResponse',
  'RelatedPerson',
  'ServiceRequest',
  'Task',
  ...OTHER_TYPES,
] as const;

/** Types of records in a summary. */
export type SectionType = Exclude<(typeof CHART_TYPES)[number], 'Patient'>;
export type RecordOf<T extends string> = Extract<Resource, { resourceType: T }> & { readonly id: string };
export type ChartRecords = { readonly [T in SectionType]?: readonly RecordOf<T>[] };

const FhirPatient = Type.Unsafe<RecordOf<'Patient'>>(
  Type.Record(Type.String(), Type.Unknown(), { description: 'A FHIR R4 resource.' }),
);

const FhirRecord = Type.Unsafe<Resource>(
  Type.Record(Type.String(), Type.Unknown(), { description: 'A FHIR R4 resource.' }),
);

/** A patient’s chart, as one answer. */
const Chart = Type.Object({
  patient: FhirPatient,
  mergedInto: orNull(ChartName, {
    description: 'Where what was in this chart is now, when the chart was merged into another one.',
  }),
  version: Type.Integer({ description: 'Of the chart: it grows with every change.' }),
  records: Type.Unsafe<ChartRecords>(Type.Record(Type.String(), Type.Array(FhirRecord))),
  truncated: Type.Array(Type.String(), { description: `Types of which there are more than ${SECTION_LIMIT}.` }),
  withheld: Type.Array(Type.String(), { description: 'Types that the caller may not read.' }),
  scores: Type.Optional(
    Type.Array(ScoreShape, {
      description:
        'What the answers to questionnaires that ship come to, newest first; with QuestionnaireResponse only.',
    }),
  ),
  questionnaires: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'Titles of the questionnaires, by the canonical that answers have.',
    }),
  ),
});
export type Chart = Static<typeof Chart>;

export const CHARTS = {
  get: row({
    method: 'GET',
    path: '/api/charts/:patient',
    operation: 'charts.get',
    summary: 'A patient’s chart: the current records of a summary, as one answer that was true at one moment',
    needs: 'Patient.r',
    params: only({ patient: FhirId }),
    query: only({
      types: Type.Optional(
        Type.String({
          pattern: '^[A-Z][A-Za-z]+(,[A-Z][A-Za-z]+)*$',
          description: `Of these types only: ${CHART_TYPES.join(', ')}.`,
        }),
      ),
    }),
    answer: {
      status: 200,
      description: 'The records that the caller may read, by type, newest first.',
      schema: Chart,
    },
  }),
  timeline: row({
    method: 'GET',
    path: '/api/charts/:patient/timeline',
    operation: 'charts.timeline',
    summary:
      'Notes, reports, documents, messages and appointments of a chart, and what came without a note, newest first',
    needs: 'Patient.r',
    params: only({ patient: FhirId }),
    query: only({ types: Type.Optional(Types), after: After, limit: limit(30, 200) }),
    answer: { status: 200, description: 'A page of what the caller may read.', schema: pageOf(Item) },
  }),
};
