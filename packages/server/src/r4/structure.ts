// Checks a JSON value against a FHIR type. Each type is compiled once, from its StructureDefinition, into closures that
// walk the value and find faults; a value without faults costs no path, no allocation and no second walk.

import type { InternalSchemaElement, InternalTypeSchema } from '@medplum/core';
import { literalOf } from '@chartwire/sdk/internal/kit/json/literals';
import { bindingCheck } from './bindings.ts';
import { type Invariant, invariantsOf } from './invariants.ts';
import { INTEGERS, PRIMITIVES } from './primitives.ts';
import { referenceCheck } from './references.ts';
import { isResourceType } from './resource-types.ts';
import { schemaOf } from './schema.ts';

/** The state of one validation. Paths of faults are relative to the current value until its parent prefixes them. */
export interface Visit {
  readonly faults: { path: string; message: string; issue: string }[];
  depth: number;
  /** The resource around the value, and its container (itself, unless contained). */
  resource: object;
  root: object;
  /** Whether `Patient?identifier=...` is a legal reference: in a transaction that is yet to be resolved. */
  readonly conditional: boolean;
}

/** Adds the faults of `value` to `visit.faults`. */
export type Check = (value: unknown, visit: Visit) => void;

/** Deeper than any real record; keeps a hostile one from exhausting the stack. */
const MAX_DEPTH = 64;
/** More faults than anybody reads: the walk ends when it has found so many. */
export const MAX_FAULTS = 100;

function addFault(visit: Visit, path: string, message: string, issue: string): void {
  visit.faults.push({ path, message, issue });
}

/** Runs `check` and puts `step` before the paths of the faults it found. */
function below(step: () => string, check: Check, value: unknown, visit: Visit): void {
  const before = visit.faults.length;
  check(value, visit);
  for (let i = before; i < visit.faults.length; i++) visit.faults[i]!.path = step() + visit.faults[i]!.path;
}

/** One JSON property of an object. */
interface Property {
  /** Its name if the element is a choice, of which only one type may be present. */
  readonly choice: string | undefined;
  readonly check: (value: unknown, parent: Record<string, unknown>, visit: Visit) => void;
}

interface Required {
  readonly element: string;
  readonly keys: readonly string[];
}

interface Shape {
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly Required[];
  readonly invariants: readonly Invariant[];
}

const shapes = new Map<string, Check>();

const NONE: readonly string[] = [];

/** The check of a complex type or a backbone element. */
function objectCheck(type: string): Check {
  let shape: Shape | undefined;
  return (value, visit) => {
    shape ??= compile(type);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return addFault(visit, '', `A JSON object (${type}) belongs here.`, 'structure');
    }
    if (visit.depth >= MAX_DEPTH) {
      return addFault(visit, '', `The record is nested deeper than ${MAX_DEPTH} levels.`, 'too-long');
    }
    visit.depth++;
    checkObject(shape, type, value as Record<string, unknown>, visit);
    visit.depth--;
  };
}

function checkObject(shape: Shape, type: string, value: Record<string, unknown>, visit: Visit): void {
  const before = visit.faults.length;
  let present = 0;
  let chosen: readonly string[] = NONE;
  for (const key of Object.keys(value)) {
    if (visit.faults.length >= MAX_FAULTS) return;
    const held = value[key];
    if (held === undefined) continue;
    // An id alone makes no element (ele-1).
    if (key !== 'id') present++;
    const property = shape.properties.get(key);
    if (!property) {
      unknownProperty(type, key, visit);
      continue;
    }
    property.check(held, value, visit);
    if (property.choice === undefined) continue;
    if (chosen.includes(property.choice)) {
      addFault(visit, `.${property.choice}`, `${property.choice} may have one type only.`, 'structure');
    }
    chosen = [...chosen, property.choice];
  }
  if (present === 0) addFault(visit, '', 'An element must not be empty.', 'structure');
  for (const { element, keys } of shape.required) {
    if (keys.some((key) => value[key] !== undefined)) continue;
    addFault(visit, `.${element}`, `${element} is required.`, 'required');
  }
  // An invariant of a malformed element says nothing new.
  if (visit.faults.length > before) return;
  for (const invariant of shape.invariants) {
    const fault = invariant.fault(value, visit);
    if (fault) addFault(visit, '', fault, 'invariant');
  }
}

