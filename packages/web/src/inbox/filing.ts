// What is entered of a document before it is filed, and the request that comes of it.

import type { Filing, ReportValue } from '@chartwire/client/internal/contract/inbox';
import { flagOf as flagByRange } from '@chartwire/sdk/internal/records/interpretation';
import { impossibleVital, isTemperature } from '@chartwire/sdk/internal/records/vital-bounds';
import { type Printed, readPrintedValue, waysToRead } from '@chartwire/sdk/internal/records/printed-value';
import { resultText, resultUnit } from '@chartwire/sdk/internal/records/result-text';
import type { TermShape } from '@chartwire/client/internal/contract/terms';
import type { Problem } from '@chartwire/client/internal/client/index';

export type FilingKind = Filing['as'];
export type Flag = NonNullable<ReportValue['interpretation']>;

export interface Kind {
  readonly kind: FilingKind;
  readonly label: string;
  /** Where it stands beside the others. */
  readonly short: string;
}

export const KINDS: readonly Kind[] = [
  { kind: 'lab-report', label: 'Lab report', short: 'Lab report' },
  { kind: 'imaging-report', label: 'Imaging report', short: 'Imaging' },
  { kind: 'referral-report', label: 'Referral report', short: 'Referral' },
  { kind: 'document', label: 'Document', short: 'Document' },
];

/** What was measured: a term, or words of which no code is known. */
export type Test = Pick<TermShape, 'display'> & Partial<Pick<TermShape, 'code' | 'system'>>;

/** What a laboratory says of a value, in words. */
export const FLAGS: Readonly<Record<Flag, string>> = {
  N: 'Normal',
  L: 'Low',
  H: 'High',
  LL: 'Critically low',
  HH: 'Critically high',
  A: 'Abnormal',
  AA: 'Critically abnormal',
  POS: 'Positive',
  NEG: 'Negative',
  DET: 'Detected',
  ND: 'Not detected',
  RR: 'Reactive',
  WR: 'Weakly reactive',
  NR: 'Non-reactive',
  IND: 'Indeterminate',
  E: 'Equivocal',
  S: 'Susceptible',
  I: 'Intermediate',
  R: 'Resistant',
};

/** Those that need no second look. */
export const isUsual = (flag: Flag | ''): boolean => ['', 'N', 'NEG', 'ND', 'NR', 'S', 'I'].includes(flag);

/** A value as it is typed. */
export interface ValueDraft {
  readonly key: number;
  readonly test: Test | null;
  readonly value: string;
  readonly unit: string;
  /** As it is printed: `3.5 - 5.1`, `< 200`, `Negative`. */
  readonly range: string;
  /** Null: as it is printed with the value, or as the range puts it. */
  readonly flag: Flag | '' | null;
  /** The value and unit that somebody said are right, though no such value can be measured. */
  readonly sure?: string;
}

export interface FilingDraft {
  readonly as: FilingKind;
  readonly title: string;
  readonly code: Test | null;
  readonly effective: string;
  readonly conclusion: string;
  readonly values: readonly ValueDraft[];
}

let rows = 0;
export const emptyValue = (): ValueDraft => ({
  key: ++rows,
  test: null,
  value: '',
  unit: '',
  range: '',
  flag: null,
});

export const isEmpty = ({ test, value }: ValueDraft): boolean => test === null && value.trim() === '';

/** The values that it may be, where it can be read in several ways. */
export function waysOf({ value, test }: ValueDraft): readonly string[] {
  const typed = value.trim();
  // Of anything else a C may be the flag of a critical value.
  const degrees = isTemperature(test?.code) ? /^(\d+(?:[.,]\d+)?)\s*C$/i.exec(typed)?.[1] : undefined;
  return degrees === undefined ? waysToRead(typed) : [`${degrees.replace(',', '.')} °C`];
}

