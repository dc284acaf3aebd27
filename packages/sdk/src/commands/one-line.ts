// A command on one line for a timeline: the values of its fields, in order.

import { Value } from 'typebox/value';
import type { CommandKind, Field } from '#kit/command-kind.ts';
import { Option } from '#kit/schema.ts';
import type { Flag } from '#records/interpretation.ts';
import { unitOf } from '#records/result-text.ts';

const LONGEST = 200;

/**
 * Empty if nothing has been entered. Leaves out initial values (the author, today), which say little.
 * @param flagOf the flag of an abnormal number
 */
export function oneLine(
  { fields: known }: CommandKind,
  fields: Readonly<Record<string, unknown>>,
  flagOf?: (field: string, value: number) => Flag | undefined,
): string {
  const said = Object.entries(known).flatMap(([name, field]) => {
    const part = field.initial ? [] : partOf(field, fields[name]);
    const flag = typeof fields[name] === 'number' ? flagOf?.(name, fields[name]) : undefined;
    return part.map((text) => ({ flag, text: flag ? `${text} (${flag.word.toLowerCase()})` : text }));
  });
  // A long line is truncated, so abnormal values come first.
  const rank = ({ flag }: (typeof said)[number]): number => (flag?.critical ? 0 : flag ? 1 : 2);
  const inOrder = said.toSorted((a, b) => rank(a) - rank(b));
  const line = inOrder
    .map(({ text }) => text)
    .join(', ')
    .replace(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).trimEnd()}…`;
}

/** Words need no label; numbers and yes/no do. */
function partOf(field: Field, value: unknown): string[] {
  if (typeof value === 'string') return [value.trim()];
  if (typeof value === 'number')
    return [[field.label, value, field.unit && unitOf({ code: field.unit })].filter(Boolean).join(' ')];
  if (value === true) return [field.label];
  if (Array.isArray(value)) return value.flatMap((one) => partOf(field, one));
  return Value.Check(Option, value) ? [value.text || value.value] : [];
}