/** The name of an unknown element comes from the sender: quoted only if it looks like a name. */
function unknownProperty(type: string, key: string, visit: Visit): void {
  if (/^_?[A-Za-z][A-Za-z0-9]{0,63}$/.test(key)) {
    addFault(visit, `.${key}`, `${key} is not an element of ${type}.`, 'structure');
  } else {
    addFault(visit, '', `${type} has a property whose name is not that of an element.`, 'structure');
  }
}

// ── compiling a type

function compile(type: string): Shape {
  const schema = schemaOf(type);
  if (!schema) throw new Error(`no structure of type ${type}`);
  const properties = new Map<string, Property>();
  const required: Required[] = [];
  for (const [path, element] of Object.entries(schema.elements)) {
    const name = path.replace('[x]', '');
    const isChoice = path.endsWith('[x]');
    const keys: string[] = [];
    for (const option of element.type) {
      const key = isChoice ? name + option.code[0]!.toUpperCase() + option.code.slice(1) : name;
      const step = isChoice ? `.${name}.ofType(${option.code})` : `.${name}`;
      const primitive = PRIMITIVES.has(option.code);
      keys.push(key);
      properties.set(key, {
        choice: isChoice ? name : undefined,
        check: propertyCheck(element, option.code, name, key, step),
      });
      if (primitive) {
        keys.push(`_${key}`);
        properties.set(`_${key}`, { choice: undefined, check: extensionCheck(element, name, key, step) });
      }
    }
    if (element.min > 0) required.push({ element: name, keys });
  }
  if (isResourceType(type)) properties.set('resourceType', { choice: undefined, check: () => {} });
  return { properties, required, invariants: invariantsOf(schema.constraints, type, schema.path) };
}

/** The check of one value of an element, whichever its number: its type, its binding, its own invariants. */
function valueCheck(element: InternalSchemaElement, type: string, name: string): Check {
  const primitive = PRIMITIVES.get(type);
  const checkType: Check = primitive
    ? (value, visit) => {
        const fault = primitive(value);
        if (fault) addFault(visit, '', `${name} ${fault}.`, 'value');
      }
    : name === 'contained'
      ? checkContained
      : checkOf(type);
  const checks: Check[] = [];
  if (element.binding?.valueSet) {
    const binding = bindingCheck(element.binding.valueSet, type);
    if (binding) checks.push((value, visit) => addIf(visit, binding(value), name, 'code-invalid'));
  }
  if (type === 'Reference') {
    const reference = referenceCheck(element);
    checks.push((value, visit) => addIf(visit, reference(value, placeIn(visit)), name, 'value'));
  }
  for (const invariant of invariantsOf(element.constraints, type, element.path, inherited(type))) {
    checks.push((value, visit) => {
      const fault = invariant.fault(value, visit);
      if (fault) addFault(visit, '', fault, 'invariant');
    });
  }
  if (checks.length === 0) return checkType;
  return (value, visit) => {
    const before = visit.faults.length;
    checkType(value, visit);
    if (visit.faults.length === before) for (const check of checks) check(value, visit);
  };
}

const placeIn = ({ conditional, resource, root }: Visit) => ({ conditional, contained: resource !== root });

function addIf(visit: Visit, fault: string | undefined, name: string, issue: string): void {
  if (fault) addFault(visit, '', `${name} ${fault}.`, issue);
}

/** Invariants that the type checks itself, and a use of the type repeats. */
function inherited(type: string): InternalTypeSchema['constraints'] {
  return PRIMITIVES.has(type) ? [] : schemaOf(type)?.constraints;
}

