// A chart as it is held here: read whole once, and of what events name only those types again.

import type { Resource } from '@medplum/fhirtypes';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Chart, RecordOf, SectionType } from '@chartwire/client/internal/contract/charts';
import type { CommandShape } from '@chartwire/client/internal/contract/command';
import type { Problem } from '@chartwire/client/internal/client/index';
import { OTHER_TYPES } from '@chartwire/sdk/internal/records/other-records';
import { api } from '../api/client.ts';
import { type Heard, live } from '../api/live.ts';
import { keyOf, queries } from '../api/queries.ts';
import { sessionEnd } from '../api/session-end.ts';

export type ScoreShape = NonNullable<CommandShape['scores']>[number];

export type { Chart, RecordOf, SectionType };

/** Of which types a chart has records. */
const SECTION_TYPES: readonly SectionType[] = [
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
];

const chartKey = (patient: string) => keyOf(api.charts.get, { params: { patient } });
/** How a chart is read whole. */
export const reading = (patient: string) => ({
  queryKey: chartKey(patient),
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => api.charts.get({ params: { patient }, signal }),
});

export function useChart(patient: string): UseQueryResult<Chart, Problem> {
  return useQuery<Chart, Problem, Chart, ReturnType<typeof chartKey>>(reading(patient));
}

/** The records of a type, without those that were never so. */
export function recordsOf<T extends SectionType>(chart: Chart, type: T): readonly RecordOf<T>[] {
  const records = (chart.records[type] ?? []) as readonly RecordOf<T>[];
  return records.filter((record) => !isErroneous(record));
}

export function recordIn(chart: Chart, type: string, id: string): Resource | undefined {
  const records = (chart.records as Readonly<Record<string, readonly Resource[]>>)[type];
  return records?.find((record) => record.id === id);
}

function isErroneous(record: Resource): boolean {
  if ('status' in record && record.status === 'entered-in-error') return true;
  const verification = 'verificationStatus' in record ? record.verificationStatus : undefined;
  return typeof verification === 'object' && verification.coding?.[0]?.code === 'entered-in-error';
}

/** Types to be read again, by patient; a chart is read by one request at a time, so that no older answer comes last. */
const stale = new Map<string, Set<string>>();
const underWay = new Set<string>();

function hearCharts(events: readonly Heard[]): void {
  for (const { patient, target } of events) {
    const chart = patient === null ? undefined : queries.getQueryData<Chart>(chartKey(patient));
    if (patient === null || !chart || chart.withheld.includes(target.type)) continue;
    if (target.type !== 'Patient' && !SECTION_TYPES.some((type) => type === target.type)) continue;
    const types = (stale.get(patient) ?? new Set()).add(target.type);
    // With a report come the results that it refers to.
    if (target.type === 'DiagnosticReport' && !chart.withheld.includes('Observation')) types.add('Observation');
    stale.set(patient, types);
  }
  for (const patient of stale.keys()) void readAgain(patient);
}

async function readAgain(patient: string): Promise<void> {
  if (underWay.has(patient)) return;
  underWay.add(patient);
  try {
    for (let types = stale.get(patient); types; types = stale.get(patient)) {
      stale.delete(patient);
      const newer = await api.charts.get({ params: { patient }, query: { types: [...types].join(',') } });
      queries.setQueryData<Chart>(chartKey(patient), (chart) => chart && merged(chart, newer, types));
    }
  } catch {
    // Read whole, as anything that could not be read is: again and again until it can be.
    void queries.invalidateQueries({ queryKey: chartKey(patient) });
  } finally {
    underWay.delete(patient);
  }
}

function merged(
  chart: Chart,
  { patient, mergedInto, version, records, truncated, scores, questionnaires }: Chart,
  types: ReadonlySet<string>,
): Chart {
  const cut = [...chart.truncated.filter((type) => !types.has(type)), ...truncated];
  const read = { ...chart.records, ...records };
  const interviews = { ...(scores && { scores }), ...(questionnaires && { questionnaires }) };
  return { ...chart, patient, mergedInto, version, records: read, truncated: cut, ...interviews };
}

sessionEnd.forgetting(() => stale.clear());
// As long as the page is there: a chart that is held but not looked at stays true as well.
live.listen(hearCharts);
