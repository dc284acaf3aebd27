// The input and display of a field, derived from its JSON Schema. Used by the browser's forms and by everything that turns a
// command into words.

import type { Field } from '#kit/command-kind.ts';

/** The subset of JSON Schema that fields use. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly description?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** A field, as the API describes it. */
export interface FieldKind extends Omit<Field, 'schema' | 'needed'> {
  readonly schema: Schema;
  readonly needed: boolean | { readonly unless: readonly string[] };
}

export type Control =
  | 'option'
  | 'options'
  | 'choice'
  | 'boolean'
  | 'number'
  | 'day'
  | 'date'
  | 'line'
  | 'text'
  | 'list'
  | 'object'
  | 'other';

/** Longest text, in characters, for a single-line input. */
const LINE = 255;

export function controlOf({ schema, search }: Pick<FieldKind, 'schema' | 'search'>): Control {
  if (search) return schema.type === 'array' ? 'options' : 'option';
  if (schema.enum) return 'choice';
  switch (schema.type) {
    case 'boolean':
      return 'boolean';
    case 'number':
    case 'integer':
      return 'number';
    case 'string':
      if (schema.format === 'date') return 'day';
      if (schema.format === 'partial-date') return 'date';
      return (schema.maxLength ?? LINE) <= LINE ? 'line' : 'text';
    case 'array':
      return schema.items?.type === 'string' ? 'list' : 'other';
    case 'object':
      return schema.properties ? 'object' : 'other';
    default:
      return 'other';
  }
}
