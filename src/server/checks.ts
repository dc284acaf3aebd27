// Checks a request's parts against the schemas of its route, before its handler runs.

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Fault } from '#kit/errors.ts';
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
    return check.Check(part) ? { value: part } : { error: invalid(faultsOf(check.Errors(part))) };
  };
};

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

function faultsOf(errors: readonly SchemaError[]): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of errors) {
    // A property too many is told twice; `additionalProperties` names it without its value.
    if (error.keyword === 'boolean' || faults.has(error.instancePath)) continue;
    faults.set(error.instancePath, { path: error.instancePath || '/', message: messageOf(error) });
  }
  return [...faults.values()];
}

function messageOf({ keyword, message, params }: SchemaError): string {
  if (keyword === 'additionalProperties' && 'additionalProperties' in params) {
    return `has what is not known here: ${[params.additionalProperties].flat().join(', ')}`;
  }
  if (keyword === 'enum' && 'allowedValues' in params)
    return `must be one of ${[params.allowedValues].flat().join(', ')}`;
  return message;
}
