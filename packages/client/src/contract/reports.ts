// /api/reports: results and documents to review, including laboratory values that came without a report.

import type { Observation } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { After, FhirId, limit, Named, only, orNull, pageOf, Time, Version } from './parameters.ts';
import { row } from './row.ts';

export const REPORT_TYPES = ['DiagnosticReport', 'DocumentReference', 'Observation'] as const;

const ReviewShape = Type.Object({
  at: Type.String(),
  by: orNull(Type.String()),
  comment: orNull(Type.String()),
  version: orNull(Type.Integer({ description: 'Of the report that was looked at; null of old reviews.' })),
});

export const ReportShape = Type.Object({
  type: Type.Enum([...REPORT_TYPES]),
  id: FhirId,
  version: Type.Integer(),
  title: Type.String(),
  status: Type.String(),
  at: orNull(Type.String({ description: 'When it was true of the patient: a day, or a time.' })),
  changedAt: Time,
  patient: Type.Object({ id: FhirId, name: orNull(Type.String()) }),
  author: orNull(Type.String()),
  value: orNull(
    Type.Object({ text: Type.String(), flag: orNull(Type.String({ description: 'Critically high, for one.' })) }),
    {
      description:
        'Of an Observation that came without a report; null of anything else, and where it has no value of its own.',
    },
  ),
  results: Type.Integer({ description: 'Its values, also contained ones and those of panels and components.' }),
  abnormal: orNull(
    Type.Integer({
      description:
        'Those that the laboratory calls abnormal, or that are outside of their range where it says nothing. Null where none of those that the caller may read is, and there are others.',
    }),
  ),
  critical: orNull(Type.Integer({ description: 'Those among them that are critical.' })),
  review: orNull(ReviewShape, { description: 'Of what it says now; null until somebody reviews that.' }),
  earlier: Type.Array(ReviewShape, { description: 'Reviews of what it said before, the latest first.' }),
  seen: Type.String({ description: 'Identifies what it and its results say now. Send it back with a review.' }),
});
export type ReportShape = Static<typeof ReportShape>;

export const REVIEW_STATES = ['unreviewed', 'reviewed', 'all'] as const;

export const Reviewing = only({
  comment: Type.Optional(text(4_000, 'For the record.')),
  message: Type.Optional(text(20_000, 'To the patient.')),
  version: Version,
  seen: Type.Optional(
    text(64, '`seen` of the report that was looked at: refuses the review when it or a result in it changed since'),
  ),
});

export const REVIEWED_REPORT = {
  status: 200,
  description: 'The report, and the message that was sent.',
  schema: Type.Object({ ...ReportShape.properties, message: orNull(FhirId) }),
} as const;

const FhirObservation = Type.Unsafe<Observation>(
  Type.Record(Type.String(), Type.Unknown(), { description: 'A FHIR R4 Observation.' }),
);

const ResultsShape = Type.Object({
  items: Type.Array(
    Type.Object({
      key: Type.String({ description: 'Of its own in the report.' }),
      record: Type.String({ description: 'The record that holds it: of a contained one, the report.' }),
      observation: FhirObservation,
    }),
    {
      description:
        'The values of the report in its order: also contained ones and those of panels and components, each as an Observation.',
    },
  ),
  missing: Type.Integer({ description: 'Results that are not there, or that the caller may not read.' }),
});
export type ResultsShape = Static<typeof ResultsShape>;

export const REPORTS = {
  list: row({
    method: 'GET',
    path: '/api/reports',
    operation: 'reports.list',
    summary:
      'Results and documents in charts, those that arrived last first; laboratory values without a report that call for a look',
    needs: 'DiagnosticReport.s',
    query: only({
      state: Type.Optional(Type.Enum([...REVIEW_STATES], { description: 'unreviewed unless given.' })),
      patient: Type.Optional(FhirId),
      after: After,
      limit: limit(50, 200),
    }),
    answer: { status: 200, description: 'A page of those that the caller may see.', schema: pageOf(ReportShape) },
  }),
  reviewDiagnosticReport: row({
    method: 'POST',
    path: '/api/reports/DiagnosticReport/:id/review',
    operation: 'reports.review.DiagnosticReport',
    summary: 'Marks a DiagnosticReport as reviewed, and writes to the patient about it where `message` is given',
    needs: 'DiagnosticReport.u',
    about: 'DiagnosticReport',
    params: Named,
    body: Reviewing,
    answer: REVIEWED_REPORT,
  }),
  reviewDocumentReference: row({
    method: 'POST',
    path: '/api/reports/DocumentReference/:id/review',
    operation: 'reports.review.DocumentReference',
    summary: 'Marks a DocumentReference as reviewed, and writes to the patient about it where `message` is given',
    needs: 'DocumentReference.u',
    about: 'DocumentReference',
    params: Named,
    body: Reviewing,
    answer: REVIEWED_REPORT,
  }),
  reviewObservation: row({
    method: 'POST',
    path: '/api/reports/Observation/:id/review',
    operation: 'reports.review.Observation',
    summary:
      'Marks an Observation that came without a report as reviewed, and writes to the patient about it where `message` is given',
    needs: 'Observation.u',
    about: 'Observation',
    params: Named,
    body: Reviewing,
    answer: REVIEWED_REPORT,
  }),
  results: row({
    method: 'GET',
    path: '/api/reports/DiagnosticReport/:id/results',
    operation: 'reports.results',
    summary: 'The values of a report, wherever in it they stand',
    needs: 'DiagnosticReport.r',
    about: 'DiagnosticReport',
    params: Named,
    answer: { status: 200, description: 'The values.', schema: ResultsShape },
  }),
  resultsOfObservation: row({
    method: 'GET',
    path: '/api/reports/Observation/:id/results',
    operation: 'reports.results.Observation',
    summary: 'The values of an Observation: its own, those of its components and of its members',
    needs: 'Observation.r',
    about: 'Observation',
    params: Named,
    answer: { status: 200, description: 'The values.', schema: ResultsShape },
  }),
};
