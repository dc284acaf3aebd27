// Where in a record a FHIRPath leads, as far as FHIRPath Patch goes: elements, [n], first(), last(), where(), ofType(),
// as() and extension(). https://hl7.org/fhir/R4/fhirpatch.html

import type { Resource } from '@medplum/fhirtypes';
import { compileGiven } from './fhirpath.ts';
import { isKindOf, type Scope, type Truth, truthOf, typeNamed } from './fhirpath-branch.ts';
import { Unsupported } from './fhirpath-parse.ts';
import { TooMuchWork, type Work } from './fhirpath-work.ts';
import { isResourceType } from './resource-types.ts';
import { elementOf } from './schema.ts';

/** One element of a record. */
export interface Place {
  /** RFC 6901. */
  readonly pointer: string;
  readonly type: string;
  readonly value: unknown;
  /** The list that it is in; undefined for what may be there only once. */
  readonly list: readonly unknown[] | undefined;
}

export class PathUnreadable extends Error {}

/** In characters. */
const LONGEST_PATH = 1000;
/** More than any record has levels. */
const MAX_STEPS = 64;

/** What it takes to read a condition for one type, in visits. */
const CONDITION = 2000;

/** The elements that a path leads to, in order. Throws `PathUnreadable` and, where it would visit too many, `TooMuchWork`. */
export function placesAt(resource: Resource, path: string, work: Work): readonly Place[] {
  const type = resource.resourceType;
  if (path.length > LONGEST_PATH) throw new PathUnreadable(`it has more than ${LONGEST_PATH} characters`);
  const steps = stepsOf(path);
  if (steps.length > MAX_STEPS) throw new PathUnreadable(`it has more than ${MAX_STEPS} steps`);
  const root: Place = { pointer: '', type, value: resource, list: undefined };
  const rest = steps[0]?.text === type ? steps.slice(1) : steps;
  const given: Given = { resource, root: resource, work };
  let places: readonly Place[] = [root];
  for (let at = 0; at < rest.length; at++) {
    const [step, next] = [rest[at]!, rest[at + 1]];
    if (step.kind === 'element' && next?.kind === 'index' && places.length === 1) {
      // One item of a list that may be long.
      places = elementsOf(places[0]!, step.text, given, Number(next.text));
      at++;
    } else places = take(places, step, given);
  }
  return places;
}

interface Step {
  /** The name of an element or of a function, or the number in brackets. */
  readonly text: string;
  readonly kind: 'element' | 'function' | 'index';
  /** Between the parentheses. */
  readonly argument: string;
}

const NAME = /\s*(\.?)\s*(?:`([A-Za-z_]\w*)`|([A-Za-z_]\w*))/y;
const INDEX = /\s*\[\s*(\d{1,6})\s*\]/y;

function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  let at = 0;
  const end = path.trimEnd().length;
  while (at < end) {
    INDEX.lastIndex = NAME.lastIndex = at;
    const index = INDEX.exec(path);
    if (index) {
      steps.push({ text: index[1]!, kind: 'index', argument: '' });
      at = INDEX.lastIndex;
      continue;
    }
    const name = NAME.exec(path);
    if (!name || (name[1] === '') !== (at === 0)) {
      throw new PathUnreadable('it is written Patient.name[0], with where() and similar functions');
    }
    at = NAME.lastIndex;
    const text = name[2] ?? name[3]!;
    if (path[at] !== '(') {
      steps.push({ text, kind: 'element', argument: '' });
      continue;
    }
    const close = closing(path, at);
    steps.push({ text, kind: 'function', argument: path.slice(at + 1, close).trim() });
    at = close + 1;
  }
  return steps;
}

/** The parenthesis that ends what the one at `open` begins. */
function closing(path: string, open: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = open; at < path.length; at++) {
    const char = path[at];
    if (char === '\\' && quoted) at++;
    else if (char === "'") quoted = !quoted;
    else if (!quoted && char === '(') depth++;
    else if (!quoted && char === ')' && --depth === 0) return at;
  }
  throw new PathUnreadable('a parenthesis is not closed');
}

