// FHIRPath Patch: operations in a Parameters resource, converted to a JSON Patch on the current record.
// https://hl7.org/fhir/R4/fhirpatch.html

import type { Parameters, Resource } from '@medplum/fhirtypes';
import { Patching } from '#chart/json-patch.ts';
import type { PatchOperation } from '@chartwire/sdk/internal/kit/draft';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { literalOf, setLiteral } from '@chartwire/sdk/internal/kit/json/literals';
import { PathUnreadable, type Place, placesAt } from '#r4/fhirpath-places.ts';
import { TooMuchWork, Work } from '#r4/fhirpath-work.ts';
import { elementOf } from '#r4/schema.ts';
import { isObject } from './json-object.ts';

/** Each is worked out on what the one before it leaves. */
const MAX_OPERATIONS = 100;
/** Elements that the paths of a patch may visit in all: a few tenths of a second. */
const MOST_VISITED = 2_000_000;
/** Characters of a path that an error repeats. */
const MOST_TOLD = 200;

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
  const patching = new Patching(resource);
  const work = new Work(MOST_VISITED);
  return operationsOf(body).flatMap((parts, index) => {
    const refuse: Refuse = (reason) => {
      const type = textOf(parts, 'type')?.slice(0, MOST_TOLD);
      const path = textOf(parts, 'path')?.slice(0, MOST_TOLD);
      throw failed(`operation ${index} (${[type, path].filter(Boolean).join(' ')}) ${reason}`);
    };
    try {
      const operations = translate(patching.current, parts, work, refuse);
      patching.apply(operations, index);
      return operations;
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      return refuse('visits too much of the record. Name elements by their index, or send fewer operations at a time');
    }
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

function translate(resource: Resource, parts: Parts, work: Work, refuse: Refuse): PatchOperation[] {
  const path = textOf(parts, 'path') ?? refuse('has no path');
  const places = (): readonly Place[] => {
    try {
      return placesAt(resource, path, work);
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
      return [putting('add', `${pointer}/${index}`, valueFor(type, parts, refuse))];
    }
    case 'delete': {
      const found = places();
      // What is not there is deleted already.
      return found.length === 0 ? [] : [{ op: 'remove', path: single().pointer }];
    }
    case 'replace': {
      const { pointer, type } = single();
      return [putting('replace', pointer, valueFor(type, parts, refuse))];
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

/** Adds to a list, or sets a missing element. */
function addition({ pointer, type, value: parent }: Place, parts: Parts, refuse: Refuse): PatchOperation {
  const name = textOf(parts, 'name') ?? refuse('has no name');
  const element = elementOf(type, name);
  if (element) {
    const value = valueFor(element.type[0]!.code, parts, refuse);
    if (element.isArray) return putting('add', `${pointer}/${name}/-`, value);
    if (isObject(parent) && name in parent) refuse(`finds ${name} there already; replace it`);
    return putting('add', `${pointer}/${name}`, value);
  }
  const choice = elementOf(type, `${name}[x]`) ?? refuse(`names what is not an element of ${type}`);
  const given = givenValue(parts.get('value'));
  const suffix = given?.suffix ?? refuse('has no value of a type');
  const codes = choice.type.map(({ code }) => code[0]!.toUpperCase() + code.slice(1));
  if (!codes.includes(suffix)) refuse(`has a value of a type that ${name} cannot have`);
  if (isObject(parent) && codes.some((code) => `${name}${code}` in parent)) refuse(`finds ${name} there already`);
  return putting('add', `${pointer}/${name}${suffix}`, given!);
}

/** A list as its items say it. */
function listOf(places: readonly Place[], refuse: Refuse): { list: readonly unknown[]; pointer: string; type: string } {
  const [first] = places;
  if (!first) return refuse('finds no list there');
  const { list, pointer, type } = first;
  if (!list || places.length !== list.length) return refuse('must name a whole list');
  return { list, pointer: pointer.slice(0, pointer.lastIndexOf('/')), type };
}

/** A value, and how its number is written where JavaScript would print it in another way. */
interface Written {
  readonly value: unknown;
  readonly literal: string | undefined;
}

function putting(op: 'add' | 'replace', path: string, { value, literal }: Written): PatchOperation {
  const operation = { op, path, value };
  setLiteral(operation, 'value', literal);
  return operation;
}

/** `value[x]`, a resource, or an element put together from parts. */
function valueFor(type: string, parts: Parts, refuse: Refuse): Written {
  const part = parts.get('value') ?? refuse('has no value');
  return givenValue(part) ?? assembledFrom(part, type, refuse) ?? refuse('has no value');
}

function givenValue(part: Record<string, unknown> = {}): (Written & { readonly suffix: string }) | undefined {
  const key = Object.keys(part).find((name) => /^value[A-Z]/.test(name)) ?? 'resource';
  const value = part[key] ?? undefined;
  if (value === undefined) return undefined;
  const suffix = key === 'resource' ? 'Resource' : key.slice('value'.length);
  return { suffix, value, literal: literalOf(part, key) };
}

function assembledFrom({ part }: Record<string, unknown>, type: string, refuse: Refuse): Written | undefined {
  return Array.isArray(part) ? { value: assembled(type, part, refuse), literal: undefined } : undefined;
}

function assembled(type: string, given: readonly unknown[], refuse: Refuse): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  const put = (holder: object, key: string | number, { value, literal }: Written): void => {
    (holder as Record<string, unknown>)[key] = value;
    setLiteral(holder, key, literal);
  };
  for (const part of given.filter(isObject)) {
    const name = typeof part.name === 'string' ? part.name : '';
    const element = elementOf(type, name);
    const value = givenValue(part);
    if (!element) {
      if (!value || !elementOf(type, `${name}[x]`)) {
        return refuse('has a value with a part that is not an element of its type');
      }
      put(made, `${name}${value.suffix}`, value);
      continue;
    }
    const item = value ?? assembledFrom(part, element.type[0]!.code, refuse) ?? refuse('has a part without a value');
    if (!element.isArray) put(made, name, item);
    else {
      made[name] ??= [];
      const list = made[name] as unknown[];
      put(list, list.length, item);
    }
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
