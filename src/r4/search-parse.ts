// Reads a search criterion, `name[:modifier]=value[,value]`, against the search parameters of a type.

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

/** @throws Refusal `search.parameter` when `name` is no parameter of `type`, or cannot be used so. */
export function parseCriterion(type: string, name: string, value: string, options: CriterionOptions = {}): Criterion {
  if (name.startsWith('_has:')) return has(type, name, value, options);
  const dot = name.indexOf('.');
  if (dot !== -1) return chain(type, name, dot, value, options);
  return plain(type, name, value, options);
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

/** `subject:Patient.name` or `subject.name`: one level, which is what the permissions of the doors can tell. */
function chain(type: string, name: string, dot: number, value: string, options: CriterionOptions): Criterion {
  const [code, only] = name.slice(0, dot).split(':') as [string, string | undefined];
  const rest = name.slice(dot + 1);
  const parameter = searchParameter(type, code) ?? refuse(name, `${safe(code)} is not a search parameter of ${type}`);
  if (parameter.type !== 'reference') refuse(name, `${code} is not a reference`);
  if (rest.includes('.') || rest.startsWith('_has:')) refuse(name, 'parameters are chained one level only');
  const candidates = (parameter.target ?? []).filter((target) => only === undefined || target === only);
  const bare = rest.split(':')[0]!;
  const targets = candidates.filter((target) => searchParameter(target, bare));
  if (targets.length === 0) refuse(name, `no type it refers to has a search parameter ${safe(bare)}`);
  return {
    kind: 'chain',
    code,
    targets: targets.map((target) => ({ type: target, criterion: plain(target, rest, value, options) })),
  };
}

/** `_has:Observation:patient:code`. */
function has(type: string, name: string, value: string, options: CriterionOptions): Criterion {
  const [, from, code, ...rest] = name.split(':');
  if (!isResourceType(from)) return refuse(name, 'it is written _has:[type]:[reference]:[parameter]');
  const parameter = searchParameter(from, code ?? '');
  if (parameter?.type !== 'reference' || rest.length === 0) {
    return refuse(name, 'it is written _has:[type]:[reference]:[parameter]');
  }
  if (!parameter.target?.includes(type)) refuse(name, `${parameter.code} of ${from} does not refer to ${type}`);
  if (rest[0] === '_has' || rest[0]!.includes('.')) refuse(name, 'it is supported one level only');
  return {
    kind: 'has',
    of: type,
    type: from,
    code: parameter.code,
    criterion: plain(from, rest.join(':'), value, options),
  };
}

function safe(name: string): string {
  return /^[\w-]{1,64}$/.test(name) ? name : 'of that name';
}
