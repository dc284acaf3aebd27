// Checks a request's parts against the schemas of its route, before its handler runs.

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { isText } from '#fhir/body.ts';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import { schemaFaults } from '@chartwire/sdk/internal/kit/schema-faults';
import { invalid } from './problem.ts';

/**
 * Parameters arrive as text and are converted (`limit=5`) and given their defaults; a body is taken as it is. What no
 * schema names is refused, not dropped.
 */
export const checkParts: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  return (value: unknown) => {
    // No body is an empty one, where every member may be left out.
    const body = value === null && check.Check({}) ? {} : value;
    if (httpPart === 'body') return resultOf(schema, check, body, []);
    const part = check.Convert(check.Default(withWords(value)));
    return resultOf(schema, check, part, unstorable(part));
  };
};

function resultOf(schema: TSchema, check: Validator, part: unknown, unfit: readonly Fault[]) {
  const faults = check.Check(part) ? unfit : schemaFaults(schema, check.Errors(part));
  return faults.length > 0 ? { error: invalid(faults) } : { value: part };
}

/** What people type to search by is words: what no text holds parts them, as a blank does. */
function withWords(parameters: unknown): unknown {
  const { query } = parameters as { query?: unknown };
  if (typeof query !== 'string' || isText(query)) return parameters;
  return { ...(parameters as object), query: query.toWellFormed().replaceAll('\0', ' ') };
}

/** Parameters with what no database holds; a schema of text lets them pass. (A body was looked through when it was read.) */
function unstorable(parameters: unknown): Fault[] {
  return Object.entries(parameters as object).flatMap(([name, value]) =>
    typeof value !== 'string' || isText(name + value)
      ? []
      : [{ path: isText(name) ? name : '/', message: 'holds a NUL or half a surrogate pair' }],
  );
}
