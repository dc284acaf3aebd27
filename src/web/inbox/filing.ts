// What is entered of a document before it is filed, and the request that comes of it.

import type { Filing, ReportValue } from '#chart/inbox.ts';
import type { TermShape } from '#server/api/terms.ts';
import type { Problem } from '../api/client.ts';

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
};

/** A value as it is typed: numbers are text until it is filed. */
export interface ValueDraft {
  readonly key: number;
  readonly test: Test | null;
  readonly value: string;
  readonly unit: string;
  readonly low: string;
  readonly high: string;
  /** Null: as the range puts it. */
  readonly flag: Flag | '' | null;
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
  low: '',
  high: '',
  flag: null,
});

export const isEmpty = ({ test, value }: ValueDraft): boolean => test === null && value.trim() === '';

/** The number that somebody typed, if it is one. */
function numberOf(text: string): number | undefined {
  const plain = text.trim().replace(',', '.');
  return /^[-+]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

/** The flag that is filed: the chosen one, else what the range makes of the value. */
export function flagOf({ flag, value, low, high }: ValueDraft): Flag | '' {
  if (flag !== null) return flag;
  const [number, least, most] = [value, low, high].map(numberOf);
  if (number === undefined) return '';
  if (least !== undefined && number < least) return 'L';
  if (most !== undefined && number > most) return 'H';
  return '';
}

/** What is missing in a row, in words. */
export function lackOf(row: ValueDraft): string | undefined {
  if (isEmpty(row)) return undefined;
  if (!row.test) return 'Choose the test.';
  if (!row.value.trim()) return 'Its value is missing.';
  const bounds = [row.low, row.high].filter((bound) => bound.trim() && numberOf(bound) === undefined);
  return bounds.length > 0 ? 'The range takes numbers.' : undefined;
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
  const [low, high] = [numberOf(row.low), numberOf(row.high)];
  const interpretation = flagOf(row);
  return [
    {
      ...(code && { code }),
      ...(system && { system }),
      display,
      value: numberOf(row.value) ?? row.value.trim(),
      ...(row.unit.trim() && { unit: row.unit.trim() }),
      ...(low !== undefined && { low }),
      ...(high !== undefined && { high }),
      ...(interpretation && { interpretation }),
    },
  ];
}

/** What the server found wrong at a path of the request: `/effective`. */
export function faultAt(problem: Problem | null, path: string): string | undefined {
  return problem?.faults.find((fault) => fault.path === path || fault.path.startsWith(`${path}/`))?.message;
}
