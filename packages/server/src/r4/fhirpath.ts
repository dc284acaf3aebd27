// FHIRPath as closures. @medplum/core parses an expression; here its types are worked out once from the structures, so
// that what remains at run time is reading properties. It covers what R4's search parameters and invariants say, not
// the whole language. What it answers is what the specification says; for the rest `compile` throws `Unsupported`, and
// so do the values where it shows only by them (`+` of two names, quantities of two units).

import {
  AndAtom,
  ArithmeticOperatorAtom,
  AsAtom,
  ConcatAtom,
  ContainsAtom,
  DotAtom,
  EmptySetAtom,
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
  SymbolAtom,
  UnionAtom,
  XorAtom,
} from '@medplum/core';
import {
  asType,
  type Branch,
  branch,
  computed,
  distinct,
  elements,
  isType,
  itemsOf,
  oneOf,
  sliced,
  type Truth,
  truth,
  truthOf,
} from './fhirpath-branch.ts';
import { type Call, descendantsCalled, FUNCTIONS } from './fhirpath-functions.ts';
import { Distinct } from './fhirpath-identity.ts';
import { isEqual, memberOf, ofResource, ofRoot } from './fhirpath-members.ts';
import { type Atom, parse, Unsupported } from './fhirpath-parse.ts';
import { compare, equal, isBare, type Item, type Kind, kindOf } from './fhirpath-values.ts';
import { isResourceType } from './resource-types.ts';

/** What an expression finds that begins at a value of `type`. `resourceType` is that of `%resource`. */
export function compile(expression: string, type: string, resourceType: string): Branch[] {
  return step(parse(expression), [branch(type)], { resource: resourceType, begins: true });
}

/** Each side of a union separately: duplicates don't matter for a search. */
export function compileSides(expression: string, type: string, resourceType: string): Branch[] {
  const context: Context = { resource: resourceType, begins: true };
  return sidesOf(parse(expression)).flatMap((side) => step(side, [branch(type)], context));
}

/** Functions whose cost grows with the record alone, not with a pattern (`matches`) or a power of the record. */
const CHEAP: ReadonlySet<string> = new Set(
  `exists empty hasValue not all allFalse count where first tail as ofType is toString toInteger startsWith contains
  substring extension`.split(/\s+/),
);

/** An `Extension.value` has fifty types, each of which has extensions. */
const MOST_BRANCHES = 1000;

/**
 * The same for an expression that a client wrote: from the value downward, by functions that are cheap. Throws
 * `Unsupported` for other functions, `%variables` and unions of elements, by which a short text could ask for hours of
 * work.
 */
export function compileGiven(expression: string, type: string, resourceType: string): Branch[] {
  return step(parse(expression), [branch(type)], { resource: resourceType, begins: true, left: MOST_BRANCHES });
}

/** What an expression is compiled for. */
interface Context {
  /** The type of `%resource`. */
  readonly resource: string;
  /** Whether an expression begins here, with the name of a type perhaps, and does not go on behind a dot. */
  readonly begins: boolean;
  /** Whether an element that is not there finds nothing: of several types that a value may have, some have it. */
  readonly lenient?: boolean;
  /** How many branches may still be made of what a client wrote. */
  left?: number;
}

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
  if (atom instanceof LiteralAtom) return literal(atom);
  if (atom instanceof EmptySetAtom) return [];
  if (atom instanceof FunctionAtom) return call(atom, input, context);
  if (atom instanceof InfixOperatorAtom) return infix(atom, input, context);
  if (atom instanceof IndexerAtom) {
    const index = wholeOf(atom.expr);
    return sliced(step(atom.left, input, context), index, index + 1);
  }
  throw new Unsupported('an operator');
}

function literal({ value: { type, value } }: LiteralAtom): Branch[] {
  if (kindOf(type) === 'complex') throw new Unsupported(type);
  return computed(type, () => [value]);
}

/** @throws Unsupported for all but 0 and the whole numbers above. */
function wholeOf(atom: Atom | undefined): number {
  const value = atom instanceof LiteralAtom && atom.value.type === 'integer' ? Number(atom.value.value) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new Unsupported('anything but a whole number there');
}

