// /api/reports: results and documents to review, with an optional message to the patient.

import type { DiagnosticReport, DocumentReference, Observation } from '@medplum/fhirtypes';
import type { Static } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import { readResults, type ResultsRead } from '#chart/results-of.ts';
import { review } from '#chart/reviews.ts';
import {
  REPORT_TYPES,
  REPORTS,
  type ReportShape,
  type REVIEW_STATES,
  type REVIEWED_REPORT,
  type ResultsShape,
  type Reviewing,
} from '@chartwire/client/internal/contract/reports';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { sha256 } from '@chartwire/sdk/internal/kit/sha256';
import { DOCUMENT_CATEGORY, REVIEW } from '@chartwire/sdk/internal/kit/systems';
import { patientOf } from '#r4/search-index.ts';
import { resultName, resultText, resultUnit } from '@chartwire/sdk/internal/records/result-text';
import type { Finding } from '@chartwire/sdk/internal/records/findings';
import { flagOf } from '@chartwire/sdk/internal/records/interpretation';
import {
  isReviewed,
  type Report,
  type Review,
  REVIEWED,
  reviewsOf,
  UNREVIEWED,
} from '@chartwire/sdk/internal/records/review';
import type { FoundReport, ReportQuery } from '#store/reports.ts';
import { type Call, route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import { originOf } from './entries.ts';
import { sendTo } from './messages.ts';
import { conceptText, Names, personName } from './names.ts';

const MARK = [`_tag=${REVIEW}|${REVIEWED}`];
const STATES: Readonly<Record<(typeof REVIEW_STATES)[number], Pick<ReportQuery, 'having' | 'lackingMarks' | 'marks'>>> =
  {
    unreviewed: { lackingMarks: MARK, marks: [UNREVIEWED] },
    reviewed: { having: MARK, marks: [REVIEWED] },
    all: { marks: [UNREVIEWED, REVIEWED] },
  };
/** Left out: errors, documents that aren't filed yet, and superseded ones. */
const LACKING = ['status=|entered-in-error', 'status=|superseded', `category=${DOCUMENT_CATEGORY}|inbox`];

const listing = route(
  REPORTS.list,
  async (call, { chart }) => {
    const { state = 'unreviewed', patient = null, after, limit: size = 50 } = call.query;
    if (patient !== null) call.concerns(patient);
    const reader = chart.reader(originOf(call));
    const { items, next } = await reader.lists.reports({
      types: REPORT_TYPES,
      patient,
      ...STATES[state],
      lacking: LACKING,
      ...(after !== undefined && { after }),
      limit: size,
    });
    return { items: await viewsOf(reader, items), next };
  },
  { patients: ({ items }) => items.map(({ patient }) => patient.id) },
);

const reviewing = {
  reviewDiagnosticReport: route(REPORTS.reviewDiagnosticReport, (call, services) =>
    reviewed('DiagnosticReport', call, services),
  ),
  reviewDocumentReference: route(REPORTS.reviewDocumentReference, (call, services) =>
    reviewed('DocumentReference', call, services),
  ),
  reviewObservation: route(REPORTS.reviewObservation, (call, services) => reviewed('Observation', call, services)),
};

type Reviewed = Pick<
  Call<{ id: string }, unknown, Static<typeof Reviewing>>,
  'access' | 'concerns' | 'params' | 'body'
>;

/** Marks a report as reviewed, and sends the message if given. */
async function reviewed(
  type: ReportShape['type'],
  call: Reviewed,
  { chart }: Services,
): Promise<Static<(typeof REVIEWED_REPORT)['schema']>> {
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
  const found = { ...stored, changedAt: new Date(stored.at), resource: stored.record! };
  const [view] = await viewsOf(reader, [found]);
  return { ...view!, message: result };
}

const values = {
  results: route(REPORTS.results, (call, services) => valuesOf('DiagnosticReport', call, services)),
  resultsOfObservation: route(REPORTS.resultsOfObservation, (call, services) =>
    valuesOf('Observation', call, services),
  ),
};

async function valuesOf(
  type: 'DiagnosticReport' | 'Observation',
  call: Call<{ id: string }>,
  { chart }: Services,
): Promise<ResultsShape> {
  const reader = chart.reader(originOf(call));
  const stored = await reader.current(type, call.params.id);
  const report = stored?.record;
  if (!report) throw new Refusal('record.not-found', { reference: `${type}/${call.params.id}` });
  const patient = patientOf(report);
  if (patient) call.concerns(patient);
  const { found, missing } = (await resultsOf(reader, [report])).findings(report);
  return {
    items: found.map(({ observation, ...one }) => ({ ...one, observation: { ...observation } })),
    missing: missing.length,
  };
}

export const REPORT_ROUTES: RoutesOf<typeof REPORTS> = { list: listing, ...values, ...reviewing };

/** Reports with names and the state of their results, read at once. */
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
      value: ownValue(report),
      ...countsOf(report, results),
      review: review ?? null,
      earlier: review ? reviews.slice(1) : reviews,
      seen: seenOf(report, version, results),
    };
  });
}

function resultsOf(reader: ChartReader, reports: readonly Report[]): Promise<ResultsRead> {
  const mayRead = reader.readable(['Observation']).length > 0;
  return readResults(reports.filter(hasResults), async (references) =>
    mayRead ? reader.lists.several(references) : [],
  );
}

function hasResults(report: Report): report is DiagnosticReport | Observation {
  return report.resourceType !== 'DocumentReference';
}

function countsOf(report: Report, results: ResultsRead): Pick<ReportShape, 'results' | 'abnormal' | 'critical'> {
  if (!hasResults(report)) return { results: 0, abnormal: 0, critical: 0 };
  const { found, missing } = results.findings(report);
  const flags = found.flatMap(({ observation }: Finding) => flagOf(observation) ?? []);
  const critical = flags.filter((flag) => flag.critical).length;
  const known = (count: number): number | null => (count > 0 || missing.length === 0 ? count : null);
  return { results: found.length + missing.length, abnormal: known(flags.length), critical: known(critical) };
}

/** For an Observation without a report: its value and flag. */
function ownValue(report: Report): ReportShape['value'] {
  if (report.resourceType !== 'Observation') return null;
  const text = [resultText(report).slice(0, 200), resultUnit(report)].filter(Boolean).join(' ');
  return text === '' ? null : { text, flag: flagOf(report)?.word ?? null };
}

/** The versions of the report and of its results. */
function seenOf(report: Report, version: number, results: ResultsRead): string {
  const found = hasResults(report) ? results.findings(report).records : [];
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
  if (report.resourceType === 'Observation') {
    const { effectiveDateTime, effectivePeriod, effectiveInstant, issued, performer } = report;
    const at = effectiveDateTime ?? effectivePeriod?.start ?? effectiveInstant ?? issued;
    return { title: resultName(report) || 'Unnamed result', at, author: performer?.[0] as DiagnosticReport['subject'] };
  }
  const { content, type, date, author }: DocumentReference = report;
  const title = content[0]?.attachment.title ?? conceptText(type) ?? 'Document';
  return { title, at: date, author: author?.[0] as DiagnosticReport['subject'] };
}
