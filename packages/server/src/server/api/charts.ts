// /api/charts: a patient's chart in one answer: the current records of a summary.

import type { DiagnosticReport, Observation, Patient, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import type { ChartReader } from '#chart/contract.ts';
import { scoreOf } from '#chart/questionnaires/score.ts';
import { readResults } from '#chart/results-of.ts';
import {
  type CHART_TYPES,
  type ChartRecords,
  CHARTS,
  SECTION_LIMIT,
  type RecordOf,
} from '@chartwire/client/internal/contract/charts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { OTHER_TYPES, type OtherType } from '@chartwire/sdk/internal/records/other-records';
import type { Wanted } from '#store/charts.ts';
import { route, type RoutesOf } from '../route.ts';
import { originOf, scoreView } from './entries.ts';
import { mergedInto } from './merges.ts';
import { questionnaireTitles } from './questionnaire-titles.ts';
import { datesOf, SECTION_CATEGORIES, timeline } from './timeline.ts';

interface Section extends Omit<Wanted, 'type'> {
  /** A filter that search tokens can't express. */
  readonly shows?: (record: Resource) => boolean;
}

/** The sections of a summary. Findings of other categories are shown where they were made. */
const SECTIONS: Readonly<Record<string, Section>> = {
  Patient: { dates: [] },
  AllergyIntolerance: { dates: ['date', 'onset'] },
  Appointment: { dates: ['date'] },
  CarePlan: { dates: ['date'] },
  Communication: { dates: ['sent'] },
  Condition: { dates: ['onset-date', 'recorded-date'] },
  Consent: { dates: ['date'] },
  Coverage: { dates: [] },
  DiagnosticReport: { dates: ['date'] },
  DocumentReference: { dates: ['date'] },
  Encounter: { dates: ['date'] },
  FamilyMemberHistory: { dates: ['date'] },
  /** Banner alerts, and other warnings. */
  Flag: { dates: ['date'], shows: (flag) => flag.resourceType !== 'Flag' || flag.status === 'active' },
  Goal: { dates: ['start-date'] },
  /** Protocol cards. */
  GuidanceResponse: { dates: [] },
  Immunization: { dates: ['date'] },
  MedicationRequest: { dates: ['authoredon'] },
  MedicationStatement: { dates: ['effective'] },
  Observation: {
    dates: ['date'],
    tokens: SECTION_CATEGORIES,
  },
  Procedure: { dates: ['date'] },
  QuestionnaireResponse: { dates: ['authored'] },
  RelatedPerson: { dates: [] },
  ServiceRequest: { dates: ['authored'] },
  Task: { dates: ['authored-on'] },
  ...otherSections(),
} satisfies Record<(typeof CHART_TYPES)[number], Section>;

/** Types without a section of their own, ordered by the dates that R4 defines search parameters for. */
function otherSections(): Record<OtherType, Section> {
  return Object.fromEntries(OTHER_TYPES.map((type) => [type, { dates: datesOf(type) }])) as Record<OtherType, Section>;
}

export const CHART_ROUTES: RoutesOf<typeof CHARTS> = {
  get: route(CHARTS.get, async (call, { chart: charts, store }) => {
    const { patient: id } = call.params;
    call.concerns(id);
    const reader = charts.reader(originOf(call));
    const types = call.query.types === undefined ? Object.keys(SECTIONS) : chosenTypes(call.query.types);
    if (call.query.types !== undefined) for (const type of types) reader.require(type, 'r');
    const readable = reader.readable(types);
    const wanted = [...new Set(['Patient', ...types])].map((type) => wantedOf(type));
    const chart = await reader.lists.summary(id, wanted, SECTION_LIMIT);
    const records = Object.fromEntries([...(chart?.records ?? [])].map(([type, found]) => [type, shown(type, found)]));
    const { Patient: [patient] = [], ...others } = records;
    if (!chart || !patient) throw await missing(reader, id);
    const withheld = types.filter((type) => !readable.includes(type));
    const { Observation } = others;
    const reports =
      Observation && (types.includes('DiagnosticReport') ? others.DiagnosticReport : await reportsOf(reader, id));
    const results = Observation && {
      Observation: [...Observation, ...(await resultsIn(reader, id, reports ?? [], Observation))],
    };
    return {
      // Grouped by requested type.
      patient: patient as RecordOf<'Patient'>,
      mergedInto: await mergedInto(reader, store, patient as Patient),
      version: chart.version,
      records: { ...others, ...results } as ChartRecords,
      truncated: chart.cut,
      withheld,
      ...(await interviewsIn(reader, others, patient as Patient)),
    };
  }),
  timeline,
};

async function interviewsIn(
  reader: ChartReader,
  { QuestionnaireResponse: found }: Readonly<Record<string, readonly Resource[]>>,
  { gender }: Patient,
) {
  if (!found) return {};
  const interviews = found as readonly QuestionnaireResponse[];
  return {
    scores: interviews.flatMap((one) => scoreOf(one, gender) ?? []).map(scoreView),
    questionnaires: await questionnaireTitles(reader, interviews),
  };
}

async function reportsOf({ lists }: ChartReader, patient: string): Promise<readonly Resource[]> {
  return (
    (await lists.summary(patient, [wantedOf('DiagnosticReport')], SECTION_LIMIT))?.records.get('DiagnosticReport') ?? []
  );
}

/** Observations that reports refer to, directly or in panels, and that aren't in `shown`: without a category, or older. */
async function resultsIn(
  { lists }: ChartReader,
  patient: string,
  reports: readonly Resource[],
  shown: readonly Resource[],
) {
  const known = new Map(
    shown.map((record) => [record.id, { id: record.id!, version: 0, record: record as Observation }]),
  );
  const { read } = await readResults(reports as readonly DiagnosticReport[], async (references) => {
    const unknown = references.filter(({ id }) => !known.has(id));
    const found = unknown.length > 0 ? await lists.several(unknown) : [];
    return [...references.flatMap(({ id }) => known.get(id) ?? []), ...found.filter((one) => one.patient === patient)];
  });
  return [...read.values()].flatMap(({ id, record }) => (record && !known.has(id) ? [record] : []));
}

function chosenTypes(text: string): readonly string[] {
  const types = text.split(',');
  const unknown = types.find((type) => !Object.hasOwn(SECTIONS, type));
  if (unknown === undefined) return types;
  throw new Refusal('request.invalid', { reason: `a chart has no section ${unknown}` }, [
    { path: 'types', message: `is of ${Object.keys(SECTIONS).join(', ')}` },
  ]);
}

function wantedOf(type: string): Wanted {
  const { shows, ...wanted } = SECTIONS[type]!;
  return { type, ...wanted };
}

function shown(type: string, records: readonly Resource[]): readonly Resource[] {
  const { shows } = SECTIONS[type]!;
  return shows ? records.filter(shows) : records;
}

/** Why there is no patient to show. */
export async function missing(reader: ChartReader, patient: string): Promise<Refusal> {
  const was = await reader.current('Patient', patient);
  return new Refusal(was ? 'record.deleted' : 'record.not-found', { reference: `Patient/${patient}` });
}
