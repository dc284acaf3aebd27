// The functions of FHIRPath that R4's search parameters and invariants call. https://hl7.org/fhirpath/N1/#functions

import {
  asType,
  type Branch,
  branch,
  computed,
  elements,
  isType,
  itemsOf,
  ofType,
  oneOf,
  type Scope,
  selected,
  sliced,
  type Truth,
  truth,
  truthOf,
  valuesOf,
} from './fhirpath-branch.ts';
import { Distinct } from './fhirpath-identity.ts';
import { isContained, isInResource } from './fhirpath-members.ts';
import { Unsupported } from './fhirpath-parse.ts';
import { isBare, type Item, type Kind, kindOf, UNTYPED } from './fhirpath-values.ts';
import type { Work } from './fhirpath-work.ts';

/** A call: what it is called on, and its arguments in the ways they may be meant. */
export interface Call {
  readonly input: readonly Branch[];
  /** How many arguments it has. */
  readonly count: number;
  /** As a name: `ofType(Quantity)`. */
  name(): string;
  /** A text. @throws Unsupported when it is none. */
  text(): string;
  /** A whole number of zero or more. @throws Unsupported when it is none. */
  whole(at?: number): number;
  /** As an expression for each value of a branch by itself. */
  each(one: Branch): Branch[];
  /** As an expression that begins with `%resource`. @throws Unsupported when it does not. */
  ofResource(): Branch[];
  /** The type it asks a reference to resolve to: `where(resolve() is Patient)`. */
  resolvesTo(): string | undefined;
}

interface Implementation {
  /** How many arguments it may have. */
  readonly takes: readonly number[];
  readonly compile: (call: Call) => Branch[];
}

type Count = (count: number) => boolean;

const given = (takes: number | readonly number[], compile: (call: Call) => Branch[]): Implementation => ({
  takes: typeof takes === 'number' ? [takes] : takes,
  compile,
});

export const FUNCTIONS: Readonly<Record<string, Implementation>> = {
  // existence
  exists: given([0, 1], (call) => counted(call.count === 0 ? call.input : where(call), (count) => count > 0)),
  empty: given(0, ({ input }) => counted(input, (count) => count === 0)),
  hasValue: given(0, ({ input }) => {
    const values = valuesOf(input);
    return truth((node, scope) => {
      const found = values(node, scope);
      return found.length === 1 && typeof found[0] !== 'object';
    });
  }),
  not: given(0, ({ input }) => {
    const found = truthOf(input);
    return truth((node, scope) => {
      const value = found(node, scope);
      return value === undefined ? undefined : !value;
    });
  }),
  all: given(1, ({ input, each }) => {
    const tests = input.map((one) => ({ one, test: truthOf(booleans(each(one))) }));
    return truth((node, scope) =>
      tests.every(({ one, test }) => one.values(node, scope).every((value) => test(value, scope) === true)),
    );
  }),
  allFalse: given(0, ({ input }) => {
    const values = valuesOf(booleans(input));
    return truth((node, scope) => values(node, scope).every((value) => value === false));
  }),
  isDistinct: given(0, ({ input }) => {
    const items = itemsOf(input);
    return truth((node, scope) => isDistinct(items(node, scope), scope.work));
  }),
  count: given(0, ({ input }) => {
    const values = valuesOf(input);
    return computed('integer', (node, scope) => [values(node, scope).length]);
  }),

  // choosing
  where: given(1, where),
  select: given(1, ({ input, each }) =>
    input.flatMap((one) =>
      each(one).map((each) =>
        selected(each, (node, scope) => one.values(node, scope).flatMap((value) => each.values(value, scope))),
      ),
    ),
  ),
  first: given(0, ({ input }) => sliced(input, 0, 1)),
  tail: given(0, ({ input }) => sliced(input, 1)),
  intersect: given(1, ({ input, ofResource }) => {
    const items = itemsOf(input);
    const isThere = isInResource(ofResource());
    return (input.length > 0 ? [input[0]!] : []).map((one) =>
      selected(one, (node, scope) => {
        const seen = new Distinct();
        return items(node, scope)
          .filter((item) => isThere(item, node, scope) && seen.add(item, scope.work))
          .map(({ value }) => value);
      }),
    );
  }),
  extension: given(1, ({ input, text }) => {
    const url = text();
    return elements(input, 'extension').map((one) =>
      selected(one, (node, scope) =>
        one.values(node, scope).filter((value) => (value as { url?: unknown }).url === url),
      ),
    );
  }),
  trace: given([1], ({ input }) => [...input]),

  // types
  as: given(1, ({ input, name }) => asType(input, name())),
  ofType: given(1, ({ input, name }) => ofType(input, name())),
  is: given(1, ({ input, name }) => isType(input, name())),
  toString: given(0, ({ input }) => mapped('string', input, ['text', 'date', 'time', 'boolean', 'integer'], String)),
  toInteger: given(0, ({ input }) =>
    mapped('integer', input, ['text', 'boolean', 'integer'], (value) => {
      if (!/^(?:[+-]?\d+|true|false)$/.test(String(value))) return undefined;
      return whole(typeof value === 'boolean' ? Number(value) : Number(value));
    }),
  ),

  // text
  startsWith: given(1, ({ input, text }) => {
    const start = text();
    return mapped('boolean', input, TEXTS, (value) => String(value).startsWith(start));
  }),
  contains: given(1, ({ input, text }) => {
    const part = text();
    return mapped('boolean', input, TEXTS, (value) => String(value).includes(part), part.length);
  }),
  matches: given(1, ({ input, text }) => {
    const pattern = patternOf(text());
    return mapped('boolean', input, TEXTS, (value) => pattern.test(String(value)));
  }),
  substring: given([1, 2], ({ input, whole, count }) => {
    const from = whole();
    const length = count === 2 ? whole(1) : undefined;
    if (length === 0) throw new Unsupported('substring() of no length');
    return mapped('string', input, TEXTS, (value) => {
      const text = String(value);
      return from >= text.length ? undefined : text.slice(from, length === undefined ? undefined : from + length);
    });
  }),
};

