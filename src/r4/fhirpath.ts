// FHIRPath as closures. @medplum/core parses an expression; here its types are worked out once from the structures, so
// that what remains at run time is reading properties. It covers what R4's search parameters and invariants say, not
// the whole language: `compile` throws `Unsupported` for the rest. https://hl7.org/fhirpath/N1/

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
import { definitions } from './definitions.ts';
import { compare, equal } from './fhirpath-values.ts';
import { PRIMITIVES } from './primitives.ts';
import { schemaOf } from './schema.ts';

/** The resources around the value an expression begins at: `%resource` and `%rootResource`. */
export interface Scope {
  readonly resource: object;
  readonly root: object;
}

type Values = (node: unknown, scope: Scope) => readonly unknown[];

/**
 * Those values an expression finds that are of one FHIR type. A value is what JSON holds; a primitive that has no value
 * but extensions is the object of its extensions.
 */
export interface Branch {
  readonly type: string;
  readonly values: Values;
  /** The code systems of the value set its element is bound to, when that is required. */
  readonly systems: readonly string[];
  /** Where `values` begins (at the node, if undefined) and which properties it follows from there. */
  readonly from: Values | undefined;
  readonly keys: readonly string[];
}

export class Unsupported extends Error {}

/** What a value of `type` comes to. `resourceType` is that of `%resource`. */
export function compile(expression: string, type: string, resourceType: string): Branch[] {
  return step(parseFhirPath(expression).child, [branch(type, undefined, [])], resourceType);
}

/** The values of all branches. */
export function valuesOf(branches: readonly Branch[]): Values {
  if (branches.length === 1) return branches[0]!.values;
  if (branches.length > 4 && isOneChoice(branches)) return choiceValues(branches);
  const all = branches.map(({ values }) => values);
  return (node, scope) => all.flatMap((values) => values(node, scope));
}

function isOneChoice(branches: readonly Branch[]): boolean {
  const [{ from, keys }] = branches as [Branch];
  const parent = keys.slice(0, -1).join('.');
  return branches.every(
    (one) => one.from === from && one.keys.length > 0 && one.keys.slice(0, -1).join('.') === parent,
  );
}

/** `Extension.value` has fifty names in JSON: the properties that are there are fewer than those that might be. */
function choiceValues(branches: readonly Branch[]): Values {
  const [{ from, keys }] = branches as [Branch];
  const parents = branch('*', from, keys.slice(0, -1));
  const byKey = new Map(
    branches.map((one) => [one.keys.at(-1)!, branch(one.type, undefined, one.keys.slice(-1)).values]),
  );
  return (node, scope) => {
    const found: unknown[] = [];
    for (const parent of parents.values(node, scope)) {
      for (const key in parent as object) {
        const plain = key.startsWith('_') ? key.slice(1) : key;
        // A primitive with value and extensions has both properties.
        if (plain !== key && Object.hasOwn(parent as object, plain)) continue;
        found.push(...(byKey.get(plain)?.(parent, scope) ?? []));
      }
    }
    return found;
  };
}

/** FHIRPath's three truths: undefined is the empty collection. */
export function truthOf(branches: readonly Branch[]): (node: unknown, scope: Scope) => boolean | undefined {
  const values = valuesOf(branches);
  return (node, scope) => {
    const found = values(node, scope);
    if (found.length === 0) return undefined;
    // A single value that is not a boolean counts as true (singleton evaluation of collections).
    return found.length > 1 || found[0] !== false;
  };
}

// ── branches

function branch(
  type: string,
  from: Values | undefined,
  keys: readonly string[],
  systems: readonly string[] = [],
): Branch {
  const primitive = PRIMITIVES.has(type);
  const values: Values = (node, scope) => {
    const found: unknown[] = [];
    if (from) for (const start of from(node, scope)) walk(start, keys, 0, primitive, found);
    else walk(node, keys, 0, primitive, found);
    return found;
  };
  return { type, values: keys.length === 0 && from ? from : values, systems, from, keys };
}

