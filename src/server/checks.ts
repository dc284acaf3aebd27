// Checks a request's parts against the schemas of its route, before its handler runs.

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { schemaFaults } from '#kit/schema-faults.ts';
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
    const part = httpPart === 'body' ? body : check.Convert(check.Default(value));
    return check.Check(part) ? { value: part } : { error: invalid(schemaFaults(schema, check.Errors(part))) };
  };
};
