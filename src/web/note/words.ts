// What a command says, in words: its fields as they are read, not as they are written.

import type { Option } from '#kit/schema.ts';
import { dayText } from '../ui/time.tsx';
import type { AnswerValue } from '#commands/questionnaire-answers.ts';
import { shownAnswer } from './question-shape.ts';
import { controlOf, type FieldKind, type Kind } from './kinds.ts';
import { tableOf } from '../table-of.ts';

const UNITS: Readonly<Record<string, string>> = tableOf({
  '[in_i]': 'in',
  '[lb_av]': 'lb',
  '[oz_av]': 'oz',
  '[degF]': '°F',
  'mm[Hg]': 'mmHg',
  d: 'days',
});

/** A UCUM code as people write it. */
export function unitText(unit: string | undefined): string {
  return unit === undefined ? '' : (UNITS[unit] ?? unit);
}

/** Codes that say nothing by themselves. */
const CODES: Readonly<Record<string, string>> = tableOf({
  MTH: 'Mother',
  FTH: 'Father',
  SIS: 'Sister',
  BRO: 'Brother',
  DAUC: 'Daughter',
  SONC: 'Son',
  GRMTH: 'Grandmother',
  GRFTH: 'Grandfather',
  MGRMTH: 'Maternal grandmother',
  MGRFTH: 'Maternal grandfather',
  PGRMTH: 'Paternal grandmother',
  PGRFTH: 'Paternal grandfather',
  AUNT: 'Aunt',
  UNCLE: 'Uncle',
  COUSN: 'Cousin',
  FAMMEMB: 'Another of the family',
  IMMUNE: 'Immune already',
  MEDPREC: 'Medical precaution',
  OSTOCK: 'Out of stock',
  PATOBJ: 'The patient objects',
  stat: 'STAT',
});

/** `not_allowed` as `Not allowed`. */
export function choiceText(value: string): string {
  const words = value.replaceAll(/[-_]/g, ' ');
  return CODES[value] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** `potencyUnitCode` as `Potency unit code`. */
export function nameText(name: string): string {
  return choiceText(name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
}

export function isOption(value: unknown): value is Option {
  return typeof value === 'object' && value !== null && 'value' in value && 'text' in value;
}

export function fieldText(field: FieldKind, value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value)) return value.map((one) => (isOption(one) ? one.text : String(one))).join(', ');
  if (isOption(value)) return value.text;
  switch (controlOf(field)) {
    case 'boolean':
      return value === true ? 'Yes' : 'No';
    case 'choice':
      return choiceText(String(value));
    case 'day':
    case 'date':
      return dayText(String(value));
    case 'number':
      return [String(value), unitText(field.unit)].filter(Boolean).join(' ');
    default:
      return typeof value === 'object' ? memberText(value as Readonly<Record<string, unknown>>) : String(value);
  }
}

/** An object by the member that names it. */
function memberText({ display, formulation, ...others }: Readonly<Record<string, unknown>>): string {
  const named = display ?? formulation;
  if (named !== undefined) return String(named);
  const parts = Object.values(others);
  return parts.some((one) => typeof one === 'object') ? leavesOf(others).join(', ') : parts.map(String).join(' ');
}

export interface Said {
  readonly name: string;
  readonly label: string;
  readonly text: string;
}

/** What a command holds, field by field. */
export function saidBy(kind: Kind, fields: Readonly<Record<string, unknown>>): readonly Said[] {
  return Object.entries(kind.fields).flatMap(([name, field]) => {
    const text = fieldText(field, fields[name]);
    return text === '' ? [] : [{ name, label: field.label, text }];
  });
}

/** What is read together: blood pressure as one figure, an order's answers as their number. */
const TOGETHER: Readonly<Record<string, (fields: Fields, said: readonly Said[]) => readonly Said[]>> = tableOf({
  vitals: ({ bloodPressureSystole: systole, bloodPressureDiastole: diastole }, said) => {
    const others = said.filter(({ name }) => !name.startsWith('bloodPressureS') && !name.startsWith('bloodPressureD'));
    if (systole === undefined && diastole === undefined) return others;
    const text = `${systole ?? '–'}/${diastole ?? '–'} mmHg`;
    return [{ name: 'bloodPressure', label: 'BP', text }, ...others];
  },
  questionnaire: ({ answers = {} }, said) =>
    said.map((one) => (one.name === 'answers' ? { ...one, text: String(leavesOf(answers).length) } : one)),
});

/** What a value holds in the end, however deep it is nested: each answer to a questionnaire, as it reads. */
function leavesOf(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value !== 'object') return [typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value)];
  if (Object.keys(value).some((name) => NAMING.has(name)) && !('items' in value))
    return [shownAnswer(value as AnswerValue)];
  return Object.values(value).flatMap(leavesOf);
}

/** What an answer has that is no plain value: a coding, a quantity, a reference, a file. */
const NAMING: ReadonlySet<string> = new Set(['code', 'value', 'reference', 'contentType', 'url', 'data']);

type Fields = Readonly<Record<string, unknown>>;

/** The same in a line. Where the command is about one thing, that comes first and needs no label. */
export function phrasesOf(kind: Kind, fields: Fields): readonly Said[] {
  const said = saidBy(kind, fields);
  return TOGETHER[kind.key]?.(fields, said) ?? said;
}

/** Whether its first field says what it is about. */
export function isHeaded(kind: Kind): boolean {
  const [first] = Object.values(kind.fields);
  return first?.needed !== undefined && first.needed !== false;
}
