// FHIRPath Patch: operations in a Parameters resource, made into those of a JSON Patch to the record as it is.
// https://hl7.org/fhir/R4/fhirpatch.html

import type { Parameters, Resource } from '@medplum/fhirtypes';
import { patched } from '#chart/json-patch.ts';
import type { PatchOperation } from '#kit/draft.ts';
import { Refusal } from '#kit/errors.ts';
import { PathUnreadable, type Place, placesAt } from '#r4/fhirpath-places.ts';
import { schemaOf } from '#r4/schema.ts';
import { isObject } from './json-object.ts';

/** Each is worked out on what the one before it leaves. */
const MAX_OPERATIONS = 100;

type Parts = ReadonlyMap<string, Record<string, unknown>>;

export function isFhirPathPatch(body: unknown): body is Parameters {
  return isObject(body) && body.resourceType === 'Parameters';
}

/** Whether an operation depends on what the record says, beyond whether an element is there. */
export function asksContent(body: Parameters): boolean {
  return operationsOf(body).some(
    (parts) => typeof textOf(parts, 'path') === 'string' && /[(=]/.test(textOf(parts, 'path')!),
  );
}

/** Throws `patch.failed`, which says which operation does not fit. */
export function jsonPatchOf(resource: Resource, body: Parameters): PatchOperation[] {
  let current = resource;
  return operationsOf(body).flatMap((parts, index) => {
    const operations = translate(current, parts, (reason) => {
      const type = textOf(parts, 'type');
      const path = textOf(parts, 'path');
      throw failed(`operation ${index} (${[type, path].filter(Boolean).join(' ')}) ${reason}`);
    });
    current = patched(current, operations);
    return operations;
  });
}

function operationsOf({ parameter = [] }: Parameters): Parts[] {
  if (!Array.isArray(parameter)) throw failed('its parameter is not a list');
  if (parameter.length > MAX_OPERATIONS) throw failed(`it has more than ${MAX_OPERATIONS} operations`);
  return parameter.map((one: unknown, index) => {
    if (!isObject(one) || one.name !== 'operation' || !Array.isArray(one.part)) {
      throw failed(`parameter ${index} is not an operation with parts`);
    }
    const parts = one.part.filter(isObject).filter(({ name }) => typeof name === 'string');
    return new Map(parts.map((part) => [part.name as string, part]));
  });
}

type Refuse = (reason: string) => never;

function translate(resource: Resource, parts: Parts, refuse: Refuse): PatchOperation[] {
  const path = textOf(parts, 'path') ?? refuse('has no path');
  const places = (): readonly Place[] => {
    try {
      return placesAt(resource, path);
    } catch (error) {
      if (error instanceof PathUnreadable) return refuse(`has a path that cannot be read: ${error.message}`);
      throw error;
    }
  };
  const single = (): Place => {
    const found = places();
    if (found.length === 1) return found[0]!;
    return refuse(found.length === 0 ? 'finds nothing there' : `finds ${found.length} elements there; name one`);
  };
  switch (textOf(parts, 'type')) {
    case 'add':
      return [addition(single(), parts, refuse)];
    case 'insert': {
      const { list, pointer, type } = listOf(places(), refuse);
      const index = wholeOf(parts, 'index', list.length, refuse);
      return [{ op: 'add', path: `${pointer}/${index}`, value: valueFor(type, parts, refuse) }];
    }
    case 'delete': {
      const found = places();
      // What is not there is deleted already.
      return found.length === 0 ? [] : [{ op: 'remove', path: single().pointer }];
    }
    case 'replace': {
      const { pointer, type } = single();
      return [{ op: 'replace', path: pointer, value: valueFor(type, parts, refuse) }];
    }
    case 'move': {
      const { list, pointer } = listOf(places(), refuse);
      const source = wholeOf(parts, 'source', list.length - 1, refuse);
      const destination = wholeOf(parts, 'destination', list.length - 1, refuse);
      return [{ op: 'move', from: `${pointer}/${source}`, path: `${pointer}/${destination}` }];
    }
    default:
      return refuse('is none of add, insert, delete, replace and move');
  }
}

/** Adds to a list, or sets what is not there yet. */
function addition({ pointer, type, value: parent }: Place, parts: Parts, refuse: Refuse): PatchOperation {
  const name = textOf(parts, 'name') ?? refuse('has no name');
  const elements = schemaOf(type)?.elements ?? {};
  const element = elements[name];
  if (element) {
    const value = valueFor(element.type[0]!.code, parts, refuse);
    if (element.isArray) return { op: 'add', path: `${pointer}/${name}/-`, value };
    if (isObject(parent) && name in parent) refuse(`finds ${name} there already; replace it`);
    return { op: 'add', path: `${pointer}/${name}`, value };
  }
  const choice = elements[`${name}[x]`] ?? refuse(`names what is not an element of ${type}`);
  const given = givenValue(parts.get('value'));
  const suffix = given?.suffix ?? refuse('has no value of a type');
  const codes = choice.type.map(({ code }) => code[0]!.toUpperCase() + code.slice(1));
  if (!codes.includes(suffix)) refuse(`has a value of a type that ${name} cannot have`);
  if (isObject(parent) && codes.some((code) => `${name}${code}` in parent)) refuse(`finds ${name} there already`);
  return { op: 'add', path: `${pointer}/${name}${suffix}`, value: given!.value };
}

/** A list as its items say it. */
function listOf(places: readonly Place[], refuse: Refuse): { list: readonly unknown[]; pointer: string; type: string } {
  const [first] = places;
  if (!first) return refuse('finds no list there');
  const { list, pointer, type } = first;
  if (!list || places.length !== list.length) return refuse('must name a whole list');
  return { list, pointer: pointer.slice(0, pointer.lastIndexOf('/')), type };
}

/** `value[x]`, a resource, or an element put together from parts. */
function valueFor(type: string, parts: Parts, refuse: Refuse): unknown {
  const part = parts.get('value') ?? refuse('has no value');
  return (
    givenValue(part)?.value ?? (Array.isArray(part.part) ? assembled(type, part.part, refuse) : refuse('has no value'))
  );
}

function givenValue(part: Record<string, unknown> | undefined): { suffix: string; value: unknown } | undefined {
  const key = Object.keys(part ?? {}).find((name) => /^value[A-Z]/.test(name));
  if (key !== undefined) return { suffix: key.slice('value'.length), value: part![key] };
  return part?.resource === undefined ? undefined : { suffix: 'Resource', value: part.resource };
}

function assembled(type: string, given: readonly unknown[], refuse: Refuse): Record<string, unknown> {
  const elements = schemaOf(type)?.elements ?? {};
  const made: Record<string, unknown> = {};
  for (const part of given.filter(isObject)) {
    const name = typeof part.name === 'string' ? part.name : '';
    const element = elements[name];
    const choice = elements[`${name}[x]`];
    const value = givenValue(part);
    if (!element && !(choice && value)) return refuse('has a value with a part that is not an element of its type');
    const item =
      value?.value ??
      (element && Array.isArray(part.part)
        ? assembled(element.type[0]!.code, part.part, refuse)
        : refuse('has a part without a value'));
    if (!element) made[`${name}${value!.suffix}`] = item;
    else if (element.isArray) made[name] = [...((made[name] as unknown[] | undefined) ?? []), item];
    else made[name] = item;
  }
  return made;
}

function textOf(parts: Parts, name: string): string | undefined {
  const value = givenValue(parts.get(name))?.value;
  return typeof value === 'string' ? value : undefined;
}

function wholeOf(parts: Parts, name: string, most: number, refuse: Refuse): number {
  const value = givenValue(parts.get(name))?.value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  return refuse(`needs ${name}, a whole number from 0 to ${Math.max(most, 0)}`);
}

function failed(reason: string): Refusal {
  return new Refusal('patch.failed', { reason });
}
