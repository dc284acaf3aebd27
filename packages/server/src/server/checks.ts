// Validates a request's parts against its route's schemas before the handler runs.

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { isText } from '#fhir/body.ts';
import type { Fault } from '@chartwire/sdk/internal/kit/errors';
import { schemaFaults } from '@chartwire/sdk/internal/kit/schema-faults';
import { invalid } from './problem.ts';

/**
 * Parameters are text: they are converted (`limit=5`) and get defaults. A body isn't converted. Undeclared members are refused,
 * not dropped.
 */
export const checkParts: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  return (value: unknown) => {
    // A missing body counts as empty if all its members are optional.
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

/** Search text is made of words. Characters that can't be in stored text separate words like a space. */
function withWords(parameters: unknown): unknown {
  const { query } = parameters as { query?: unknown };
  if (typeof query !== 'string' || isText(query)) return parameters;
  return { ...(parameters as object), query: query.toWellFormed().replaceAll('\0', ' ') };
}

/** Parameters with characters that the database can't store, which a text schema accepts. (Bodies were checked when read.) */
function unstorable(parameters: unknown): Fault[] {
  return Object.entries(parameters as object).flatMap(([name, value]) =>
    typeof value !== 'string' || isText(name + value)
      ? []
      : [{ path: isText(name) ? name : '/', message: 'holds a NUL or half a surrogate pair' }],
  );
}
