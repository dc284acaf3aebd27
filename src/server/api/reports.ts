// /api/reports: results and documents that arrived in charts, to be looked at; with a word to the patient where it is wanted.

import type { DiagnosticReport, DocumentReference, Observation, Resource } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import { REVIEWED, type Report, review, reviewOf } from '#chart/reviews.ts';
import { Refusal } from '#kit/errors.ts';
import { text } from '#kit/schema.ts';
import { DOCUMENT_CATEGORY, REVIEW } from '#kit/systems.ts';
import { patientOf } from '#r4/search-index.ts';
import type { FoundReport } from '#store/reports.ts';
import { type Route, route } from '../route.ts';
import { Named, only, originOf, Version } from './entries.ts';
import { sendTo } from './messages.ts';
import { conceptText, Names, personName } from './names.ts';
import { After, FhirId, limit, orNull, pageOf, Time } from './parameters.ts';

const TYPES = ['DiagnosticReport', 'DocumentReference'] as const;

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
  results: Type.Integer(),
  abnormal: orNull(
    Type.Integer({ description: 'Results outside of their range; null for who may not read an Observation.' }),
  ),
  review: orNull(Type.Object({ at: Type.String(), by: orNull(Type.String()), comment: orNull(Type.String()) })),
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
    }),
    answer: {
      status: 200,
      description: 'The report, and the message that was sent.',
      schema: Type.Object({ ...ReportShape.properties, message: orNull(FhirId) }),
    },
    handle: async (call, { chart }) => {
      const { id } = call.params;
      const { comment, message, version } = call.body;
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
        if (version !== undefined && version !== actual) {
          throw new Refusal('record.conflict', { reference: `${type}/${id}`, actual });
        }
        await review(draft, { ...report, id }, call.access.actor, comment);
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

export const REPORT_ROUTES: readonly Route[] = [listing, ...reviewing];

/** Reports with names and the state of their results, all read at once. */
async function viewsOf(reader: ChartReader, found: readonly FoundReport[]): Promise<ReportShape[]> {
  const reports = found.map(({ resource }) => resource as Report);
  const [names, results] = await Promise.all([
    Names.of(
      reader,
      reports.flatMap((report) => [
        report.subject?.reference,
        saidBy(report).author?.reference,
        reviewOf(report)?.by.reference,
      ]),
    ),
    reader.readable(['Observation']).length > 0 ? abnormalOf(reader, reports.flatMap(resultsOf)) : null,
  ]);
  return found.map(({ type, id, version, patient, changedAt, resource }) => {
    const report = resource as Report;
    const { title, at, author } = saidBy(report);
    const seen = reviewOf(report);
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
      results: resultsOf(report).length,
      abnormal: results && resultsOf(report).filter((one) => results.has(one)).length,
      review: seen && { at: seen.at, by: names.of(seen.by), comment: seen.comment },
    };
  });
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

function resultsOf(report: Report): string[] {
  return report.resourceType === 'DiagnosticReport'
    ? (report.result ?? []).flatMap(({ reference }) => reference ?? [])
    : [];
}

/** References to those results that their interpretation calls abnormal. */
async function abnormalOf({ lists }: ChartReader, references: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = references.flatMap((reference) => /^Observation\/(.+)$/.exec(reference)?.[1] ?? []);
  const found = await lists.several(asked.map((id) => ({ type: 'Observation', id })));
  const abnormal = found.filter(({ resource }) => isAbnormal(resource as Observation | undefined));
  return new Set(abnormal.map(({ id }) => `Observation/${id}`));
}

/** http://hl7.org/fhir/R4/valueset-observation-interpretation.html */
const ABNORMAL: ReadonlySet<string> = new Set(['A', 'AA', 'H', 'HH', 'HU', 'L', 'LL', 'LU', '<', '>', 'POS', 'R']);

function isAbnormal(result: Observation | undefined): boolean {
  const codes = result?.interpretation?.flatMap(({ coding = [] }) => coding.map(({ code = '' }) => code)) ?? [];
  return codes.some((code) => ABNORMAL.has(code));
}
