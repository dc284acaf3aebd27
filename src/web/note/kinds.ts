// The command types as the server describes them, and by which control each of their fields is written.

import { useMemo } from 'react';
import type { CommandKind, Field } from '#kit/command-kind.ts';
import { useApi } from '../api/queries.ts';

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

export interface FieldKind extends Omit<Field, 'schema' | 'needed'> {
  readonly schema: Schema;
  readonly needed: boolean | { readonly unless: readonly string[] };
}

export interface Kind extends Pick<CommandKind, 'key' | 'prefix' | 'label' | 'summary'> {
  readonly review: boolean;
  readonly actions: readonly string[];
  readonly fields: Readonly<Record<string, FieldKind>>;
}

export type Kinds = ReadonlyMap<string, Kind>;

/** They change with the server's version only. */
export function useKinds() {
  return useApi<{ readonly items: readonly Kind[] }>('/api/commands', {}, { staleTime: Number.POSITIVE_INFINITY });
}

/** The same by key. */
export function useKindMap(): Omit<ReturnType<typeof useKinds>, 'data'> & { readonly data: Kinds | undefined } {
  const read = useKinds();
  const items = read.data?.items;
  const data = useMemo(() => items && new Map(items.map((kind) => [kind.key, kind])), [items]);
  return { ...read, data };
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
