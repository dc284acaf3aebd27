// FHIRPath as closures. @medplum/core parses an expression; here its types are worked out once from the structures, so
// that what remains at run time is reading properties. It covers what R4's search parameters and invariants say, not
// the whole language: `compile` throws `Unsupported` for the rest.

import {
  AndAtom,
  ArithmeticOperatorAtom,
  AsAtom,
  ConcatAtom,
  ContainsAtom,
  DotAtom,
  EqualsAtom,
  FunctionAtom,
  ImpliesAtom,
  InAtom,
  IndexerAtom,
  InfixOperatorAtom,
  IsAtom,
  LiteralAtom,
  NotEqualsAtom,
  OrAtom,
  parseFhirPath,
  SymbolAtom,
  UnionAtom,
  XorAtom,
} from '@medplum/core';
import {
  type Branch,
  branch,
  computed,
  element,
  isType,
  ofType,
  type Truth,
  truth,
  truthOf,
  UNTYPED,
  valuesOf,
} from './fhirpath-branch.ts';
import { type Call, FUNCTIONS, sliced } from './fhirpath-functions.ts';
import { memberOf, ofResource, ofRoot } from './fhirpath-members.ts';
import { compare, equal } from './fhirpath-values.ts';

export class Unsupported extends Error {}

/** What an expression finds that begins at a value of `type`. `resourceType` is that of `%resource`. */
export function compile(expression: string, type: string, resourceType: string): Branch[] {
  return step(parseFhirPath(expression).child, [branch(type)], { resource: resourceType });
}

/** Functions whose cost grows with the record alone, not with a pattern (`matches`) or a power of the record. */
const CHEAP: ReadonlySet<string> = new Set(
  `exists empty hasValue not all allFalse count where first tail as ofType is toString toInteger startsWith contains
  substring`.split(/\s+/),
);

/** An `Extension.value` has fifty, each of which has extensions in turn. */
const MOST_BRANCHES = 1000;

/**
 * The same for an expression that a client wrote: from the value downward, by functions that are cheap. Throws
 * `Unsupported` for other functions, `%variables` and unions, by which a short text could ask for hours of work.
 */
export function compileGiven(expression: string, type: string, resourceType: string): Branch[] {
  return step(parseFhirPath(expression).child, [branch(type)], { resource: resourceType, left: MOST_BRANCHES });
}

/** What an expression is compiled for. */
interface Context {
  /** The type of `%resource`. */
  readonly resource: string;
  /** How many branches may still be made of what a client wrote. */
  left?: number;
}

type Atom = ReturnType<typeof parseFhirPath>['child'];

function step(atom: Atom, input: readonly Branch[], context: Context): Branch[] {
  const found = stepped(atom, input, context);
  if (context.left !== undefined) {
    context.left -= found.length;
    if (context.left < 0) throw new Unsupported(`more than ${MOST_BRANCHES} branches`);
  }
  return found;
}

function stepped(atom: Atom, input: readonly Branch[], context: Context): Branch[] {
  if (atom instanceof SymbolAtom) return symbol(atom.name, input, context);
  if (atom instanceof LiteralAtom) return computed(atom.value.type, () => [atom.value.value]);
  if (atom instanceof FunctionAtom) return call(atom, input, context);
  if (atom instanceof InfixOperatorAtom) return infix(atom, input, context);
  if (atom instanceof IndexerAtom) {
    const index = Number(atom.expr.toString());
    return sliced(step(atom.left, input, context), index, index + 1);
  }
  throw new Unsupported(atom.toString());
}

function symbol(name: string, input: readonly Branch[], context: Context): Branch[] {
  if (name === '$this') return [...input];
  if (name === '%ucum') return computed('string', () => ['http://unitsofmeasure.org']);
  if (context.left !== undefined && name.startsWith('%')) throw new Unsupported(name);
  if (name === '%resource') return computed(context.resource, ofResource);
  if (name === '%rootResource') return computed('DomainResource', ofRoot);
  if (name.startsWith('%')) throw new Unsupported(name);
  return input.flatMap((parent) => (parent.type === name || name === 'Resource' ? [parent] : element(parent, name)));
}

