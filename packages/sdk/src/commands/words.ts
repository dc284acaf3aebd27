// A command in words: its fields as people read them.

import { dateText } from '#kit/partial-date.ts';
import { literalOf } from '#kit/json/literals.ts';
import type { Option } from '#kit/schema.ts';
import { shownAnswer } from './answer-text.ts';
import { controlOf, type FieldKind } from './control.ts';
import type { AnswerValue } from './questionnaire-answers.ts';

/** A command type, as far as its words need it. */
interface Kind {
  readonly key: string;
  readonly fields: Readonly<Record<string, FieldKind>>;
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ['[in_i]', 'in'],
  ['[lb_av]', 'lb'],
  ['[oz_av]', 'oz'],
  ['[degF]', '°F'],
  ['mm[Hg]', 'mmHg'],
  ['d', 'days'],
]);

/** A UCUM code as people write it. */
export function unitText(unit: string | undefined): string {
  return unit === undefined ? '' : (UNITS.get(unit) ?? unit);
}

/** Codes that mean nothing to a reader. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['MTH', 'Mother'],
  ['FTH', 'Father'],
  ['SIS', 'Sister'],
  ['BRO', 'Brother'],
  ['DAUC', 'Daughter'],
  ['SONC', 'Son'],
  ['GRMTH', 'Grandmother'],
  ['GRFTH', 'Grandfather'],
  ['MGRMTH', 'Maternal grandmother'],
  ['MGRFTH', 'Maternal grandfather'],
  ['PGRMTH', 'Paternal grandmother'],
  ['PGRFTH', 'Paternal grandfather'],
  ['AUNT', 'Aunt'],
  ['UNCLE', 'Uncle'],
  ['COUSN', 'Cousin'],
  ['FAMMEMB', 'Another of the family'],
  ['IMMUNE', 'Immune already'],
  ['MEDPREC', 'Medical precaution'],
  ['OSTOCK', 'Out of stock'],
  ['PATOBJ', 'The patient objects'],
  ['stat', 'STAT'],
]);

/** `not_allowed` as `Not allowed`. */
export function choiceText(value: string): string {
  const words = value.replaceAll(/[-_]/g, ' ');
  return CODES.get(value) ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** `potencyUnitCode` as `Potency unit code`. */
export function nameText(name: string): string {
  return choiceText(name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
}

export function isOption(value: unknown): value is Option {
  return typeof value === 'object' && value !== null && 'value' in value && 'text' in value;
}

/** @param written a number's literal, if JavaScript would print it differently */
export function fieldText(field: FieldKind, value: unknown, written?: string): string {
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
      return dateText(String(value));
    case 'number':
      return [written ?? String(value), unitText(field.unit)].filter(Boolean).join(' ');
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
    const text = fieldText(field, fields[name], literalOf(fields, name));
    return text === '' ? [] : [{ name, label: field.label, text }];
  });
}

/** Fields read together: blood pressure as one figure, an order's answers as their number. */
const TOGETHER: ReadonlyMap<string, (fields: Fields, said: readonly Said[]) => readonly Said[]> = new Map([
  ['vitals', withBloodPressure],
  ['questionnaire', withCountOfAnswers],
]);

function withBloodPressure(fields: Fields, said: readonly Said[]): readonly Said[] {
  const { bloodPressureSystole: systole, bloodPressureDiastole: diastole } = fields;
  const others = said.filter(({ name }) => !name.startsWith('bloodPressureS') && !name.startsWith('bloodPressureD'));
  if (systole === undefined && diastole === undefined) return others;
  const text = `${systole ?? '–'}/${diastole ?? '–'} mmHg`;
  return [{ name: 'bloodPressure', label: 'BP', text }, ...others];
}

function withCountOfAnswers({ answers = {} }: Fields, said: readonly Said[]): readonly Said[] {
  const count = String(leavesOf(answers).length);
  return said.map((one) => (one.name === 'answers' ? { ...one, text: count } : one));
}

/** The leaves of a nested value: each answer to a questionnaire, as text. */
function leavesOf(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value !== 'object') return [typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value)];
  if (Object.keys(value).some((name) => NAMING.has(name)) && !('items' in value))
    return [shownAnswer(value as AnswerValue)];
  return Object.values(value).flatMap(leavesOf);
}

/** Members of an answer that isn't a plain value: a coding, quantity, reference, or file. */
const NAMING: ReadonlySet<string> = new Set(['code', 'value', 'reference', 'contentType', 'url', 'data']);

type Fields = Readonly<Record<string, unknown>>;

/** The same on one line. The command's subject comes first, without a label. */
export function phrasesOf(kind: Kind, fields: Fields): readonly Said[] {
  const said = saidBy(kind, fields);
  return TOGETHER.get(kind.key)?.(fields, said) ?? said;
}

/** Whether its first field is its subject. */
export function isHeaded(kind: Kind): boolean {
  const [first] = Object.values(kind.fields);
  return first?.needed !== undefined && first.needed !== false;
}
