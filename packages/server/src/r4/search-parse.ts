// Reads a search criterion, `name[:modifier]=value[,value]`, against the search parameters of a type.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isResourceType } from './resource-types.ts';
import { type Criterion, type CriterionOptions, refuse } from './search-criterion.ts';
import { split, unescaped } from './search-escape.ts';
import { type SearchParameter, searchParameter } from './search-parameters.ts';
import {
  type Reading,
  readDate,
  readQuantity,
  readReference,
  readString,
  readToken,
  readUri,
  wrongModifier,
} from './search-parse-values.ts';

/** More alternatives than any honest search has. */
const MAX_VALUES = 1000;

/** How many records a chain may lead over, and how many subqueries it may come to: each is planned and run. */
const MAX_LEVELS = 4;
const MAX_QUERIES = 200;

/** @throws Refusal `search.parameter` when `name` is no parameter of `type`, or cannot be used so. */
export function parseCriterion(type: string, name: string, value: string, options: CriterionOptions = {}): Criterion {
  const chain: Chain = { level: 0, queries: { left: MAX_QUERIES }, options };
  const criterion = follow(chain, type, name, value);
  // In a chain it was treated as a type, which lacks such a parameter.
  if (chain.queries.left < 0) tooMany(name);
  return criterion;
}

/** What one criterion may still ask of other records. */
interface Chain {
  readonly level: number;
  readonly queries: { left: number };
  readonly options: CriterionOptions;
}

function follow(chain: Chain, type: string, name: string, value: string): Criterion {
  const dot = name.indexOf('.');
  const reverse = name.startsWith('_has:');
  if (!reverse && dot === -1) return plain(type, name, value, chain.options);
  if (chain.level === MAX_LEVELS) refuse(name, `it leads over more than ${MAX_LEVELS} records`);
  return reverse ? has(chain, type, name, value) : forward(chain, type, name, dot, value);
}

function further(chain: Chain, type: string, name: string, value: string): Criterion {
  if (--chain.queries.left < 0) tooMany(name);
  return follow({ ...chain, level: chain.level + 1 }, type, name, value);
}

function tooMany(name: string): never {
  return refuse(name, 'it asks about too many types; name them, as subject:Patient does');
}

function plain(type: string, name: string, value: string, options: CriterionOptions): Criterion {
  const colon = name.indexOf(':');
  const code = colon === -1 ? name : name.slice(0, colon);
  const modifier = colon === -1 ? undefined : name.slice(colon + 1);
  const parameter = searchParameter(type, code) ?? refuse(name, `it is not a search parameter of ${type}`);
  const values = split(value, ',');
  if (values.some((one) => one === '')) refuse(name, 'a value is empty');
  if (values.length > MAX_VALUES) refuse(name, `it has more than ${MAX_VALUES} values`);
  if (modifier === 'missing') return missing(parameter, name, value);
  if (code === '_id') return modifier ? wrongModifier(name, parameter) : { kind: 'id', ids: values.map(unescaped) };
  const reading: Reading = { type, parameter, name, modifier, values, options };
  switch (parameter.type) {
    case 'token':
      return readToken(reading);
    case 'reference':
      return readReference(reading);
    case 'uri':
      return readUri(reading);
    case 'string':
      return readString(reading);
    case 'date':
      return readDate(reading);
    case 'number':
    case 'quantity':
      return readQuantity(reading);
    default:
      return refuse(name, `parameters of type ${parameter.type} are not supported`);
  }
}

function missing(parameter: SearchParameter, name: string, value: string): Criterion {
  if (value !== 'true' && value !== 'false') refuse(name, ':missing is true or false');
  return { kind: 'missing', parameter, missing: value === 'true' };
}

// ── criteria about other records

/** `subject:Patient.name` or `subject.name`, and on from there: `subject:Patient.general-practitioner.name`. */
function forward(chain: Chain, type: string, name: string, dot: number, value: string): Criterion {
  const [code, only] = name.slice(0, dot).split(':') as [string, string | undefined];
  const rest = name.slice(dot + 1);
  const parameter = searchParameter(type, code) ?? refuse(name, `${safe(code)} is not a search parameter of ${type}`);
  if (parameter.type !== 'reference') refuse(name, `${code} is not a reference`);
  const candidates = (parameter.target ?? []).filter((target) => only === undefined || target === only);
  const bare = rest.split(/[:.]/)[0]!;
  const named = candidates.filter((target) => bare === '_has' || searchParameter(target, bare));
  if (named.length === 0) refuse(name, `no type it refers to has a search parameter ${safe(bare)}`);
  const parse = (target: string) => ({ type: target, criterion: further(chain, target, rest, value) });
  const targets = named.flatMap((target) => attempt(() => parse(target)));
  // Where none can be asked, the reason is that of the first.
  return { kind: 'chain', code, targets: targets.length > 0 ? targets : [parse(named[0]!)] };
}

/** Not every possible type of a reference has the parameter that follows. */
function attempt<T>(parse: () => T): T[] {
  try {
    return [parse()];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

/** `_has:Observation:patient:code`; what follows may itself ask about others. */
function has(chain: Chain, type: string, name: string, value: string): Criterion {
  const [, from, code, ...rest] = name.split(':');
  if (!isResourceType(from)) return refuse(name, 'it is written _has:[type]:[reference]:[parameter]');
  const parameter = searchParameter(from, code ?? '');
  if (parameter?.type !== 'reference' || rest.length === 0) {
    return refuse(name, 'it is written _has:[type]:[reference]:[parameter]');
  }
  if (!parameter.target?.includes(type)) refuse(name, `${parameter.code} of ${from} does not refer to ${type}`);
  const criterion = further(chain, from, rest.join(':'), value);
  return { kind: 'has', of: type, type: from, code: parameter.code, criterion };
}

function safe(name: string): string {
  return /^[\w-]{1,64}$/.test(name) ? name : 'of that name';
}
