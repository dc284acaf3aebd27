// What a field is written with and read as, from its JSON Schema: the browser's forms and everything that puts a command
// into words go by it.

import type { Field } from '#kit/command-kind.ts';

/** JSON Schema, as far as fields use it. */
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

/** Longest text, in characters, that is written in one line. */
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