/** Everything named `name` within a value: `descendants().linkId`. */
export function descendantsCalled(input: readonly Branch[], name: string): Branch[] {
  const values = valuesOf(input);
  return [
    branch(UNTYPED, (node, scope) => values(node, scope).flatMap((value) => descendantsOf(value, scope.work)), [name]),
  ];
}

/** Comparisons of characters that take the time of one visit. */
const STEPS = 256;

const TEXTS: readonly Kind[] = ['text', 'date', 'time'];

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'su');
  } catch {
    // Patterns of R4 escape what Unicode's syntax does not let them.
    return new RegExp(text, 's');
  }
}

function whole(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new Unsupported('a number of so many digits');
}

function counted(branches: readonly Branch[], test: Count): Branch[] {
  const values = valuesOf(branches);
  return truth((node, scope) => test(values(node, scope).length));
}

function booleans(branches: readonly Branch[]): readonly Branch[] {
  for (const { type } of branches) if (type !== 'boolean') throw new Unsupported(`${type} as a boolean`);
  return branches;
}

/**
 * One value of these kinds, made into another.
 * @param steps comparisons that it may take for each character of the value, at worst.
 */
function mapped(
  type: string,
  input: readonly Branch[],
  kinds: readonly Kind[],
  map: (value: unknown) => unknown,
  steps = 1,
): Branch[] {
  const one = oneOf(input);
  return computed(type, (node, scope) => {
    const found = one(node, scope);
    if (!found || isBare(found)) return [];
    if (!kinds.includes(kindOf(found.type))) throw new Unsupported(`calling it on ${found.type}`);
    if (typeof found.value === 'string') scope.work?.spend((found.value.length * steps) / STEPS);
    const made = map(found.value);
    return made === undefined ? [] : [made];
  });
}

function where({ input, each, resolvesTo }: Call): Branch[] {
  const target = resolvesTo();
  return input.map((one) => {
    const test: Truth = target === undefined ? truthOf(each(one)) : (value, scope) => refersTo(value, target, scope);
    return selected(one, (node, scope) => one.values(node, scope).filter((value) => test(value, scope) === true));
  });
}

/** The reference itself, or the contained resource, shows what it would resolve to. */
function refersTo(value: unknown, type: string, scope: Scope): boolean {
  scope.work?.spendOn(value);
  const { reference, type: told } = value as { reference?: unknown; type?: unknown };
  if (told === type) return true;
  if (typeof reference !== 'string') return false;
  if (!reference.startsWith('#')) return reference.startsWith(`${type}/`) || reference.includes(`/${type}/`);
  return isContained(reference, type, scope);
}

function isDistinct(items: readonly Item[], work: Work | undefined): boolean {
  const texts = new Set<unknown>();
  const others = new Distinct();
  for (const item of items) {
    if (typeof item.value === 'string') work?.spendOn(item.value);
    const isPlain = typeof item.value !== 'object' && kindOf(item.type) !== 'date';
    if (isPlain ? texts.has(item.value) : !others.add(item, work)) return false;
    if (isPlain) texts.add(item.value);
  }
  return true;
}

function descendantsOf(value: unknown, work: Work | undefined): unknown[] {
  work?.spend(1);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((held) =>
    (Array.isArray(held) ? held : [held]).flatMap((one: unknown) => [one, ...descendantsOf(one, work)]),
  );
}