function walk(node: unknown, keys: readonly string[], at: number, primitive: boolean, found: unknown[]): void {
  if (at === keys.length) {
    found.push(node);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const key = keys[at]!;
  const held = (node as Record<string, unknown>)[key];
  if (Array.isArray(held)) {
    for (const one of held) if (one !== null && one !== undefined) walk(one, keys, at + 1, primitive, found);
  } else if (held !== undefined && held !== null) {
    walk(held, keys, at + 1, primitive, found);
  } else if (primitive && at === keys.length - 1) {
    const beside = (node as Record<string, unknown>)[`_${key}`];
    if (beside !== undefined && beside !== null) found.push(...(Array.isArray(beside) ? beside : [beside]));
  }
}

function computed(type: string, values: Values): Branch[] {
  return [branch(type, values, [])];
}

function truth(test: (node: unknown, scope: Scope) => boolean | undefined): Branch[] {
  return computed('boolean', (node, scope) => {
    const result = test(node, scope);
    return result === undefined ? [] : [result];
  });
}

/** An element of a type; of `*`, a type that is not known, a JSON property. */
function element(parent: Branch, name: string): Branch[] {
  if (parent.type === '*') return [branch('*', parent.from, [...parent.keys, name])];
  const schema = schemaOf(parent.type === 'Resource' ? 'DomainResource' : parent.type);
  const plain = schema?.elements[name];
  if (plain) {
    const systems = Object.keys(definitions().valueSets[plain.binding?.valueSet ?? ''] ?? {});
    return plain.type.map(({ code }) => branch(code, parent.from, [...parent.keys, name], systems));
  }
  const choice = schema?.elements[`${name}[x]`];
  return (choice?.type ?? []).map(({ code }) =>
    branch(code, parent.from, [...parent.keys, name + code[0]!.toUpperCase() + code.slice(1)]),
  );
}

// ── operators

type Atom = ReturnType<typeof parseFhirPath>['child'];

function step(atom: Atom, input: readonly Branch[], resource: string): Branch[] {
  if (atom instanceof SymbolAtom) return symbol(atom.name, input, resource);
  if (atom instanceof LiteralAtom) return computed(atom.value.type, () => [atom.value.value]);
  if (atom instanceof FunctionAtom) return call(atom, input, resource);
  if (atom instanceof IndexerAtom) {
    const index = Number(atom.expr.toString());
    return step(atom.left, input, resource).map(({ type, values }) =>
      branch(type, (node, scope) => values(node, scope).slice(index, index + 1), []),
    );
  }
  if (atom instanceof InfixOperatorAtom) return infix(atom, input, resource);
  throw new Unsupported(atom.toString());
}

function symbol(name: string, input: readonly Branch[], resource: string): Branch[] {
  if (name === '$this') return [...input];
  if (name === '%ucum') return computed('string', () => ['http://unitsofmeasure.org']);
  if (name === '%resource') return computed(resource, (_node, scope) => [scope.resource]);
  if (name === '%rootResource') return computed('DomainResource', (_node, scope) => [scope.root]);
  if (name.startsWith('%')) throw new Unsupported(name);
  return input.flatMap((parent) => (parent.type === name || name === 'Resource' ? [parent] : element(parent, name)));
}

function infix(atom: InfixOperatorAtom, input: readonly Branch[], resource: string): Branch[] {
  if (atom instanceof DotAtom) return step(atom.right, step(atom.left, input, resource), resource);
  if (atom instanceof AsAtom) return ofType(step(atom.left, input, resource), atom.right.toString());
  if (atom instanceof IsAtom) return isType(step(atom.left, input, resource), atom.right.toString());
  const left = step(atom.left, input, resource);
  const right = step(atom.right, input, resource);
  if (atom instanceof UnionAtom) return [...left, ...right];
  const a = truthOf(left);
  const b = truthOf(right);
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
  return comparison(atom, left, right);
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
      return (x.length === y.length && x.every((value, i) => equal(value, y[i]))) === wanted;
    });
  }
  if (atom instanceof InAtom || atom instanceof ContainsAtom) {
    const [one, many] = atom instanceof InAtom ? [xs, ys] : [ys, xs];
    return truth((node, scope) => {
      const [value] = one(node, scope);
      return value === undefined ? undefined : many(node, scope).some((other) => equal(value, other));
    });
  }
  if (atom instanceof ConcatAtom) {
    return computed('string', (node, scope) => [`${xs(node, scope)[0] ?? ''}${ys(node, scope)[0] ?? ''}`]);
  }
  if (atom instanceof ArithmeticOperatorAtom) return arithmetic(atom.operator, left, xs, ys);
  throw new Unsupported(atom.operator);
}