/** What is to be confirmed before it is filed: a vital sign that nobody has. */
export function doubtOf(row: ValueDraft): string | undefined {
  if (!row.value.trim() || row.sure === saidIn(row)) return undefined;
  const why = impossibleVital(row.test?.code, readingOf(row).value);
  return why && `Check this: ${why}.`;
}

/** What `sure` is about. */
export const saidIn = ({ value, unit }: ValueDraft): string => [value.trim(), unit.trim()].join(' ');

/** What the typed value is kept as. */
export function readingOf({ value, unit }: ValueDraft): Printed {
  return readPrintedValue(value, unit.trim() || undefined);
}

/** The flag that is filed: the chosen one, else what is printed with the value, else what the range makes of it. */
export function flagOf(row: ValueDraft): Flag | '' {
  if (row.flag !== null) return row.flag;
  if (!row.value.trim()) return '';
  const { value, flag } = readingOf(row);
  if (flag !== undefined) return isFlag(flag) ? flag : '';
  const range = row.range.trim();
  const side = flagByRange({ ...value, ...(range && { referenceRange: [{ text: range }] }) })?.letter ?? '';
  return isFlag(side) ? side : '';
}

function isFlag(code: string): code is Flag {
  return Object.hasOwn(FLAGS, code);
}

/** What a value is kept as where that is not plain from how it looks; `text` for one that nothing could be made of. */
export function keptAs(row: ValueDraft): { readonly words: string; readonly text: boolean } | undefined {
  const typed = row.value.trim();
  if (!typed) return undefined;
  const { value } = readingOf(row);
  if (value.valueString !== undefined) return { words: 'Saved as text: it can’t be compared or charted.', text: true };
  const words = [resultText(value), resultUnit(value)].filter(Boolean).join(' ');
  const plain = [typed, [typed, row.unit.trim()].filter(Boolean).join(' ')].includes(words);
  return plain ? undefined : { words: `${kindOf(value)} ${words}`, text: false };
}

function kindOf(value: Printed['value']): string {
  if (value.valueQuantity) return 'Number';
  if (value.valueRatio) return 'Titer';
  return value.valueRange ? 'Range' : 'Coded';
}

/** What is missing in a row, in words. */
export function lackOf(row: ValueDraft): string | undefined {
  if (isEmpty(row)) return undefined;
  if (!row.test) return 'Choose the test.';
  if (!row.value.trim()) return 'Its value is missing.';
  return doubtOf(row) && 'Correct it, or confirm that it’s right.';
}

/** A report that may have values; the others are documents. */
export const takesValues = (as: FilingKind): boolean => as === 'lab-report' || as === 'imaging-report';

export function bodyOf({ as, title, code, effective, conclusion, values }: FilingDraft): Filing {
  const kept = takesValues(as) ? values.flatMap(filedValue) : [];
  return {
    as,
    ...(title.trim() && { title: title.trim() }),
    ...(code?.code && {
      code: { code: code.code, display: code.display, ...(code.system && { system: code.system }) },
    }),
    ...(effective && { effective }),
    ...(conclusion.trim() && { conclusion: conclusion.trim() }),
    ...(kept.length > 0 && { values: kept }),
  };
}

function filedValue(row: ValueDraft): ReportValue[] {
  if (!row.test || !row.value.trim()) return [];
  const { code, system, display } = row.test;
  const interpretation = flagOf(row);
  return [
    {
      ...(code && { code }),
      ...(system && { system }),
      display,
      value: row.value.trim(),
      ...(row.unit.trim() && { unit: row.unit.trim() }),
      ...(row.range.trim() && { range: row.range.trim() }),
      ...(interpretation ? { interpretation } : row.flag === '' && { interpretation: null }),
    },
  ];
}

/** What the server found wrong at a path of the request: `/effective`. */
export function faultAt(problem: Problem | null, path: string): string | undefined {
  return problem?.faults.find((fault) => fault.path === path || fault.path.startsWith(`${path}/`))?.message;
}
