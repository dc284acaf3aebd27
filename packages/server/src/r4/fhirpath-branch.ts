// What a FHIRPath expression finds, by type. An expression is compiled to branches: for each FHIR type that its values
// can have, how they are read from a record. https://hl7.org/fhirpath/N1/

import { definitions } from './definitions.ts';
import { Distinct } from './fhirpath-identity.ts';
import { Unsupported } from './fhirpath-parse.ts';
import { isBare, type Item, UNTYPED } from './fhirpath-values.ts';
import type { Work } from './fhirpath-work.ts';
import { PRIMITIVES } from './primitives.ts';
import { isResourceType } from './resource-types.ts';
import { elementOf } from './schema.ts';

/** The resources around the value an expression begins at: `%resource` and `%rootResource`. */
export interface Scope {
  readonly resource: object;
  readonly root: object;
  /** What may be visited, where a client wrote the expression. */
  readonly work?: Work;
}

/** Reads values from a node of a record. */
export type Values = (node: unknown, scope: Scope) => readonly unknown[];

/** FHIRPath's three truths; undefined is the empty collection. */
export type Truth = (node: unknown, scope: Scope) => boolean | undefined;

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
  /** Whether FHIRPath gives its values a type of its own, `System.String`, and not that of FHIR. */
  readonly system: boolean;
}

export function branch(
  type: string,
  from?: Values,
  keys: readonly string[] = [],
  systems: readonly string[] = [],
  system = false,
): Branch {
  if (keys.length === 0 && from) return { type, values: from, systems, from, keys, system };
  const primitive = PRIMITIVES.has(type);
  const values: Values = (node, scope) => {
    const found: unknown[] = [];
    const { work } = scope;
    if (from) for (const start of from(node, scope)) walk(start, keys, 0, primitive, found, work);
    else walk(node, keys, 0, primitive, found, work);
    return found;
  };
  return { type, values, systems, from, keys, system };
}

/** Some of the values of a branch, or in another order. */
export function selected(one: Branch, values: Values): Branch {
  return { ...one, values, from: values, keys: [] };
}

