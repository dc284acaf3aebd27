// Laboratory values as a table: a panel, its values by day, and where each lies.

import type { Observation } from '@medplum/fhirtypes';
import { isImaging } from '@chartwire/sdk/internal/records/diagnostic-service';
import { type Finding, findingsIn, findingsOf, type Lookup } from '@chartwire/sdk/internal/records/findings';
import { normalText, resultName, resultUnit, shortName } from '@chartwire/sdk/internal/records/result-text';
import { conceptText } from '../fhir/words.ts';
import { type Chart, type RecordOf, recordsOf } from './chart-data.ts';
import { bodyMassIndexes } from './body-mass.ts';
import { codeOf, dayOf, hasCategory, whenOf } from './readings.ts';

export interface Panel {
  readonly name: string;
  /** Days of its columns, newest first. */
  readonly days: readonly string[];
  readonly rows: readonly ResultRow[];
  /** What its newest report is. */
  readonly report: RecordOf<'DiagnosticReport'> | undefined;
}

export interface ResultRow {
  readonly code: string;
  /** Whole, as the laboratory has it. */
  readonly name: string;
  /** As far as it tells it from the others of the panel. */
  readonly short: string;
  readonly unit: string;
  /** The normal range in words. */
  readonly range: string;
  /** By the days of the panel. */
  readonly cells: readonly (Finding | undefined)[];
  /** Numbers, oldest first. */
  readonly trend: readonly number[];
}

const SHOWN_DAYS = 4;
const OTHERS = 'Other results';

/** What reports and panels of a chart refer to. */
export function lookupIn(chart: Chart): Lookup {
  const known = new Map(recordsOf(chart, 'Observation').map((one) => [`Observation/${one.id}`, one]));
  return (reference) => known.get(reference);
}

/** Every value of a chart, also those that reports contain, those of components, and what follows of them; newest first. */
export function valuesIn(chart: Chart): readonly Finding[] {
  const lookup = lookupIn(chart);
  const values = new Map<string, Finding>();
  for (const report of recordsOf(chart, 'DiagnosticReport'))
    for (const one of findingsOf(report, lookup).found) values.set(one.key, one);
  for (const observation of recordsOf(chart, 'Observation')) {
    const record = `Observation/${observation.id}`;
    for (const one of findingsIn(observation, lookup).found) if (!values.has(one.key)) values.set(one.key, one);
    // One that is read as a whole, as a blood pressure is.
    if (observation.component) values.set(record, { key: record, record, observation });
  }
  const newest = [...values.values()].sort(newestFirst);
  const indexes = bodyMassIndexes(newest, chart.patient.birthDate);
  return indexes.length === 0 ? newest : [...newest, ...indexes].sort(newestFirst);
}

export function panelsOf(chart: Chart): readonly Panel[] {
  const lookup = lookupIn(chart);
  const panels = new Map<string, { report?: RecordOf<'DiagnosticReport'>; found: Finding[] }>();
  const placed = new Set<string>();
  const place = (name: string, found: readonly Finding[], report?: RecordOf<'DiagnosticReport'>): void => {
    const fresh = found.filter(({ key }) => !placed.has(key));
    if (found.length === 0 || (!report && fresh.length === 0)) return;
    const panel = panels.get(name) ?? { ...(report && { report }), found: [] };
    panels.set(name, panel);
    panel.found.push(...fresh);
    for (const { key } of fresh) placed.add(key);
  };
  for (const report of recordsOf(chart, 'DiagnosticReport')) {
    const imaging = isImaging(report.category);
    const found = findingsOf(report, lookup).found.filter(({ observation: { category } }) =>
      imaging ? hasCategory(category, 'laboratory') : !hasCategory(category, 'vital-signs'),
    );
    place(conceptText(report.code) || OTHERS, found, report);
  }
  for (const one of recordsOf(chart, 'Observation')) {
    if (hasCategory(one.category, 'laboratory')) place(OTHERS, findingsIn(one, lookup).found);
  }
  return [...panels].map(([name, { report, found }]) => panelOf(name, report, found));
}

function newestFirst(a: Finding, b: Finding): number {
  return (whenOf(b.observation) ?? '').localeCompare(whenOf(a.observation) ?? '');
}

function panelOf(name: string, report: Panel['report'], found: readonly Finding[]): Panel {
  const newest = [...found].sort(newestFirst);
  const days = [...new Set(newest.map(({ observation }) => dayOf(observation)))].slice(0, SHOWN_DAYS);
  const groups = Object.values(Object.groupBy(newest, ({ observation }) => codeOf(observation))) as Finding[][];
  const rows = groups.map((group) => rowOf(group, days));
  return { name: shortName(name), days, report, rows: rows.map((row) => shortest(row, rows)) };
}

function shortest(row: ResultRow, rows: readonly ResultRow[]): ResultRow {
  return rows.filter(({ short }) => short === row.short).length > 1 ? { ...row, short: row.name } : row;
}

function rowOf(group: readonly Finding[], days: readonly string[]): ResultRow {
  const latest = group[0]!.observation;
  const name = resultName(latest) || 'Unnamed result';
  return {
    code: codeOf(latest),
    name,
    short: shortName(name),
    unit: resultUnit(latest),
    range: normalText(latest),
    cells: days.map((day) => group.find(({ observation }) => dayOf(observation) === day)),
    trend: trendOf(group.map(({ observation }) => observation)),
  };
}

/** Numbers that can be compared with the latest: those in its unit. @param newest first */
export function trendOf(observations: readonly Observation[]): readonly number[] {
  const [latest] = observations;
  return observations
    .filter((one) => latest && resultUnit(one) === resultUnit(latest))
    .flatMap(({ valueQuantity }) => valueQuantity?.value ?? [])
    .filter(Number.isFinite)
    .reverse();
}