function symbol(name: string, input: readonly Branch[], context: Context): Branch[] {
  if (name === '$this') return [...input];
  if (name === '%ucum') return computed('string', () => ['http://unitsofmeasure.org']);
  if (context.left !== undefined && name.startsWith('%')) throw new Unsupported(name);
  if (name === '%resource') return [branch(context.resource, ofResource)];
  if (name === '%rootResource') return [branch('DomainResource', ofRoot)];
  if (/^[%$]/.test(name)) throw new Unsupported(name);
  if (context.begins && (isResourceType(name) || name === 'Resource' || name === 'DomainResource')) {
    if (input.every(({ type }) => type === name || (name !== type && !isResourceType(name) && isResourceType(type)))) {
      return [...input];
    }
  }
  return elements(input, name, context.lenient);
}

function call(atom: FunctionAtom, input: readonly Branch[], context: Context): Branch[] {
  const { name, args } = atom;
  const [argument] = args;
  const known = context.left === undefined ? Object.hasOwn(FUNCTIONS, name) : CHEAP.has(name);
  const implementation = known ? FUNCTIONS[name] : undefined;
  if (!implementation?.takes.includes(args.length)) throw new Unsupported(`${name}() with ${args.length} arguments`);
  const inside: Context = { ...context, begins: true };
  const asked: Call = {
    input,
    count: args.length,
    name: () => argument!.toString(),
    text: () => {
      if (argument instanceof LiteralAtom && argument.value.type === 'string') return String(argument.value.value);
      throw new Unsupported(`${name}() of anything but a text`);
    },
    whole: (at = 0) => wholeOf(args[at]),
    each: (one) =>
      step(
        argument!,
        [{ ...branch(one.type), system: one.system }],
        input.length > 1 ? { ...inside, lenient: true } : inside,
      ),
    ofResource: () => {
      if (beginning(argument!) !== '%resource') throw new Unsupported(`${name}() of anything but %resource`);
      return step(argument!, [branch(context.resource)], inside);
    },
    resolvesTo: () => {
      const resolves =
        argument instanceof IsAtom && argument.left instanceof FunctionAtom && argument.left.name === 'resolve';
      return resolves ? argument.right.toString() : undefined;
    },
  };
  return implementation.compile(asked);
}

/** The name that a path begins with. */
function beginning(atom: Atom): string | undefined {
  if (atom instanceof DotAtom || atom instanceof IndexerAtom) return beginning(atom.left);
  return atom instanceof SymbolAtom ? atom.name : undefined;
}

// ── operators

function infix(atom: InfixOperatorAtom, input: readonly Branch[], context: Context): Branch[] {
  if (atom instanceof DotAtom) return path(atom, input, context);
  if (atom instanceof AsAtom) return asType(step(atom.left, input, context), atom.right.toString());
  if (atom instanceof IsAtom) return isType(step(atom.left, input, context), atom.right.toString());
  if (atom instanceof UnionAtom) return union(sidesOf(atom), input, context);
  const left = step(atom.left, input, context);
  const right = step(atom.right, input, context);
  return logic(atom, () => [truthOf(left), truthOf(right)]) ?? comparison(atom, left, right);
}

function path(atom: DotAtom, input: readonly Branch[], context: Context): Branch[] {
  const { left, right } = atom;
  if (left instanceof FunctionAtom || left instanceof DotAtom) {
    const last = left instanceof DotAtom ? left.right : left;
    if (last instanceof FunctionAtom && last.name === 'descendants' && context.left === undefined) {
      const from = left instanceof DotAtom ? step(left.left, input, context) : input;
      if (last.args.length === 0 && right instanceof SymbolAtom) return descendantsCalled(from, right.name);
    }
  }
  if (!(right instanceof SymbolAtom) && !(right instanceof FunctionAtom))
    throw new Unsupported('an operator behind a dot');
  return step(right, step(left, input, context), { ...context, begins: false });
}

/** Both sides of a union, and of the unions in them. */
function sidesOf(atom: Atom): Atom[] {
  return atom instanceof UnionAtom ? [...sidesOf(atom.left), ...sidesOf(atom.right)] : [atom];
}

function union(sides: readonly Atom[], input: readonly Branch[], context: Context): Branch[] {
  const literals = sides.filter((side) => side instanceof LiteralAtom);
  if (literals.length < sides.length) {
    if (context.left !== undefined) throw new Unsupported('a union of elements');
    return distinct(sides.flatMap((side) => step(side, input, context)));
  }
  const items = literals.map(({ value: { type, value } }): Item => ({ type, value }));
  const seen = new Distinct();
  const kept = items.filter((item) => seen.add(item, undefined));
  const types = [...new Set(kept.map(({ type }) => type))];
  return types.flatMap((type) => {
    const values = kept.filter((item) => item.type === type).map(({ value }) => value);
    return computed(type, () => values);
  });
}

