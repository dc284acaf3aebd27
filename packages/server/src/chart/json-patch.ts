// JSON Patch (RFC 6902) on a record, exactly as specified, within limits on the result. A few copies of a list into itself could
// otherwise fill the memory.

import type { Resource } from '@medplum/fhirtypes';
import type { PatchOperation } from '@chartwire/sdk/internal/kit/draft';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { copyJson, equalJson, literalOf, setLiteral } from '@chartwire/sdk/internal/kit/json/literals';
import { PatchLiterals } from './json-patch-literals.ts';

/** Total number of values that operations may add, and the nesting limit of the result. */
const MOST_VALUES = 200_000;
const DEEPEST = 200;

type Node = Record<string, unknown> | unknown[];

/**
 * The record after applying the operations, in order, to a copy.
 *
 * @throws {Refusal} `patch.failed` naming the operation that doesn't fit
 */
export function patched(resource: Resource, patch: readonly PatchOperation[]): Resource {
  const patching = new Patching(resource);
  patching.apply(patch);
  return patching.done();
}

/** A copy of a record to which the operations of one or more patches are applied. */
export class Patching {
  readonly #copy: Record<string, unknown>;
  readonly #literals = new PatchLiterals();
  #left = MOST_VALUES;

  constructor(resource: Resource) {
    this.#copy = copyJson(resource) as unknown as Record<string, unknown>;
  }

  /** Its current state; literals are attached at the end. */
  get current(): Resource {
    return this.#copy as unknown as Resource;
  }

