// Laboratory values as a table: a panel, its values by day, and where each lies.

import type { Observation } from '@medplum/fhirtypes';
import { dateIn } from '#kit/partial-date.ts';
import { codeText, conceptText, quantityText, rangeText } from '../fhir/words.ts';
import { practiceZone } from '../ui/zone.ts';
import { type Chart, type RecordOf, recordsOf } from './chart-data.ts';
import { codeOf, hasCategory, unitOf, valueText, whenOf } from './readings.ts';
import { tableOf } from '../table-of.ts';

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
  readonly cells: readonly (Observation | undefined)[];
  /** Numbers, oldest first. */
  readonly trend: readonly number[];
}

const SHOWN_DAYS = 4;
const OTHERS = 'Other results';

export function panelsOf(chart: Chart): readonly Panel[] {
  const labs = recordsOf(chart, 'Observation').filter(({ category }) => hasCategory(category, 'laboratory'));
  const reports = recordsOf(chart, 'DiagnosticReport');
  const byReference = new Map(labs.map((observation) => [`Observation/${observation.id}`, observation]));
  const panels = new Map<string, { report?: RecordOf<'DiagnosticReport'>; found: Observation[] }>();
  const placed = new Set<Observation>();
  for (const report of reports) {
    const found = (report.result ?? []).flatMap(({ reference }) => byReference.get(reference ?? '') ?? []);
    if (found.length === 0) continue;
    const name = conceptText(report.code) || OTHERS;
    const panel = panels.get(name) ?? { report, found: [] };
    panels.set(name, panel);
    for (const one of found) if (!placed.has(one)) panel.found.push(one);
    for (const one of found) placed.add(one);
  }
  const alone = labs.filter((one) => !placed.has(one));
  if (alone.length > 0)
    panels.set(OTHERS, { ...panels.get(OTHERS), found: [...(panels.get(OTHERS)?.found ?? []), ...alone] });
  return [...panels].map(([name, { report, found }]) => panelOf(name, report, found));
}

function panelOf(name: string, report: Panel['report'], found: readonly Observation[]): Panel {
  const newest = [...found].sort((a, b) => (whenOf(b) ?? '').localeCompare(whenOf(a) ?? ''));
  const days = [...new Set(newest.map(dayOf))].slice(0, SHOWN_DAYS);
  const groups = Object.values(Object.groupBy(newest, codeOf)) as Observation[][];
  const rows = groups.map((group) => rowOf(group, days));
  return { name: shortName(name), days, report, rows: rows.map((row) => shortest(row, rows)) };
}

/**
 * LOINC says of which specimen by which method: `Glucose [Mass/volume] in Blood` is read as Glucose where that will do, and
 * `Hemoglobin A1c/Hemoglobin.total in Blood` as Hemoglobin A1c.
 */
export function shortName(name: string): string {
  return name.split(/ \[|\/Hemoglobin\.total\b| - /)[0] ?? name;
}

/** What SNOMED CT puts behind a term to say of what kind it is. */
const SEMANTIC_TAG = / \((?:finding|qualifier value|disorder|situation|observable entity|substance)\)$/;

function shortest(row: ResultRow, rows: readonly ResultRow[]): ResultRow {
  return rows.filter(({ short }) => short === row.short).length > 1 ? { ...row, short: row.name } : row;
}

function rowOf(group: readonly Observation[], days: readonly string[]): ResultRow {
  const [latest] = group;
  const name = conceptText(latest!.code) || 'Unnamed result';
  return {
    code: codeOf(latest!),
    name,
    short: shortName(name),
    unit: latest!.valueQuantity ? unitOf(latest!.valueQuantity) : '',
    range: rangeOf(latest!),
    cells: days.map((day) => group.find((one) => dayOf(one) === day)),
    trend: group
      .flatMap(({ valueQuantity }) => valueQuantity?.value ?? [])
      .filter(Number.isFinite)
      .reverse(),
  };
}

/** The day at the practice on which it was measured. */
function dayOf(observation: Observation): string {
  const at = whenOf(observation) ?? '';
  return dateIn(practiceZone(), at);
}

export function rangeOf({ referenceRange: [range] = [] }: Observation): string {
  return range?.text ?? rangeText(range);
}

export function resultText({ valueQuantity, valueString, valueCodeableConcept, ...others }: Observation): string {
  if (valueQuantity?.value !== undefined) return `${valueQuantity.comparator ?? ''}${valueText(valueQuantity.value)}`;
  if (valueString !== undefined) return valueString;
  if (valueCodeableConcept) return conceptText(valueCodeableConcept).replace(SEMANTIC_TAG, '');
  if (others.valueInteger !== undefined) return String(others.valueInteger);
  if (others.valueBoolean !== undefined) return others.valueBoolean ? 'yes' : 'no';
  if (others.valueDateTime !== undefined) return others.valueDateTime;
  return (others.component ?? [])
    .map(({ valueQuantity: part, valueString: text }) => (part ? quantityText(part) : text))
    .filter(Boolean)
    .join(', ');
}

export interface Flagged {
  readonly letter: string;
  readonly word: string;
  readonly critical: boolean;
}

const FLAGS: Readonly<Record<string, Flagged>> = tableOf({
  H: { letter: 'H', word: 'High', critical: false },
  HU: { letter: 'H', word: 'Very high', critical: true },
  HH: { letter: 'H', word: 'Critically high', critical: true },
  L: { letter: 'L', word: 'Low', critical: false },
  LU: { letter: 'L', word: 'Very low', critical: true },
  LL: { letter: 'L', word: 'Critically low', critical: true },
  A: { letter: 'A', word: 'Abnormal', critical: false },
  AA: { letter: 'A', word: 'Critically abnormal', critical: true },
  POS: { letter: 'A', word: 'Positive', critical: false },
  DET: { letter: 'A', word: 'Detected', critical: false },
});

/** What the laboratory says of it; where it says nothing, where its range puts the value. */
export function flagOf({
  interpretation,
  valueQuantity,
  referenceRange: [range] = [],
}: Observation): Flagged | undefined {
  const code = interpretation?.map(({ coding }) => codeText(coding)).find((one) => one !== undefined);
  if (code !== undefined) return FLAGS[code];
  const value = valueQuantity?.value;
  if (value === undefined) return undefined;
  if (range?.low?.value !== undefined && value < range.low.value) return FLAGS.L;
  if (range?.high?.value !== undefined && value > range.high.value) return FLAGS.H;
  return undefined;
}