type Given = Scope & { readonly resource: Resource; readonly work: Work };

function take(places: readonly Place[], { text, kind, argument }: Step, given: Given): readonly Place[] {
  given.work.spend(places.length);
  if (kind === 'index') return places.slice(Number(text), Number(text) + 1);
  if (kind === 'element') return places.flatMap((place) => elementsOf(place, text, given));
  switch (text) {
    case 'first':
    case 'last':
      if (argument !== '') throw new PathUnreadable(`${text}() has nothing between its parentheses`);
      return text === 'first' ? places.slice(0, 1) : places.slice(-1);
    case 'ofType':
    case 'as':
      return ofTypeNamed(places, argument);
    case 'where':
      return filtered(places, argument, given);
    case 'extension':
      if (!/^'(?:[^'\\]|\\.)*'$/.test(argument))
        throw new PathUnreadable("extension() is given a url: extension('http://...')");
      return filtered(
        places.flatMap((place) => elementsOf(place, 'extension', given)),
        `url = ${argument}`,
        given,
      );
    default:
      throw new PathUnreadable(
        `the function ${text.slice(0, 32)} is not one of first, last, where, ofType, as, extension`,
      );
  }
}

function ofTypeNamed(places: readonly Place[], name: string): readonly Place[] {
  try {
    const wanted = typeNamed(name);
    return places.filter(({ type }) => isKindOf(type, wanted));
  } catch (error) {
    if (error instanceof Unsupported) throw new PathUnreadable(`${name.slice(0, 32)} is not a type of FHIR R4`);
    throw error;
  }
}

/** @param only index of the requested one */
function elementsOf({ pointer, type, value }: Place, name: string, { work }: Given, only?: number): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const held = value as Record<string, unknown>;
  const plain = elementOf(type, name);
  const choice = elementOf(type, `${name}[x]`);
  if (!plain && !choice) throw new PathUnreadable(`${name.slice(0, 32)} is not an element of ${type}`);
  const options = plain
    ? [{ key: name, code: plain.type[0]!.code }]
    : choice!.type.map(({ code }) => ({ key: name + code[0]!.toUpperCase() + code.slice(1), code }));
  const places = options.flatMap(({ key, code }): Place[] => {
    const found = held[key];
    if (found === undefined || found === null) return [];
    const at = `${pointer}/${key}`;
    if (!Array.isArray(found)) return [{ pointer: at, type: code, value: found, list: undefined }];
    const placeOf = (one: unknown, index: number): Place => {
      return { pointer: `${at}/${index}`, type: typeOf(one, code), value: one, list: found };
    };
    if (only !== undefined) return only < found.length ? [placeOf(found[only], only)] : [];
    work.spend(found.length);
    return found.map(placeOf);
  });
  // What isn't a list is its own first item.
  return only === undefined || places[0]?.list ? places : places.slice(only, only + 1);
}

/** A contained resource says its type itself. */
function typeOf(value: unknown, code: string): string {
  const own = typeof value === 'object' && value !== null && 'resourceType' in value ? value.resourceType : undefined;
  return isResourceType(own) ? own : code;
}

function filtered(places: readonly Place[], condition: string, given: Given): readonly Place[] {
  const tests = new Map<string, Truth>();
  try {
    return places.filter(({ type, value }) => {
      let test = tests.get(type);
      if (!test) {
        given.work.spend(CONDITION);
        test = truthOf(compileGiven(condition, type, given.resource.resourceType));
        tests.set(type, test);
      }
      return test(value, given) === true;
    });
  } catch (error) {
    if (error instanceof TooMuchWork) throw error;
    if (error instanceof Unsupported) {
      throw new PathUnreadable(
        `a condition in it is not supported (${error.message}): compare elements with = and !=, and join with and, or, exists(), not()`,
      );
    }
    throw new PathUnreadable('a condition in it cannot be read');
  }
}