function call(atom: FunctionAtom, input: readonly Branch[], context: Context): Branch[] {
  const [argument] = atom.args;
  const known = context.left === undefined ? Object.hasOwn(FUNCTIONS, atom.name) : CHEAP.has(atom.name);
  const implementation = known ? FUNCTIONS[atom.name] : undefined;
  if (!implementation) throw new Unsupported(atom.name);
  const needed = (): Atom => {
    if (argument) return argument;
    throw new Unsupported(atom.toString());
  };
  const asked: Call = {
    input,
    hasArgument: argument !== undefined,
    name: () => needed().toString(),
    literal: () => {
      if (argument instanceof LiteralAtom) return argument.value.value;
      throw new Unsupported(atom.toString());
    },
    each: (one) => step(needed(), [branch(one.type)], context),
    ofResource: () => step(needed(), [branch(context.resource)], context),
    resolvesTo: () => {
      const resolves =
        argument instanceof IsAtom && argument.left instanceof FunctionAtom && argument.left.name === 'resolve';
      return resolves ? argument.right.toString() : undefined;
    },
  };
  return implementation(asked);
}

// ── operators

function infix(atom: InfixOperatorAtom, input: readonly Branch[], context: Context): Branch[] {
  if (atom instanceof DotAtom) return step(atom.right, step(atom.left, input, context), context);
  if (atom instanceof AsAtom) return ofType(step(atom.left, input, context), atom.right.toString());
  if (atom instanceof IsAtom) return isType(step(atom.left, input, context), atom.right.toString());
  const left = step(atom.left, input, context);
  const right = step(atom.right, input, context);
  if (atom instanceof UnionAtom && context.left === undefined) return [...left, ...right];
  return logic(atom, truthOf(left), truthOf(right)) ?? comparison(atom, left, right);
}

function logic(atom: InfixOperatorAtom, a: Truth, b: Truth): Branch[] | undefined {
  if (atom instanceof AndAtom) {
    return truth((node, scope) => {
      const x = a(node, scope);
      if (x === false) return false;
      const y = b(node, scope);
      return y === false ? false : x && y;
    });
  }
  if (atom instanceof OrAtom) {
    return truth((node, scope) => {
      const x = a(node, scope);
      if (x === true) return true;
      const y = b(node, scope);
      return y === true ? true : x === false ? y : undefined;
    });
  }
  if (atom instanceof ImpliesAtom) {
    return truth((node, scope) => {
      const x = a(node, scope);
      if (x === false) return true;
      const y = b(node, scope);
      return y === true ? true : x === true ? y : undefined;
    });
  }
  if (atom instanceof XorAtom) {
    return truth((node, scope) => {
      const x = a(node, scope);
      const y = b(node, scope);
      return x === undefined || y === undefined ? undefined : x !== y;
    });
  }
  return undefined;
}

function comparison(atom: InfixOperatorAtom, left: readonly Branch[], right: readonly Branch[]): Branch[] {
  const xs = valuesOf(left);
  const ys = valuesOf(right);
  if (atom instanceof EqualsAtom || atom instanceof NotEqualsAtom) {
    const wanted = atom instanceof EqualsAtom;
    return truth((node, scope) => {
      const x = xs(node, scope);
      const y = ys(node, scope);
      if (x.length === 0 || y.length === 0) return undefined;
      scope.work?.spendOn(x);
      return (x.length === y.length && x.every((value, i) => equal(value, y[i]))) === wanted;
    });
  }
  if (atom instanceof InAtom || atom instanceof ContainsAtom) {
    const [one, others] = atom instanceof InAtom ? [xs, right] : [ys, left];
    const isThere = memberOf(others);
    return truth((node, scope) => {
      const [value] = one(node, scope);
      return value === undefined ? undefined : isThere(value, node, scope);
    });
  }
  if (atom instanceof ConcatAtom) {
    return computed('string', (node, scope) => {
      const text = `${xs(node, scope)[0] ?? ''}${ys(node, scope)[0] ?? ''}`;
      scope.work?.spendOn(text);
      return [text];
    });
  }
  if (atom instanceof ArithmeticOperatorAtom && atom.operator === '+') {
    return computed('integer', (node, scope) => [Number(xs(node, scope)[0]) + Number(ys(node, scope)[0])]);
  }
  return ordering(atom, left[0]?.type ?? UNTYPED, (node, scope) => [xs(node, scope)[0], ys(node, scope)[0]]);
}

const ORDERINGS: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function ordering(
  atom: InfixOperatorAtom,
  type: string,
  pair: (...at: Parameters<Truth>) => readonly [unknown, unknown],
): Branch[] {
  const test = atom instanceof ArithmeticOperatorAtom ? ORDERINGS[atom.operator] : undefined;
  if (!test) throw new Unsupported(atom.operator);
  return truth((node, scope) => {
    const [x, y] = pair(node, scope);
    scope.work?.spendOn(x);
    const order = x === undefined || y === undefined ? undefined : compare(x, y, type);
    return order === undefined ? undefined : test(order);
  });
}