function logic(atom: InfixOperatorAtom, sides: () => readonly [Truth, Truth]): Branch[] | undefined {
  if (![AndAtom, OrAtom, ImpliesAtom, XorAtom].some((type) => atom instanceof type)) return undefined;
  const [a, b] = sides();
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
  return truth((node, scope) => {
    const x = a(node, scope);
    const y = b(node, scope);
    return x === undefined || y === undefined ? undefined : x !== y;
  });
}

function comparison(atom: InfixOperatorAtom, left: readonly Branch[], right: readonly Branch[]): Branch[] {
  if (atom instanceof EqualsAtom || atom instanceof NotEqualsAtom) {
    const xs = itemsOf(left);
    const ys = itemsOf(right);
    const wanted = atom instanceof EqualsAtom;
    return truth((node, scope) => {
      const x = xs(node, scope);
      const y = ys(node, scope);
      if (x.length === 0 || y.length === 0) return undefined;
      for (const { value } of [...x, ...y]) scope.work?.spendOn(value);
      const same = equalLists(x, y);
      return same === undefined ? undefined : same === wanted;
    });
  }
  if (atom instanceof InAtom || atom instanceof ContainsAtom) {
    const [one, many] = atom instanceof InAtom ? [oneOf(left), right] : [oneOf(right), left];
    const isThere = memberOf(many);
    return truth((node, scope) => {
      const item = one(node, scope);
      return item && isThere(item, node, scope);
    });
  }
  if (atom instanceof ConcatAtom) {
    const sides = [oneOf(left), oneOf(right)];
    return computed('string', (node, scope) => {
      const text = sides.map((side) => textOf(side(node, scope))).join('');
      scope.work?.spendOn(text);
      return [text];
    });
  }
  if (atom instanceof ArithmeticOperatorAtom && atom.operator === '+') return sum(left, right);
  const xs = oneOf(left);
  const ys = oneOf(right);
  return ordering(atom, (node, scope) => [xs(node, scope), ys(node, scope)]);
}

function equalLists(x: readonly Item[], y: readonly Item[]): boolean | undefined {
  if (x.length === 1 && y.length === 1) return equal(x[0]!, y[0]!);
  return x.length === y.length && x.every((item, i) => isEqual(item, y[i]!));
}

/** Nothing counts as a text without letters. */
function textOf(item: Item | undefined): string {
  if (!item || isBare(item)) return '';
  if (kindOf(item.type) === 'text') return String(item.value);
  throw new Unsupported(`& of ${item.type}`);
}

/** Of whole numbers, or of texts. */
function sum(left: readonly Branch[], right: readonly Branch[]): Branch[] {
  if (left.length === 0 || right.length === 0) return [];
  const of = (kind: Kind): boolean => [...left, ...right].every(({ type }) => kindOf(type) === kind);
  if (!of('text') && !of('integer')) throw new Unsupported('+ of other than two texts or two whole numbers');
  const xs = oneOf(left);
  const ys = oneOf(right);
  const add = of('text') ? (x: unknown, y: unknown) => `${x}${y}` : (x: unknown, y: unknown) => Number(x) + Number(y);
  return computed(of('text') ? 'string' : 'integer', (node, scope) => {
    const x = xs(node, scope);
    const y = ys(node, scope);
    if (!x || !y || isBare(x) || isBare(y)) return [];
    const made = add(x.value, y.value);
    scope.work?.spendOn(made);
    return [made];
  });
}

const ORDERINGS: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function ordering(
  atom: InfixOperatorAtom,
  pair: (...at: Parameters<Truth>) => readonly [Item | undefined, Item | undefined],
): Branch[] {
  const test = atom instanceof ArithmeticOperatorAtom ? ORDERINGS[atom.operator] : undefined;
  if (!test) throw new Unsupported(atom.operator);
  return truth((node, scope) => {
    const [x, y] = pair(node, scope);
    scope.work?.spendOn(x?.value);
    const order = x && y && compare(x, y);
    return order === undefined ? undefined : test(order);
  });
}