function walk(
  node: unknown,
  keys: readonly string[],
  at: number,
  primitive: boolean,
  found: unknown[],
  work: Work | undefined,
): void {
  work?.spend(1);
  if (at === keys.length) {
    found.push(node);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const key = keys[at]!;
  const held = (node as Record<string, unknown>)[key];
  const last = primitive && at === keys.length - 1;
  if (Array.isArray(held)) {
    for (let i = 0; i < held.length; i++) {
      const one: unknown = held[i] ?? (last ? besideOf(node, key)[i] : undefined);
      if (one !== null && one !== undefined) walk(one, keys, at + 1, primitive, found, work);
      else work?.spend(1);
    }
  } else if (held !== undefined && held !== null) {
    walk(held, keys, at + 1, primitive, found, work);
  } else if (last) {
    for (const one of besideOf(node, key)) {
      work?.spend(1);
      if (one !== null && one !== undefined) found.push(one);
    }
  }
}

/** What a primitive has beside its value, one for each of a list. */
function besideOf(node: object, key: string): readonly unknown[] {
  const beside = (node as Record<string, unknown>)[`_${key}`];
  return Array.isArray(beside) ? beside : [beside];
}

/** Values that are not read but made. */
export function computed(type: string, values: Values): Branch[] {
  return [branch(type, values, [], [], true)];
}

export function truth(test: Truth): Branch[] {
  return computed('boolean', (node, scope) => {
    scope.work?.spend(1);
    const result = test(node, scope);
    return result === undefined ? [] : [result];
  });
}

/** The values of all branches. */
export function valuesOf(branches: readonly Branch[]): Values {
  if (branches.length === 1) return branches[0]!.values;
  if (branches.length > 4 && isOneChoice(branches)) return choiceValues(branches);
  const all = branches.map(({ values }) => values);
  return (node, scope) => all.flatMap((values) => values(node, scope));
}

export type Items = (node: unknown, scope: Scope) => readonly Item[];

/** The values of all branches with their types, in order. @throws Unsupported where the order of several is not known. */
export function itemsOf(branches: readonly Branch[]): Items {
  const [first] = branches;
  if (!first) return () => [];
  if (branches.length === 1) {
    const { type, values } = first;
    return (node, scope) => {
      const found = values(node, scope);
      scope.work?.spend(found.length);
      return found.map((value) => ({ value, type }));
    };
  }
  const fromSeveral = first.from !== undefined || first.keys.length > 1;
  if ((fromSeveral || branches.length > 4) && isOneChoice(branches)) return choiceItems(branches);
  return (node, scope) => {
    const items = branches.flatMap(({ type, values }) => values(node, scope).map((value) => ({ value, type })));
    scope.work?.spend(items.length);
    if (items.length > 1 && items.some(({ type }) => type !== items[0]!.type)) {
      throw new Unsupported('the order of values of several types');
    }
    return items;
  };
}

/** @throws Unsupported for more than one. */
export function oneOf(branches: readonly Branch[]): (node: unknown, scope: Scope) => Item | undefined {
  const items = itemsOf(branches);
  return (node, scope) => {
    const found = items(node, scope);
    if (found.length > 1) throw new Unsupported('several values where one is needed');
    return found[0];
  };
}

/** A single value that is not a boolean counts as true. @throws Unsupported for more than one. */
export function truthOf(branches: readonly Branch[]): Truth {
  const [first] = branches;
  if (branches.length === 1 && first!.type === 'boolean' && first!.system) {
    return (node, scope) => first!.values(node, scope)[0] as boolean | undefined;
  }
  const one = oneOf(branches);
  return (node, scope) => {
    const found = one(node, scope);
    return !found || isBare(found) ? undefined : found.value !== false;
  };
}

/** @throws Unsupported where the order of the values is not known. */
export function sliced(branches: readonly Branch[], from: number, to?: number): Branch[] {
  if (branches.length < 2) {
    return branches.map((one) => selected(one, (node, scope) => one.values(node, scope).slice(from, to)));
  }
  if (!isOneChoice(branches)) throw new Unsupported('the place of a value among those of several elements');
  const items = choiceItems(branches);
  return branches.map((one) =>
    selected(one, (node, scope) =>
      items(node, scope)
        .slice(from, to)
        .filter(({ type }) => type === one.type)
        .map(({ value }) => value),
    ),
  );
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
  const items = choiceItems(branches);
  return (node, scope) => items(node, scope).map(({ value }) => value);
}

function choiceItems(branches: readonly Branch[]): Items {
  const [{ from, keys }] = branches as [Branch];
  const parents = branch(UNTYPED, from, keys.slice(0, -1));
  const byKey = new Map(
    branches.map((one) => [one.keys.at(-1)!, branch(one.type, undefined, one.keys.slice(-1))] as const),
  );
  return (node, scope) => {
    const found: Item[] = [];
    for (const parent of parents.values(node, scope)) {
      for (const key in parent as object) {
        scope.work?.spend(1);
        const plain = key.startsWith('_') ? key.slice(1) : key;
        // A primitive with value and extensions has both properties.
        if (plain !== key && Object.hasOwn(parent as object, plain)) continue;
        const one = byKey.get(plain);
        if (one) for (const value of one.values(parent, scope)) found.push({ value, type: one.type });
      }
    }
    return found;
  };
}

// ── types

/** An element of each of the branches that has it. @throws Unsupported when none has, unless `lenient`. */
export function elements(parents: readonly Branch[], name: string, lenient = false): Branch[] {
  const found = parents.flatMap((parent) => element(parent, name));
  // A primitive has a `value` in FHIR; engines differ in what they find of it.
  if (name === 'value' && found.length > 0) found.push(...parents.filter(({ type }) => PRIMITIVES.has(type)).map(none));
  if (found.length === 0 && parents.length > 0 && !lenient) throw new Unsupported(`${name}, which is no element there`);
  return found;
}

/** A branch without values. @throws Unsupported at run time where its parent has some. */
function none(parent: Branch): Branch {
  return branch(parent.type, (node, scope) => {
    if (parent.values(node, scope).length > 0) throw new Unsupported('the value of a primitive');
    return [];
  });
}

/** One branch for each possible type; for untyped values, a JSON property. */
function element(parent: Branch, name: string): Branch[] {
  if (parent.type === UNTYPED) return [branch(UNTYPED, parent.from, [...parent.keys, name])];
  const ofPrimitive = PRIMITIVES.has(parent.type);
  if (ofPrimitive && parent.keys.length === 0) throw new Unsupported(`${name} of a value by itself`);
  // What a primitive has beside its value is under its name with an underscore.
  const keys = ofPrimitive ? [...parent.keys.slice(0, -1), `_${parent.keys.at(-1)}`, name] : [...parent.keys, name];
  const type = parent.type === 'Resource' ? 'DomainResource' : parent.type;
  const plain = elementOf(type, name);
  if (plain) {
    const systems = Object.keys(definitions().valueSets[plain.binding?.valueSet ?? ''] ?? {});
    const system = name === 'id' || (name === 'url' && type === 'Extension');
    return plain.type.map(({ code }) => branch(code, parent.from, keys, systems, system));
  }
  const choice = elementOf(type, `${name}[x]`);
  return (choice?.type ?? []).map(({ code }) =>
    branch(code, parent.from, [...parent.keys, name + code[0]!.toUpperCase() + code.slice(1)]),
  );
}

/** The type that each is a kind of. */
const BASES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['code', 'id', 'markdown'].map((type) => [type, 'string'])),
  ...Object.fromEntries(['url', 'canonical', 'uuid', 'oid'].map((type) => [type, 'uri'])),
  ...Object.fromEntries(['positiveInt', 'unsignedInt'].map((type) => [type, 'integer'])),
  ...Object.fromEntries(
    ['Age', 'Distance', 'Duration', 'Count', 'MoneyQuantity', 'SimpleQuantity'].map((type) => [type, 'Quantity']),
  ),
};

