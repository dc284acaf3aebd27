// A command in one line, as a timeline says what was done: what its fields hold, in their order.

import { Value } from 'typebox/value';
import type { CommandKind, Field } from '#kit/command-kind.ts';
import { Option } from '#kit/schema.ts';

const LONGEST = 200;

/** Empty when nothing was written yet. What a field held from the beginning (the author, today) says little, and is left out. */
export function oneLine({ fields: known }: CommandKind, fields: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(known).flatMap(([name, field]) => (field.initial ? [] : partOf(field, fields[name])));
  const line = said.join(', ').replace(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).trimEnd()}…`;
}

/** Words speak for themselves; a number and a yes need their label. */
function partOf(field: Field, value: unknown): string[] {
  if (typeof value === 'string') return [value.trim()];
  if (typeof value === 'number') return [`${field.label} ${value}`];
  if (value === true) return [field.label];
  if (Array.isArray(value)) return value.flatMap((one) => partOf(field, one));
  return Value.Check(Option, value) ? [value.text || value.value] : [];
}