function arithmetic(operator: string, left: readonly Branch[], xs: Values, ys: Values): Branch[] {
  if (operator === '+') {
    return computed('integer', (node, scope) => [Number(xs(node, scope)[0]) + Number(ys(node, scope)[0])]);
  }
  const type = left[0]?.type ?? '*';
  const test = (
    {
      '<': (order) => order < 0,
      '<=': (order) => order <= 0,
      '>': (order) => order > 0,
      '>=': (order) => order >= 0,
    } satisfies Record<string, (order: number) => boolean>
  )[operator as '<' | '<=' | '>' | '>='];
  if (!test) throw new Unsupported(operator);
  return truth((node, scope) => {
    const x = xs(node, scope)[0];
    const y = ys(node, scope)[0];
    const order = x === undefined || y === undefined ? undefined : compare(x, y, type);
    return order === undefined ? undefined : test(order);
  });
}

// ── types

/** `Quantity`, `FHIR.Quantity`; `Boolean` of the System types is FHIR's `boolean`. */
function isNamed(type: string, name: string): boolean {
  const bare = name.replace(/^(FHIR|System)\./, '');
  return type === bare || type === bare[0]!.toLowerCase() + bare.slice(1);
}

function hasResourceType(value: unknown, name: string): boolean {
  return (value as { resourceType?: unknown }).resourceType === name;
}

function ofType(branches: readonly Branch[], name: string): Branch[] {
  return branches.flatMap((one) => {
    if (one.type !== 'Resource') return isNamed(one.type, name) ? [one] : [];
    return computed(name, (node, scope) => one.values(node, scope).filter((value) => hasResourceType(value, name)));
  });
}

function isType(branches: readonly Branch[], name: string): Branch[] {
  const all = valuesOf(branches);
  const matching = valuesOf(ofType(branches, name));
  return truth((node, scope) => {
    const found = all(node, scope);
    return found.length === 1 ? matching(node, scope).length === 1 : undefined;
  });
}

// ── functions

