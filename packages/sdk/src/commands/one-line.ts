// A command in one line, as a timeline says what was done: what its fields hold, in their order.

import { Value } from 'typebox/value';
import type { CommandKind, Field } from '#kit/command-kind.ts';
import { Option } from '#kit/schema.ts';
import type { Flag } from '#records/interpretation.ts';
import { unitOf } from '#records/result-text.ts';

const LONGEST = 200;

/**
 * @param flagOf what is said of a number that stands out.
 * Empty when nothing was written yet. What a field held from the beginning (the author, today) says little, and is left out. */
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
  // A long line loses its end: what stands out comes first.
  const rank = ({ flag }: (typeof said)[number]): number => (flag?.critical ? 0 : flag ? 1 : 2);
  const inOrder = said.toSorted((a, b) => rank(a) - rank(b));
  const line = inOrder
    .map(({ text }) => text)
    .join(', ')
    .replace(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).trimEnd()}…`;
}

/** Words speak for themselves; a number and a yes need their label. */
function partOf(field: Field, value: unknown): string[] {
  if (typeof value === 'string') return [value.trim()];
  if (typeof value === 'number')
    return [[field.label, value, field.unit && unitOf({ code: field.unit })].filter(Boolean).join(' ')];
  if (value === true) return [field.label];
  if (Array.isArray(value)) return value.flatMap((one) => partOf(field, one));
  return Value.Check(Option, value) ? [value.text || value.value] : [];
}
