// A number as it was typed: `98.60` says more than 98.6. In an object such a number has its literal beside it; while it is
// handed on by itself, it is one of these.

import { literalOf, setLiteral } from '@chartwire/sdk/internal/kit/json/literals';

/** A number that is written in another way than JavaScript prints it. */
export class Exact {
  readonly number: number;
  readonly literal: string;

  constructor(number: number, literal: string) {
    this.number = number;
    this.literal = literal;
  }
}

/** The value at a key of an object, or at an index of a list: a number as it is written there. */
export function exactAt(holder: object, key: string | number): unknown {
  const value = (holder as Record<string, unknown>)[key];
  const literal = literalOf(holder, key);
  return literal === undefined ? value : new Exact(value as number, literal);
}

/** Puts a value into an object or a list of the caller's own, a number as it is written. Returns that. */
export function putExact<T extends object>(holder: T, key: string | number, value: unknown): T {
  const exact = value instanceof Exact ? value : undefined;
  (holder as Record<string, unknown>)[key] = exact ? exact.number : value;
  setLiteral(holder, key, exact?.literal);
  return holder;
}

/** A list of values that stand by themselves. */
export function exactList(values: readonly unknown[]): unknown[] {
  const list: unknown[] = [];
  for (const [index, value] of values.entries()) putExact(list, index, value);
  return list;
}

const NUMBER = /^(-?)0*(\d+(?:\.\d+)?)$|^(-?)(\.\d+)$/;

/** A typed number as it is written. What is no number is kept as it was typed, for the server to say so. */
export function typedNumber(text: string): number | Exact | string {
  const [, sign, digits, otherSign, decimals] = NUMBER.exec(text.trim()) ?? [];
  const literal = digits === undefined ? `${otherSign}0${decimals}` : `${sign}${digits}`;
  const number = digits === undefined && decimals === undefined ? Number.NaN : Number(literal);
  if (!Number.isFinite(number)) return text;
  return Object.is(number, -0) || String(number) !== literal ? new Exact(number, literal) : number;
}

/** A number, or what is typed in its place, as it is shown. */
export function numberText(value: unknown): string {
  return value instanceof Exact ? value.literal : String(value ?? '');
}
