// A field as it is typed here: what it holds, from which of the server's values it was begun, and how it outlives the page.

import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { exactAt, exactList, putExact } from './exact.ts';
import type { Fields } from './saving.ts';

export interface Typed {
  /** Like all values here: a number that is written in another way than JavaScript prints it is an Exact. */
  value: unknown;
  /** The server's value when this was begun. */
  from: unknown;
  /** Not acknowledged. */
  dirty: boolean;
  /** The cursor is in it. */
  focused: boolean;
  /** What was sent and may have come to the server, though no answer said so. */
  lost: readonly unknown[];
  fault?: string | undefined;
  theirs?: { readonly value: unknown } | undefined;
}

/** What is kept of a field over a reload; what is not there is not in JSON either: null stands for it. */
type Kept = Pick<Typed, 'value' | 'from' | 'lost'>;

/** Nothing is typed yet: it is what the server has. */
export function typedFrom(value: unknown): Typed {
  return { value, from: value, dirty: false, focused: false, lost: [], fault: undefined, theirs: undefined };
}

/** As it is sent: what is blank or empty is not there. */
export function wire(value: unknown): unknown {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  if (Array.isArray(value) && value.length === 0) return undefined;
  return value ?? undefined;
}

export function journalText(fields: readonly (readonly [name: string, typed: Typed])[]): string {
  const kept = fields.map(([name, { value, from, lost }]) => {
    const sides: Kept = { value: null, from: null, lost: exactList(lost.map((one) => one ?? null)) };
    return [name, putExact(putExact(sides, 'value', value ?? null), 'from', from ?? null)];
  });
  return printJson(Object.fromEntries(kept));
}

/** What a journal holds, as it was typed. */
export function typedIn(journal: string): readonly (readonly [name: string, typed: Typed])[] {
  return Object.entries(parseJson(journal) as Record<string, Kept>).map(([name, kept]) => {
    const { lost } = kept;
    const there = {
      from: exactAt(kept, 'from') ?? undefined,
      lost: lost.map((_, index) => exactAt(lost, index) ?? undefined),
    };
    return [name, { ...typedFrom(exactAt(kept, 'value') ?? undefined), ...there, dirty: true }] as const;
  });
}

/** The same, to be read. */
export function keptFields(journal: string): Fields {
  return Object.fromEntries(typedIn(journal).map(([name, { value }]) => [name, value]));
}