  /** @param first number of the first operation, for errors */
  apply(patch: readonly PatchOperation[], first = 0): void {
    const shortened = new Set<string>();
    for (const [index, operation] of patch.entries()) {
      const { op, path, from = '' } = operation;
      const refuse = (reason: string): never => {
        throw new Refusal('patch.failed', { reason: `operation ${first + index} (${op} ${path}) ${reason}` });
      };
      this.#left -= apply(this.#copy, operation, this.#literals, refuse);
      if (this.#left < 0) refuse('makes the record too large');
      if (op === 'remove') shortened.add(listAt(path));
      if (op === 'move') shortened.add(listAt(from));
    }
    dropEmpty(this.#copy, shortened, this.#literals);
  }

  done(): Resource {
    const reason = `it nests more than ${DEEPEST} deep`;
    if (sizeOf(this.#copy).depth > DEEPEST) throw new Refusal('patch.failed', { reason });
    this.#literals.settle(this.#copy);
    return this.current;
  }
}

function listAt(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));
}

/** FHIR has no empty lists: a list whose last item is removed disappears. */
function dropEmpty(root: Node, pointers: Iterable<string>, literals: PatchLiterals): void {
  for (const pointer of pointers) {
    const place = pointed(root, pointer, literals);
    if (Array.isArray(place?.value) && place.value.length === 0) place.remove();
  }
}

/** Returns the number of values added. */
function apply(
  root: Node,
  operation: PatchOperation,
  literals: PatchLiterals,
  refuse: (reason: string) => never,
): number {
  const { op, path, from, value } = operation;
  const misfit = (): never => refuse('does not fit the record');
  const absent = (): never => refuse('names an element that is not there');
  const target =
    pointed(root, path, literals, op === 'add' || op === 'copy' || op === 'move') ??
    refuse('leads through an element that is not there');
  switch (op) {
    case 'test':
      return equalJson(target.value, value) ? 0 : refuse('finds another value there');
    case 'add':
      return target.add(copyJson(value), literalOf(operation, 'value')) ? sizeOf(value).values : misfit();
    case 'replace':
      if (!target.exists) return absent();
      return target.set(copyJson(value), literalOf(operation, 'value')) ? sizeOf(value).values : misfit();
    case 'remove':
      if (!target.exists) return absent();
      return target.remove() ? 0 : misfit();
    case 'copy': {
      const source = pointed(root, from ?? '', literals) ?? misfit();
      // Checked before copying, so that an oversized value doesn't grow further.
      const { values, depth } = sizeOf(source.value);
      if (!source.exists || depth > DEEPEST || values > MOST_VALUES) return misfit();
      literals.settle(source.value);
      return target.add(copyJson(source.value), source.literal) ? values : misfit();
    }
    case 'move': {
      const source = pointed(root, from ?? '', literals) ?? misfit();
      if (path.startsWith(`${from}/`) || !source.exists) return misfit();
      if (path === from) return 0;
      source.remove();
      return (pointed(root, path, literals, true) ?? misfit()).add(source.value, source.literal) ? 0 : misfit();
    }
  }
}

/** A place in a record: its value and the possible operations. Each returns whether it succeeded. */
interface Place {
  readonly exists: boolean;
  readonly value: unknown;
  /** The number's literal, if it isn't JavaScript's form. */
  readonly literal: string | undefined;
  add(value: unknown, literal: string | undefined): boolean;
  set(value: unknown, literal: string | undefined): boolean;
  remove(): boolean;
}

/**
 * The target of an RFC 6901 pointer; undefined if nothing could hold it. With `begins`, adding the first item of a missing list
 * creates it: FHIR omits empty lists, so a client can't tell whether to append or create.
 */
function pointed(root: Node, pointer: string, literals: PatchLiterals, begins = false): Place | undefined {
  // The whole record can be tested, but not replaced.
  const no = (): false => false;
  if (pointer === '') return { exists: true, value: root, literal: undefined, add: no, set: no, remove: no };
  if (!pointer.startsWith('/')) return undefined;
  const keys = pointer.slice(1).split('/').map(unescapedKey);
  const last = keys.pop()!;
  let node: unknown = root;
  let parent: unknown;
  for (const key of keys) {
    parent = node;
    node = childOf(node, key);
  }
  if (begins && node === undefined && (last === '-' || last === '0')) return newList(parent, keys.at(-1)!, literals);
  if (typeof node !== 'object' || node === null) return undefined;
  return Array.isArray(node) ? inList(node, last, literals) : inObject(node as Record<string, unknown>, last, literals);
}

function unescapedKey(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function childOf(node: unknown, key: string): unknown {
  if (Array.isArray(node)) return INDEX.test(key) ? node[Number(key)] : undefined;
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
  return (node as Record<string, unknown>)[key];
}

const INDEX = /^(?:0|[1-9]\d{0,8})$/;

function newList(parent: unknown, key: string, literals: PatchLiterals): Place | undefined {
  if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) return undefined;
  const place = inObject(parent as Record<string, unknown>, key, literals);
  if (!place) return undefined;
  const add: Place['add'] = (value, literal) => {
    const list = [value];
    setLiteral(list, 0, literal);
    return place.set(list, undefined);
  };
  return { ...place, add };
}

function inList(list: unknown[], key: string, literals: PatchLiterals): Place | undefined {
  const at = key === '-' ? list.length : INDEX.test(key) ? Number(key) : Number.NaN;
  if (!(at <= list.length)) return undefined;
  const exists = at < list.length;
  const put =
    (removed: number): Place['add'] =>
    (value, literal) => {
      literals.splice(list, at, removed, { value, literal });
      return true;
    };
  return {
    exists,
    value: list[at],
    literal: exists ? literals.get(list, at) : undefined,
    add: put(0),
    set: put(1),
    remove: () => {
      if (exists) literals.splice(list, at, 1);
      return exists;
    },
  };
}

function inObject(object: Record<string, unknown>, key: string, literals: PatchLiterals): Place | undefined {
  if (key === '__proto__') return undefined;
  const exists = Object.hasOwn(object, key);
  const set = (value: unknown, literal: string | undefined): boolean => {
    object[key] = value;
    literals.setKey(object, key, literal);
    return true;
  };
  const literal = exists ? literals.get(object, key) : undefined;
  const remove = (): boolean => {
    literals.setKey(object, key, undefined);
    return exists && delete object[key];
  };
  return { exists, value: exists ? object[key] : undefined, literal, add: set, set, remove };
}

/** Number of values, and their depth. Not recursive, since this check makes recursion safe. */
function sizeOf(value: unknown): { values: number; depth: number } {
  let values = 0;
  let depth = 0;
  let level: unknown[] = [value];
  while (level.length > 0 && values <= MOST_VALUES && depth <= DEEPEST) {
    values += level.length;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length > 0) depth++;
  }
  return { values, depth };
}
