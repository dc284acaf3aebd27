// The values of a search criterion, by the type of its parameter.

import { isFhirId } from '@chartwire/sdk/internal/kit/ids';
import { dateRange } from './date-range.ts';
import { isResourceType } from './resource-types.ts';
import {
  type Criterion,
  type CriterionOptions,
  PREFIXES,
  type Prefix,
  type QuantityTest,
  refuse,
  type TokenTest,
} from './search-criterion.ts';
import { split, unescaped } from './search-escape.ts';
import { branchesOf } from './search-index.ts';
import { numberRange } from './search-number.ts';
import type { SearchParameter } from './search-parameters.ts';
import { normalise, phoneDigits, withoutExtension } from './search-text.ts';
import { digitsOf, inWords, withoutVersion, wordsOf } from './search-values.ts';

export interface Reading {
  readonly type: string;
  readonly parameter: SearchParameter;
  readonly name: string;
  readonly modifier: string | undefined;
  /** Still escaped. */
  readonly values: readonly string[];
  readonly options: CriterionOptions;
}

export function wrongModifier(name: string, parameter: SearchParameter): never {
  return refuse(name, `this modifier is not supported on a parameter of type ${parameter.type}`);
}

// ── token

/** What `code=system|` and the rest look like among the tokens: see search-values.ts. */
export function readToken(reading: Reading): Criterion {
  const { parameter, name, modifier, values } = reading;
  const { code } = parameter;
  switch (modifier) {
    case undefined:
    case 'not':
      return { kind: 'token', test: anyOf(values.map((value) => tokenTest(reading, value))), not: modifier === 'not' };
    case 'text':
      return { kind: 'string', code, match: 'starts', texts: values.map(unescaped) };
    case 'of-type': {
      const exact = values.map((value) => `${code}:of-type=${split(value, '|').map(unescaped).join('|')}`);
      return { kind: 'token', test: { exact, prefixes: [] }, not: false };
    }
    case 'in':
    case 'not-in':
      return refuse(name, 'searching by value set is not supported');
    default:
      return wrongModifier(name, parameter);
  }
}

const NOTHING: TokenTest = { exact: [], prefixes: [] };

function tokenTest({ type, parameter, name }: Reading, value: string): TokenTest {
  const [system, code] = systemAndCode(name, value);
  if (isTelephone(code) && holdsContacts(type, parameter)) {
    const digits = coded(digitsOf(parameter.code), system, phoneDigits(code));
    return anyOf([coded(parameter.code, system, code), digits]);
  }
  const systems = impliedSystems(type, parameter);
  if (!systems || system === undefined) return coded(parameter.code, system, code);
  // An element of type code has no system in the record: its value set implies it.
  return system === '' || systems.has(system) ? coded(parameter.code, undefined, code) : NOTHING;
}

/** Digits, grouped as people do, and maybe an extension: compared with others by the digits alone. */
function isTelephone(text: string): boolean {
  const number = withoutExtension(text);
  return /\d/.test(number) && /^[\d\s()+./-]+$/.test(number);
}

const contacts = new Map<string, boolean>();

/** Whether a parameter looks for telephone numbers and addresses of e-mail. */
function holdsContacts(type: string, parameter: SearchParameter): boolean {
  const key = `${type}.${parameter.code}`;
  if (!contacts.has(key))
    contacts.set(
      key,
      branchesOf(type, parameter).some((branch) => branch.type === 'ContactPoint'),
    );
  return contacts.get(key)!;
}

/** `code`, `system|code`, `|code` of no system, `system|` of any code. */
function systemAndCode(name: string, value: string): [system: string | undefined, code: string] {
  const parts = split(value, '|').map(unescaped);
  if (parts.length > 2) refuse(name, 'a value is [system]|[code]');
  return parts.length === 1 ? [undefined, parts[0]!] : [parts[0]!, parts[1]!];
}

function coded(p: string, system: string | undefined, code: string): TokenTest {
  const from = `${p}=${system === '' ? '-' : (system ?? '')}|`;
  return code === '' ? { exact: [], prefixes: [from] } : { exact: [from + code], prefixes: [] };
}

const implied = new Map<string, ReadonlySet<string> | undefined>();

/** The systems of a parameter whose values are all plain (code, boolean, string ...); undefined for the others. */
function impliedSystems(type: string, parameter: SearchParameter): ReadonlySet<string> | undefined {
  const key = `${type}.${parameter.code}`;
  if (!implied.has(key)) {
    const branches = branchesOf(type, parameter);
    const isPlain = branches.every((branch) => /^[a-z]/.test(branch.type));
    implied.set(key, isPlain ? new Set(branches.flatMap((branch) => branch.systems)) : undefined);
  }
  return implied.get(key);
}

function anyOf(tests: readonly TokenTest[]): TokenTest {
  return { exact: tests.flatMap(({ exact }) => exact), prefixes: tests.flatMap(({ prefixes }) => prefixes) };
}

// ── reference and uri

