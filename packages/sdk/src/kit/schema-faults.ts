// Schema errors in words: the place, and what is required there.

import type { TSchema } from 'typebox';
import type { Fault } from './errors.ts';

/** An error as TypeBox reports it. */
export interface SchemaError {
  readonly keyword: string;
  /** Where in the schema, as `#/properties/due`. */
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

/** The first fault of each place, in the order found. */
export function schemaFaults(schema: TSchema, errors: readonly SchemaError[]): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of errors) {
    for (const { path, message } of faultsOf(schema, error)) {
      if (!faults.has(path)) faults.set(path, { path, message });
    }
  }
  return [...faults.values()];
}

function faultsOf(schema: TSchema, error: SchemaError): Fault[] {
  const { keyword, instancePath: path } = error;
  const { requiredProperties, additionalProperties } = error.params as Record<string, string[] | undefined>;
  // The schema `false` is that of unknown properties in a closed object. They are reported by name elsewhere.
  if (keyword === 'boolean') return [];
  if (requiredProperties) return requiredProperties.map((name) => ({ path: `${path}/${name}`, message: 'is missing' }));
  if (additionalProperties) {
    return additionalProperties.map((name) => ({ path: `${path}/${name}`, message: 'is not a known property' }));
  }
  return [{ path: path || '/', message: messageOf(schema, error) }];
}

/** Words for the types of JSON Schema. */
const TYPES: ReadonlyMap<unknown, string> = new Map([
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['null', 'null'],
]);

function messageOf(schema: TSchema, { keyword, schemaPath, message, params }: SchemaError): string {
  const { allowedValues, pattern, type, comparison, limit } = params as {
    allowedValues?: unknown[];
    pattern?: unknown;
    type?: unknown;
    comparison?: string;
    limit?: number;
  };
  if (keyword === 'type' && TYPES.has(type)) return `must be ${TYPES.get(type)}`;
  if (keyword === 'type' && type === 'object') return `must be an object${propertiesAt(schema, schemaPath)}`;
  if (comparison === '>=') return `must be at least ${limit}`;
  if (comparison === '<=') return `must be at most ${limit}`;
  if (allowedValues) return `must be one of ${allowedValues.join(', ')}`;
  if (pattern === '\\S') return 'must not be blank';
  // Readers get no help from a regular expression or the name of a format.
  const wanted = keyword === 'pattern' || keyword === 'format' ? descriptionAt(schema, schemaPath) : undefined;
  // The message is a phrase, also where the description is a sentence.
  return wanted === undefined ? message : `does not fit: ${wanted.replace(/\.$/, '')}`;
}

/** ` with value and unit`: the properties that the object must have, or all it may have where it must have none. */
function propertiesAt(schema: TSchema, schemaPath: string): string {
  const { required = [], properties = {} } = partAt(schema, schemaPath);
  const names = required.length > 0 ? required : Object.keys(properties);
  return names.length > 0 ? ` with ${names.join(', ')}` : '';
}

function descriptionAt(schema: TSchema, schemaPath: string): string | undefined {
  return partAt(schema, schemaPath).description;
}

interface SchemaPart {
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: object;
}

function partAt(schema: TSchema, schemaPath: string): SchemaPart {
  let at: unknown = schema;
  for (const key of schemaPath.split('/').slice(1)) at = (at as Record<string, unknown> | undefined)?.[key];
  return at ?? {};
}