/** Those of the branches that are of a type; among resources, those that say so. */
export function ofType(branches: readonly Branch[], name: string): Branch[] {
  const wanted = typeNamed(name);
  return branches.flatMap((one) => {
    if (one.system && PRIMITIVES.has(one.type)) throw new Unsupported(`asking whether a System type is ${name}`);
    if (one.type === UNTYPED) throw new Unsupported(`asking whether what has no type is ${name}`);
    if (one.type !== 'Resource') return isKindOf(one.type, wanted) ? [one] : [];
    const values: Values = (node, scope) => one.values(node, scope).filter((value) => hasType(value, wanted));
    return [branch(isResourceType(wanted) ? wanted : 'Resource', values)];
  });
}

/** @throws Unsupported for the types of System and those that R4 doesn't have. */
export function typeNamed(name: string): string {
  const bare = name.replace(/^FHIR\./, '');
  if (bare === 'BackboneElement') throw new Unsupported(`the type ${name}`);
  const known = bare === 'Element' || bare === 'Resource' || bare === 'DomainResource' || PRIMITIVES.has(bare);
  if (!known && !Object.hasOwn(definitions().structures, bare)) throw new Unsupported(`the type ${name}`);
  return bare;
}

/** `wanted` as `typeNamed` gives it. */
export function isKindOf(type: string, wanted: string): boolean {
  if (type === wanted || BASES[type] === wanted) return true;
  if (wanted === 'Element') return !isResource(type);
  return isResource(type) && hasType({ resourceType: type }, wanted);
}

function isResource(type: string): boolean {
  return isResourceType(type) || type === 'DomainResource';
}

/** Bundle, Binary and Parameters are resources without text and extensions. */
const BARE_RESOURCES: ReadonlySet<unknown> = new Set(['Bundle', 'Binary', 'Parameters']);

function hasType(value: unknown, wanted: string): boolean {
  const { resourceType } = value as { resourceType?: unknown };
  return (
    wanted === 'Resource' ||
    resourceType === wanted ||
    (wanted === 'DomainResource' && !BARE_RESOURCES.has(resourceType))
  );
}

/** The value if it is of a type. @throws Unsupported for more than one. */
export function asType(branches: readonly Branch[], name: string): Branch[] {
  const all = valuesOf(branches);
  const found = ofType(branches, name);
  return (found.length > 0 ? found : [branch('Element', () => [])]).map((one) =>
    selected(one, (node, scope) => {
      if (all(node, scope).length > 1) throw new Unsupported('several values where one is needed');
      return one.values(node, scope);
    }),
  );
}

/** @throws Unsupported for more than one value. */
export function isType(branches: readonly Branch[], name: string): Branch[] {
  const all = valuesOf(branches);
  const matching = valuesOf(ofType(branches, name));
  return truth((node, scope) => {
    const found = all(node, scope);
    if (found.length > 1) throw new Unsupported('several values where one is needed');
    return found.length === 1 ? matching(node, scope).length === 1 : undefined;
  });
}

/** The branches of a union, none of whose values is there twice. */
export function distinct(branches: readonly Branch[]): Branch[] {
  return branches.map((one, at) =>
    selected(one, (node, scope) => {
      const { work } = scope;
      const seen = new Distinct();
      for (const { type, values } of branches.slice(0, at)) {
        for (const value of values(node, scope)) seen.add({ value, type }, work);
      }
      return one.values(node, scope).filter((value) => seen.add({ value, type: one.type }, work));
    }),
  );
}