export function readReference(reading: Reading): Criterion {
  const { parameter, name, modifier, values, options } = reading;
  const { code: p, target = [] } = parameter;
  if (modifier === 'identifier') {
    const tests = values.map((value) => coded(`${p}:identifier`, ...systemAndCode(name, value)));
    return { kind: 'token', test: anyOf(tests), not: false };
  }
  if (modifier !== undefined && !isResourceType(modifier)) wrongModifier(name, parameter);
  if (modifier !== undefined && !target.includes(modifier)) refuse(name, `it cannot refer to ${modifier}`);
  const types = modifier === undefined ? target : [modifier];
  const exact = values.flatMap((value) => {
    const given = withoutBase(unescaped(value), options.base);
    // A canonical may look like an id too.
    const asIs = !isFhirId(given) || holdsUris(reading) ? [`${p}=${withoutVersion(given)}`] : [];
    return [...asIs, ...(isFhirId(given) ? types.map((type) => `${p}=${type}/${given}`) : [])];
  });
  return { kind: 'token', test: { exact, prefixes: [] }, not: false };
}

function holdsUris({ type, parameter }: Reading): boolean {
  return branchesOf(type, parameter).some((branch) => branch.type === 'canonical' || branch.type === 'uri');
}

function withoutBase(url: string, base: string | undefined): string {
  return base !== undefined && url.startsWith(`${base}/`) ? url.slice(base.length + 1) : url;
}

export function readUri({ parameter, name, modifier, values }: Reading): Criterion {
  const { code: p } = parameter;
  const uris = values.map(unescaped);
  const folders = uris.map((one) => one.replace(/\/$/, ''));
  switch (modifier) {
    case undefined:
      return { kind: 'token', test: { exact: uris.map((one) => `${p}=${one}`), prefixes: [] }, not: false };
    case 'below':
      return {
        kind: 'token',
        test: { exact: uris.map((one) => `${p}=${one}`), prefixes: folders.map((one) => `${p}=${one}/`) },
        not: false,
      };
    case 'above':
      return {
        kind: 'token',
        test: { exact: uris.flatMap(ancestors).map((one) => `${p}=${one}`), prefixes: [] },
        not: false,
      };
    default:
      return wrongModifier(name, parameter);
  }
}

/** `http://a/b/c`, `http://a/b`, `http://a`. */
function ancestors(uri: string): string[] {
  const root = uri.indexOf('://') + 3;
  const cut = uri.lastIndexOf('/');
  return cut < root || root === 2 ? [uri] : [uri, ...ancestors(uri.slice(0, cut))];
}

// ── string, date, number, quantity

export function readString({ parameter, name, modifier, values }: Reading): Criterion {
  const texts = values.map(unescaped);
  const { code } = parameter;
  if (modifier === 'exact') return { kind: 'string', code, match: 'exact', texts };
  if (modifier !== undefined && modifier !== 'contains') wrongModifier(name, parameter);
  // What is nothing but spaces and accents would match everything.
  if (texts.some((text) => normalise(text) === '')) refuse(name, 'a value has no letters or digits to search for');
  if (modifier === 'contains') return { kind: 'string', code, match: 'contains', texts: texts.map(normalise) };
  const criterion = { kind: 'string', code, match: 'starts', texts: texts.map(normalise) } as const;
  const ofWords = wordsOf(code);
  if (ofWords === undefined) return criterion;
  return { ...criterion, words: { code: ofWords, texts: texts.map(inWords).filter((text) => text !== '') } };
}

function prefixed(value: string): { prefix: Prefix; rest: string } {
  const prefix = PREFIXES.find((one) => value.startsWith(one));
  return prefix ? { prefix, rest: value.slice(2) } : { prefix: 'eq', rest: value };
}

export function readDate({ parameter, name, modifier, values }: Reading): Criterion {
  if (modifier !== undefined) wrongModifier(name, parameter);
  const tests = values.map((value) => {
    const { prefix, rest } = prefixed(value);
    // An unescaped `+` of a time zone in the address has become a space.
    const range =
      dateRange(rest.replace(' ', '+')) ?? refuse(name, 'a value is not a date: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ');
    return { prefix, ...(prefix === 'ap' ? around(range.low, range.high) : range) };
  });
  return parameter.code === '_lastUpdated' ? { kind: 'updated', tests } : { kind: 'date', code: parameter.code, tests };
}

/** "Approximately" is within a tenth of the time between then and now. */
function around(low: number, high: number): { low: number; high: number } {
  const tenth = Math.abs(Date.now() - low) / 10;
  return { low: low - tenth, high: high + tenth };
}

export function readQuantity({ parameter, name, modifier, values }: Reading): Criterion {
  if (modifier !== undefined) wrongModifier(name, parameter);
  const tests = values.map((value): QuantityTest => {
    const [number, system, code, ...rest] = split(value, '|').map(unescaped);
    const { prefix, rest: text } = prefixed(number!);
    const range = numberRange(text) ?? refuse(name, 'a value is not a number');
    if (rest.length > 0 || (parameter.type === 'number' && system !== undefined)) {
      refuse(name, parameter.type === 'number' ? 'a value is a number' : 'a value is [number]|[system]|[code]');
    }
    const tenth = Math.abs(range.value) / 10;
    const span = prefix === 'ap' ? { low: range.value - tenth, high: range.value + tenth } : range;
    return { prefix, ...range, ...span, system: system || undefined, code: code || undefined };
  });
  return { kind: 'quantity', code: parameter.code, tests };
}