function call(atom: FunctionAtom, input: readonly Branch[], resource: string): Branch[] {
  const { name, args } = atom;
  const values = valuesOf(input);
  const [first] = args;
  /** The argument, evaluated for each value of a branch by itself. */
  const each = (one: Branch): Branch[] => step(first!, [branch(one.type, undefined, [])], resource);
  const typeName = () => first!.toString();
  const literal = (): unknown => {
    if (first instanceof LiteralAtom) return first.value.value;
    throw new Unsupported(atom.toString());
  };

  switch (name) {
    case 'exists':
      if (first) return truth(counts(call(new FunctionAtom('where', args), input, resource), (count) => count > 0));
      return truth(counts(input, (count) => count > 0));
    case 'empty':
      return truth(counts(input, (count) => count === 0));
    case 'count':
      return computed('integer', (node, scope) => [values(node, scope).length]);
    case 'hasValue':
      return truth((node, scope) => {
        const found = values(node, scope);
        return found.length === 1 && typeof found[0] !== 'object';
      });
    case 'not':
      return truth((node, scope) => {
        const [found] = values(node, scope);
        return found === undefined ? undefined : found === false;
      });
    case 'where':
      return input.flatMap((one) => where(one, first!, each));
    case 'select':
      return input.flatMap((one) =>
        each(one).map(({ type, values: selected }) =>
          branch(type, (node, scope) => one.values(node, scope).flatMap((value) => selected(value, scope)), []),
        ),
      );
    case 'all': {
      const tests = input.map((one) => ({ one, test: truthOf(each(one)) }));
      return truth((node, scope) =>
        tests.every(({ one, test }) => one.values(node, scope).every((value) => test(value, scope) === true)),
      );
    }
    case 'allFalse':
      return truth((node, scope) => values(node, scope).every((value) => value === false));
    case 'isDistinct':
      return truth((node, scope) => {
        const found = values(node, scope);
        return new Set(found).size === found.length;
      });
    case 'first':
      return input.map((one) => branch(one.type, (node, scope) => one.values(node, scope).slice(0, 1), []));
    case 'tail':
      return input.map((one) => branch(one.type, (node, scope) => one.values(node, scope).slice(1), []));
    case 'as':
    case 'ofType':
      return ofType(input, typeName());
    case 'is':
      return isType(input, typeName());
    case 'trace':
      return [...input];
    case 'descendants':
      return computed('*', (node, scope) => values(node, scope).flatMap(descendants));
    case 'intersect': {
      const others = valuesOf(step(first!, [branch(resource, undefined, [])], resource));
      return computed(input[0]?.type ?? '*', (node, scope) => {
        const held = values(node, scope);
        if (held.length === 0) return [];
        const wanted = others(scope.resource, scope);
        return held.filter((value) => wanted.some((other) => equal(value, other)));
      });
    }
    case 'startsWith': {
      const start = String(literal());
      return strings(values, (text) => text.startsWith(start));
    }
    case 'contains': {
      const part = String(literal());
      return strings(values, (text) => text.includes(part));
    }
    case 'matches': {
      const pattern = new RegExp(String(literal()));
      return strings(values, (text) => pattern.test(text));
    }
    case 'substring': {
      const from = Number(literal());
      return computed('string', (node, scope) => values(node, scope).map((value) => String(value).slice(from)));
    }
    case 'toString':
      return computed('string', (node, scope) => values(node, scope).map(String));
    case 'toInteger':
      return computed('integer', (node, scope) =>
        values(node, scope)
          .filter((value) => /^[+-]?\d+$/.test(String(value)))
          .map(Number),
      );
    default:
      throw new Unsupported(name);
  }
}

function counts(
  branches: readonly Branch[],
  test: (count: number) => boolean,
): (node: unknown, scope: Scope) => boolean {
  const values = valuesOf(branches);
  return (node, scope) => test(values(node, scope).length);
}

function strings(values: Values, test: (text: string) => boolean): Branch[] {
  return truth((node, scope) => {
    const [value] = values(node, scope);
    return typeof value === 'string' ? test(value) : undefined;
  });
}

function where(one: Branch, criterion: Atom, each: (one: Branch) => Branch[]): Branch[] {
  const target = resolvesTo(criterion);
  if (target) {
    return [branch(one.type, (node, scope) => one.values(node, scope).filter((value) => refersTo(value, target)), [])];
  }
  const test = truthOf(each(one));
  return [
    branch(one.type, (node, scope) => one.values(node, scope).filter((value) => test(value, scope) === true), []),
  ];
}

/** `resolve() is Patient` asks for the type of what is referred to: the reference itself tells it. */
function resolvesTo(criterion: Atom): string | undefined {
  const resolves =
    criterion instanceof IsAtom && criterion.left instanceof FunctionAtom && criterion.left.name === 'resolve';
  return resolves ? criterion.right.toString() : undefined;
}

function refersTo(value: unknown, type: string): boolean {
  const { reference, type: told } = value as { reference?: unknown; type?: unknown };
  if (told === type) return true;
  return typeof reference === 'string' && (reference.startsWith(`${type}/`) || reference.includes(`/${type}/`));
}

function descendants(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((held) =>
    (Array.isArray(held) ? held : [held]).flatMap((one: unknown) => [one, ...descendants(one)]),
  );
}
