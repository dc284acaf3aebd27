// /api/reports: results and documents that arrived in charts, to be looked at; with a word to the patient where it is wanted.

import type { DiagnosticReport, DocumentReference, Resource } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import { type ResultsRead, readResults } from '#chart/results-of.ts';
import { review } from '#chart/reviews.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { sha256 } from '@chartwire/sdk/internal/kit/sha256';
import { DOCUMENT_CATEGORY, REVIEW } from '@chartwire/sdk/internal/kit/systems';
import { patientOf } from '#r4/search-index.ts';
import type { Finding } from '@chartwire/sdk/internal/records/findings';
import { flagOf } from '@chartwire/sdk/internal/records/interpretation';
import { isReviewed, REVIEWED, type Report, type Review, reviewsOf } from '@chartwire/sdk/internal/records/review';
import type { FoundReport } from '#store/reports.ts';
import { type Route, route } from '../route.ts';
import { Named, only, originOf, Version } from './entries.ts';
import { sendTo } from './messages.ts';
import { conceptText, Names, personName } from './names.ts';
import { After, FhirId, limit, orNull, pageOf, Time } from './parameters.ts';

const TYPES = ['DiagnosticReport', 'DocumentReference'] as const;

const ReviewShape = Type.Object({
  at: Type.String(),
  by: orNull(Type.String()),
  comment: orNull(Type.String()),
  version: orNull(Type.Integer({ description: 'Of the report that was looked at; null of old reviews.' })),
});

const ReportShape = Type.Object({
  type: Type.Enum([...TYPES]),
  id: FhirId,
  version: Type.Integer(),
  title: Type.String(),
  status: Type.String(),
  at: orNull(Type.String({ description: 'When it was true of the patient: a day, or a time.' })),
  changedAt: Time,
  patient: Type.Object({ id: FhirId, name: orNull(Type.String()) }),
  author: orNull(Type.String()),
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
  seen: Type.String({ description: 'Stands for what it and its results say now: sent back with a review.' }),
});
export type ReportShape = Static<typeof ReportShape>;

const MARK = [`_tag=${REVIEW}|${REVIEWED}`];
const STATES = { unreviewed: { lacking: MARK }, reviewed: { having: MARK }, all: {} } as const;
/** Of no use to a reader: errors, what is still to be filed, and what became another report. */
const LACKING = ['status=|entered-in-error', 'status=|superseded', `category=${DOCUMENT_CATEGORY}|inbox`];

const listing = route({
  method: 'GET',
  path: '/api/reports',
  operation: 'reports.list',
  summary: 'Results and documents in charts, those that arrived last first',
  needs: 'DiagnosticReport.s',
  query: only({
    state: Type.Optional(
      Type.Enum(Object.keys(STATES) as (keyof typeof STATES)[], { description: 'unreviewed unless given.' }),
    ),
    patient: Type.Optional(FhirId),
    after: After,
    limit: limit(50, 200),
  }),
  answer: { status: 200, description: 'A page of those that the caller may see.', schema: pageOf(ReportShape) },
  handle: async (call, { chart }) => {
    const { state = 'unreviewed', patient = null, after, limit: size = 50 } = call.query;
    if (patient !== null) call.concerns(patient);
    const reader = chart.reader(originOf(call));
    const { having, lacking = [] }: { having?: readonly string[]; lacking?: readonly string[] } = STATES[state];
    const { items, next } = await reader.lists.reports({
      types: TYPES,
      patient,
      ...(having && { having }),
      lacking: [...LACKING, ...lacking],
      ...(after !== undefined && { after }),
      limit: size,
    });
    return { items: await viewsOf(reader, items), next };
  },
  patients: ({ items }) => items.map(({ patient }) => patient.id),
});

const reviewing = TYPES.map((type) =>
  route({
    method: 'POST',
    path: `/api/reports/${type}/:id/review`,
    operation: `reports.review.${type}`,
    summary: `Marks a ${type} as reviewed, and writes to the patient about it where \`message\` is given`,
    needs: `${type}.u`,
    about: type,
    params: Named,
    body: only({
      comment: Type.Optional(text(4_000, 'For the record.')),
      message: Type.Optional(text(20_000, 'To the patient.')),
      version: Version,
      seen: Type.Optional(
        text(64, '`seen` of the report that was looked at: refuses the review when it or a result in it changed since'),
      ),
    }),
    answer: {
      status: 200,
      description: 'The report, and the message that was sent.',
      schema: Type.Object({ ...ReportShape.properties, message: orNull(FhirId) }),
    },
    handle: async (call, { chart }) => {
      const { id } = call.params;
      const { comment, message, version, seen } = call.body;
      const reader = chart.reader(originOf(call));
      // The answer shows both.
      for (const shown of [type, 'Patient']) reader.require(shown, 'r');
      const { result } = await chart.withChart(originOf(call), async (draft) => {
        if (message !== undefined) draft.require('Communication', 'c');
        const report = await draft.read(type, id);
        const patient = report && patientOf(report);
        if (!report || !patient) throw new Refusal('record.not-found', { reference: `${type}/${id}` });
        call.concerns(patient);
        await draft.claim(type, id, 'u');
        const actual = await draft.versionOf(type, id);
        const stale = version !== undefined && version !== actual;
        if (stale || (seen !== undefined && seen !== (await seenNow(reader, { ...report, id }, actual)))) {
          throw new Refusal('record.conflict', { reference: `${type}/${id}`, actual });
        }
        await review(draft, { ...report, id }, { actor: call.access.actor, comment, version: actual });
        if (message === undefined) return null;
        const topic = saidBy(report).title.slice(0, 200);
        return (await sendTo(draft, call.access.actor, { patient, topic, text: message })).id;
      });
      const stored = (await reader.current(type, id))!;
      const found = { ...stored, changedAt: new Date(stored.at), resource: stored.resource as Resource };
      const [view] = await viewsOf(reader, [found]);
      return { ...view!, message: result };
    },
  }),
);