function propertyCheck(
  element: InternalSchemaElement,
  type: string,
  name: string,
  key: string,
  step: string,
): Property['check'] {
  let check: Check | undefined;
  const single = () => step;
  // 1.0 and 1e2 are whole numbers to JavaScript, and no integers to FHIR.
  const isInteger = INTEGERS.has(type);
  const notInteger = `${name} must be written as an integer: without a decimal point, exponent or -0.`;
  if (!element.isArray) {
    return (value, parent, visit) => {
      if (value === null) return addFault(visit, step, `${name} must not be null; leave it out.`, 'structure');
      if (Array.isArray(value))
        return addFault(visit, step, `${name} may be there only once, not as an array.`, 'structure');
      if (isInteger && literalOf(parent, key) !== undefined) return addFault(visit, step, notInteger, 'value');
      check ??= valueCheck(element, type, name);
      below(single, check, value, visit);
    };
  }
  const primitive = PRIMITIVES.has(type);
  return (value, parent, visit) => {
    if (!isArrayOf(value, element, name, step, visit)) return;
    check ??= valueCheck(element, type, name);
    for (let i = 0; i < value.length && visit.faults.length < MAX_FAULTS; i++) {
      if (value[i] === null || value[i] === undefined) {
        const beside = primitive ? parent[`_${key}`] : undefined;
        if (Array.isArray(beside) && beside[i]) continue;
        addFault(visit, `${step}[${i}]`, `${name} must not hold null.`, 'structure');
      } else if (isInteger && literalOf(value, i) !== undefined) {
        addFault(visit, `${step}[${i}]`, notInteger, 'value');
      } else {
        below(() => `${step}[${i}]`, check, value[i], visit);
      }
    }
  };
}

/** `_birthDate` beside `birthDate`: the id and the extensions of a primitive. */
function extensionCheck(element: InternalSchemaElement, name: string, key: string, step: string): Property['check'] {
  const check = checkOf('Element');
  if (!element.isArray) return (value, _parent, visit) => below(() => step, check, value, visit);
  return (value, parent, visit) => {
    if (!isArrayOf(value, element, name, step, visit)) return;
    const beside = parent[key];
    for (let i = 0; i < value.length && visit.faults.length < MAX_FAULTS; i++) {
      if (value[i] !== null) below(() => `${step}[${i}]`, check, value[i], visit);
      else if (!Array.isArray(beside) || beside[i] === null || beside[i] === undefined) {
        addFault(visit, `${step}[${i}]`, `${name} has neither value nor extension here.`, 'structure');
      }
    }
  };
}

function isArrayOf(
  value: unknown,
  element: InternalSchemaElement,
  name: string,
  step: string,
  visit: Visit,
): value is unknown[] {
  if (!Array.isArray(value)) addFault(visit, step, `${name} must be a JSON array.`, 'structure');
  else if (value.length === 0) addFault(visit, step, `${name} must not be an empty array; leave it out.`, 'structure');
  else if (value.length > element.max) addFault(visit, step, `${name} may hold ${element.max} at most.`, 'structure');
  else return true;
  return false;
}

/** The check of a type by its name, compiled when it first meets a value (types hold each other). */
export function checkOf(type: string): Check {
  if (type === 'Resource') return checkResource;
  let check = shapes.get(type);
  if (!check) {
    check = objectCheck(type);
    shapes.set(type, check);
  }
  return check;
}

/** A resource of any type, in a bundle or in parameters. */
const checkResource: Check = (value, visit) => {
  const around = visit.root;
  visit.root = typeof value === 'object' && value !== null ? value : around;
  checkContained(value, visit);
  visit.root = around;
};

/** The same within another resource, to which `#id` still refers. */
const checkContained: Check = (value, visit) => {
  const type = typeof value === 'object' && value !== null && 'resourceType' in value ? value.resourceType : undefined;
  if (!isResourceType(type)) {
    return addFault(visit, '', 'A resource with the resourceType of FHIR R4 belongs here.', 'structure');
  }
  const around = visit.resource;
  visit.resource = value as object;
  checkOf(type)(value, visit);
  visit.resource = around;
};
