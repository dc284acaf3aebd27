// What a FHIRPath expression finds, by type. An expression is compiled to branches: for each FHIR type that its values
// can have, how they are read from a record. https://hl7.org/fhirpath/N1/

import { definitions } from './definitions.ts';
import type { Work } from './fhirpath-work.ts';
import { PRIMITIVES } from './primitives.ts';
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
}

/** The type of a value of which nothing is known but its JSON. */
export const UNTYPED = '*';

export function branch(
  type: string,
  from?: Values,
  keys: readonly string[] = [],
  systems: readonly string[] = [],
): Branch {
  if (keys.length === 0 && from) return { type, values: from, systems, from, keys };
  const primitive = PRIMITIVES.has(type);
  const values: Values = (node, scope) => {
    const found: unknown[] = [];
    const { work } = scope;
    if (from) for (const start of from(node, scope)) walk(start, keys, 0, primitive, found, work);
    else walk(node, keys, 0, primitive, found, work);
    return found;
  };
  return { type, values, systems, from, keys };
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
  if (Array.isArray(held)) {
    for (const one of held) if (one !== null && one !== undefined) walk(one, keys, at + 1, primitive, found, work);
  } else if (held !== undefined && held !== null) {
    walk(held, keys, at + 1, primitive, found, work);
  } else if (primitive && at === keys.length - 1) {
    const beside = (node as Record<string, unknown>)[`_${key}`];
    if (beside !== undefined && beside !== null) found.push(...(Array.isArray(beside) ? beside : [beside]));
  }
}

/** Values that are not read but made. */
export function computed(type: string, values: Values): Branch[] {
  return [branch(type, values)];
}

export function truth(test: Truth): Branch[] {
  return computed('boolean', (node, scope) => {
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

export function truthOf(branches: readonly Branch[]): Truth {
  const values = valuesOf(branches);
  return (node, scope) => {
    const found = values(node, scope);
    if (found.length === 0) return undefined;
    // A single value that is not a boolean counts as true (singleton evaluation of collections).
    return found.length > 1 || found[0] !== false;
  };
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
  const parents = branch(UNTYPED, from, keys.slice(0, -1));
  const byKey = new Map(
    branches.map((one) => [one.keys.at(-1)!, branch(one.type, undefined, one.keys.slice(-1)).values]),
  );
  return (node, scope) => {
    const found: unknown[] = [];
    for (const parent of parents.values(node, scope)) {
      for (const key in parent as object) {
        scope.work?.spend(1);
        const plain = key.startsWith('_') ? key.slice(1) : key;
        // A primitive with value and extensions has both properties.
        if (plain !== key && Object.hasOwn(parent as object, plain)) continue;
        found.push(...(byKey.get(plain)?.(parent, scope) ?? []));
      }
    }
    return found;
  };
}

// ── types

/** An element of a type, as many branches as it may have types; of what is untyped, a JSON property. */
export function element(parent: Branch, name: string): Branch[] {
  if (parent.type === UNTYPED) return [branch(UNTYPED, parent.from, [...parent.keys, name])];
  const type = parent.type === 'Resource' ? 'DomainResource' : parent.type;
  const plain = elementOf(type, name);
  if (plain) {
    const systems = Object.keys(definitions().valueSets[plain.binding?.valueSet ?? ''] ?? {});
    return plain.type.map(({ code }) => branch(code, parent.from, [...parent.keys, name], systems));
  }
  const choice = elementOf(type, `${name}[x]`);
  return (choice?.type ?? []).map(({ code }) =>
    branch(code, parent.from, [...parent.keys, name + code[0]!.toUpperCase() + code.slice(1)]),
  );
}

/** Those of the branches that are of a type; among resources, those that say so. */
export function ofType(branches: readonly Branch[], name: string): Branch[] {
  return branches.flatMap((one) => {
    if (one.type !== 'Resource') return isNamed(one.type, name) ? [one] : [];
    return computed(name, (node, scope) => one.values(node, scope).filter((value) => hasResourceType(value, name)));
  });
}

export function isType(branches: readonly Branch[], name: string): Branch[] {
  const all = valuesOf(branches);
  const matching = valuesOf(ofType(branches, name));
  return truth((node, scope) => {
    const found = all(node, scope);
    return found.length === 1 ? matching(node, scope).length === 1 : undefined;
  });
}

/** `Quantity`, `FHIR.Quantity`; `Boolean` of the System types is FHIR's `boolean`. */
function isNamed(type: string, name: string): boolean {
  const bare = name.replace(/^(FHIR|System)\./, '');
  return type === bare || type === bare[0]!.toLowerCase() + bare.slice(1);
}

function hasResourceType(value: unknown, name: string): boolean {
  return (value as { resourceType?: unknown }).resourceType === name;
}
