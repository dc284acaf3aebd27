// The functions of FHIRPath that R4's search parameters and invariants call. https://hl7.org/fhirpath/N1/#functions

import {
  type Branch,
  branch,
  computed,
  isType,
  ofType,
  type Truth,
  truth,
  truthOf,
  UNTYPED,
  valuesOf,
} from './fhirpath-branch.ts';
import { memberOf } from './fhirpath-members.ts';

/** A call: what it is called on, and its argument in the ways it may be meant. */
export interface Call {
  readonly input: readonly Branch[];
  readonly hasArgument: boolean;
  /** As a name: `ofType(Quantity)`. */
  name(): string;
  /** As a literal. @throws Unsupported when it is none. */
  literal(): unknown;
  /** As an expression for each value of a branch by itself. */
  each(one: Branch): Branch[];
  /** As an expression that begins at `%resource`. */
  ofResource(): Branch[];
  /** The type it asks a reference to resolve to: `where(resolve() is Patient)`. */
  resolvesTo(): string | undefined;
}

type Count = (count: number) => boolean;

export const FUNCTIONS: Readonly<Record<string, (call: Call) => Branch[]>> = {
  // existence
  exists: (call) => counted(call.hasArgument ? where(call) : call.input, (count) => count > 0),
  empty: ({ input }) => counted(input, (count) => count === 0),
  hasValue: ({ input }) => {
    const values = valuesOf(input);
    return truth((node, scope) => {
      const found = values(node, scope);
      return found.length === 1 && typeof found[0] !== 'object';
    });
  },
  not: ({ input }) => {
    const values = valuesOf(input);
    return truth((node, scope) => {
      const [found] = values(node, scope);
      return found === undefined ? undefined : found === false;
    });
  },
  all: ({ input, each }) => {
    const tests = input.map((one) => ({ one, test: truthOf(each(one)) }));
    return truth((node, scope) =>
      tests.every(({ one, test }) => one.values(node, scope).every((value) => test(value, scope) === true)),
    );
  },
  allFalse: ({ input }) => {
    const values = valuesOf(input);
    return truth((node, scope) => values(node, scope).every((value) => value === false));
  },
  isDistinct: ({ input }) => {
    const values = valuesOf(input);
    return truth((node, scope) => {
      const found = values(node, scope);
      return new Set(found).size === found.length;
    });
  },
  count: ({ input }) => {
    const values = valuesOf(input);
    return computed('integer', (node, scope) => [values(node, scope).length]);
  },

  // choosing
  where,
  select: ({ input, each }) =>
    input.flatMap((one) =>
      each(one).map(({ type, values }) =>
        branch(type, (node, scope) => one.values(node, scope).flatMap((value) => values(value, scope))),
      ),
    ),
  first: ({ input }) => sliced(input, 0, 1),
  tail: ({ input }) => sliced(input, 1),
  intersect: ({ input, ofResource }) => {
    const values = valuesOf(input);
    const isThere = memberOf(ofResource());
    return computed(input[0]?.type ?? UNTYPED, (node, scope) =>
      values(node, scope).filter((value) => isThere(value, scope.resource, scope)),
    );
  },
  descendants: ({ input }) => {
    const values = valuesOf(input);
    return computed(UNTYPED, (node, scope) => values(node, scope).flatMap(descendantsOf));
  },
  trace: ({ input }) => [...input],

  // types
  as: ({ input, name }) => ofType(input, name()),
  ofType: ({ input, name }) => ofType(input, name()),
  is: ({ input, name }) => isType(input, name()),
  toString: ({ input }: Call) => mapped('string', input, (value) => [String(value)]),
  toInteger: ({ input }) =>
    mapped('integer', input, (value) => (/^[+-]?\d+$/.test(String(value)) ? [Number(value)] : [])),

  // text
  startsWith: ({ input, literal }) => {
    const start = String(literal());
    return tested(input, (text) => text.startsWith(start));
  },
  contains: ({ input, literal }) => {
    const part = String(literal());
    return tested(input, (text) => text.includes(part), part.length);
  },
  matches: ({ input, literal }) => {
    const pattern = new RegExp(String(literal()));
    return tested(input, (text) => pattern.test(text));
  },
  substring: ({ input, literal }) => {
    const from = Number(literal());
    return mapped('string', input, (value) => [String(value).slice(from)]);
  },
};

function counted(branches: readonly Branch[], test: Count): Branch[] {
  const values = valuesOf(branches);
  return truth((node, scope) => test(values(node, scope).length));
}

/** The values from one place to another, of each branch. */
export function sliced(branches: readonly Branch[], from: number, to?: number): Branch[] {
  return branches.map((one) => branch(one.type, (node, scope) => one.values(node, scope).slice(from, to)));
}

function mapped(type: string, branches: readonly Branch[], map: (value: unknown) => unknown[]): Branch[] {
  const values = valuesOf(branches);
  return computed(type, (node, scope) => values(node, scope).flatMap(map));
}

/** @param steps comparisons that it may take for each character of the text, at worst. */
function tested(branches: readonly Branch[], test: (text: string) => boolean, steps = 1): Branch[] {
  const values = valuesOf(branches);
  return truth((node, scope) => {
    const [value] = values(node, scope);
    if (typeof value !== 'string') return undefined;
    scope.work?.spend((value.length * steps) / 256);
    return test(value);
  });
}

function where({ input, each, resolvesTo }: Call): Branch[] {
  const target = resolvesTo();
  return input.map((one) => {
    const test: Truth = target === undefined ? truthOf(each(one)) : (value) => refersTo(value, target);
    return branch(one.type, (node, scope) => one.values(node, scope).filter((value) => test(value, scope) === true));
  });
}

/** The reference itself tells what it would resolve to. */
function refersTo(value: unknown, type: string): boolean {
  const { reference, type: told } = value as { reference?: unknown; type?: unknown };
  if (told === type) return true;
  return typeof reference === 'string' && (reference.startsWith(`${type}/`) || reference.includes(`/${type}/`));
}

function descendantsOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((held) =>
    (Array.isArray(held) ? held : [held]).flatMap((one: unknown) => [one, ...descendantsOf(one)]),
  );
}