const FhirObservation = Type.Record(Type.String(), Type.Unknown(), { description: 'A FHIR R4 Observation.' });

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
export interface ResultsShape {
  readonly items: readonly Finding[];
  readonly missing: number;
}

const values = route({
  method: 'GET',
  path: '/api/reports/DiagnosticReport/:id/results',
  operation: 'reports.results',
  summary: 'The values of a report, wherever in it they stand',
  needs: 'DiagnosticReport.r',
  about: 'DiagnosticReport',
  params: Named,
  answer: { status: 200, description: 'The values.', schema: ResultsShape },
  handle: async (call, { chart }) => {
    const reader = chart.reader(originOf(call));
    const stored = await reader.current('DiagnosticReport', call.params.id);
    const report = stored?.resource as DiagnosticReport | undefined;
    if (!report) throw new Refusal('record.not-found', { reference: `DiagnosticReport/${call.params.id}` });
    const patient = patientOf(report);
    if (patient) call.concerns(patient);
    const { found, missing } = (await resultsOf(reader, [report])).findings(report);
    return {
      items: found.map(({ observation, ...one }) => ({ ...one, observation: { ...observation } })),
      missing: missing.length,
    };
  },
});

export const REPORT_ROUTES: readonly Route[] = [listing, values, ...reviewing];

/** Reports with names and the state of their results, all read at once. */
async function viewsOf(reader: ChartReader, found: readonly FoundReport[]): Promise<ReportShape[]> {
  const reports = found.map(({ resource }) => resource as Report);
  const [names, results] = await Promise.all([
    Names.of(
      reader,
      reports.flatMap((report) => [
        report.subject?.reference,
        saidBy(report).author?.reference,
        ...reviewsOf(report).map(({ by }) => by.reference),
      ]),
    ),
    resultsOf(reader, reports),
  ]);
  return found.map(({ type, id, version, patient, changedAt, resource }) => {
    const report = resource as Report;
    const { title, at, author } = saidBy(report);
    const shown = ({ by, ...told }: Review) => ({ ...told, by: names.of(by) });
    const reviews = reviewsOf(report).map(shown);
    const [review] = isReviewed(report) ? reviews : [];
    return {
      type: type as ReportShape['type'],
      id,
      version,
      title,
      status: report.status ?? 'unknown',
      at: at ?? null,
      changedAt: changedAt.toISOString(),
      patient: { id: patient!, name: personName(names.patient(patient!)?.name) },
      author: names.of(author),
      ...countsOf(report, results),
      review: review ?? null,
      earlier: review ? reviews.slice(1) : reviews,
      seen: seenOf(report, version, results),
    };
  });
}

function resultsOf(reader: ChartReader, reports: readonly Report[]): Promise<ResultsRead> {
  const mayRead = reader.readable(['Observation']).length > 0;
  return readResults(
    reports.filter((report) => report.resourceType === 'DiagnosticReport'),
    async (references) => (mayRead ? reader.lists.several(references) : []),
  );
}

function countsOf(report: Report, results: ResultsRead): Pick<ReportShape, 'results' | 'abnormal' | 'critical'> {
  if (report.resourceType !== 'DiagnosticReport') return { results: 0, abnormal: 0, critical: 0 };
  const { found, missing } = results.findings(report);
  const flags = found.flatMap(({ observation }: Finding) => flagOf(observation) ?? []);
  const critical = flags.filter((flag) => flag.critical).length;
  const known = (count: number): number | null => (count > 0 || missing.length === 0 ? count : null);
  return { results: found.length + missing.length, abnormal: known(flags.length), critical: known(critical) };
}

/** The version of the report and of each result in it. */
function seenOf(report: Report, version: number, results: ResultsRead): string {
  const found = report.resourceType === 'DiagnosticReport' ? results.findings(report).records : [];
  const versions = found.map((record) => `${record}@${results.read.get(record)?.version ?? ''}`);
  return sha256([version, ...versions].join(' ')).slice(0, 16);
}

async function seenNow(reader: ChartReader, report: Report, version: number): Promise<string> {
  return seenOf(report, version, await resultsOf(reader, [report]));
}

function saidBy(report: Report): {
  title: string;
  at?: string | undefined;
  author?: DiagnosticReport['subject'] | undefined;
} {
  if (report.resourceType === 'DiagnosticReport') {
    const { code, effectiveDateTime, effectivePeriod, issued, performer } = report;
    const at = effectiveDateTime ?? effectivePeriod?.start ?? issued;
    return { title: conceptText(code) ?? 'Report', at, author: performer?.[0] as DiagnosticReport['subject'] };
  }
  const { content, type, date, author }: DocumentReference = report;
  const title = content[0]?.attachment.title ?? conceptText(type) ?? 'Document';
  return { title, at: date, author: author?.[0] as DiagnosticReport['subject'] };
}
