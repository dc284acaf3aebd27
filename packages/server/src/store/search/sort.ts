// _sort in SQL: the order of records, and the condition for those after a given one.

import type { SearchParameter } from '#r4/search-parameters.ts';
import type { Cursor } from './cursor.ts';
import { MAX_KEY, type SortKey } from './sort-key.ts';
import type { Values } from './statement.ts';

/** A sort key of the rows of `record r`. */
export interface Ordering {
  readonly expression: string;
  readonly descending: boolean;
  /** Whether it is a column of the record: then every record has a value, and an index may provide the order. */
  readonly column: boolean;
  /** PostgreSQL type of its values. */
  readonly type: 'text' | 'timestamptz' | 'float8';
}

/** The least value when ascending, the greatest when descending. */
export function orderingOf({ parameter, descending }: SortKey, type: string, values: Values): Ordering {
  const { code } = parameter;
  if (code === '_id') return { expression: 'r.id', descending, column: true, type: 'text' };
  if (code === '_lastUpdated') return { expression: 'r.updated_at', descending, column: true, type: 'timestamptz' };
  return { ...indexed(parameter, descending, type, values), descending, column: false };
}

function indexed(
  { code, type: kind }: SearchParameter,
  descending: boolean,
  type: string,
  values: Values,
): Pick<Ordering, 'expression' | 'type'> {
  const pick = descending ? 'max' : 'min';
  const column = descending ? 'high' : 'low';
  const from = (table: string, value: string) =>
    `(SELECT ${pick}(s.${value}) FROM ${table} s WHERE s.type = ${values.add(type)} AND s.id = r.id AND s.param = ${values.add(code)})`;
  switch (kind) {
    case 'string':
      return { expression: `left(${from('search_string', 'value')}, ${MAX_KEY})`, type: 'text' };
    case 'date':
      return { expression: from('search_date', column), type: 'timestamptz' };
    case 'number':
    case 'quantity':
      return { expression: from('search_quantity', column), type: 'float8' };
    default: {
      // Tokens sort by code, references and URIs as they are.
      const prefix = values.add(kind === 'token' ? `${code}=|` : `${code}=`);
      const token = `(SELECT ${pick}(t COLLATE "C") FROM unnest(r.tokens) AS t WHERE starts_with(t, ${prefix}))`;
      return { expression: `left(${token}, ${MAX_KEY})`, type: 'text' };
    }
  }
}

/** Records without a value come last, in either direction. */
export function orderBy(expression: string, { descending, column }: Ordering): string {
  return `${expression} ${descending ? 'DESC' : 'ASC'}${column ? '' : ' NULLS LAST'}`;
}

/**
 * The rows after a cursor's record, ordered by the keys and then by id.
 * @param names column names of the keys
 */
export function comesAfter(
  names: readonly string[],
  orderings: readonly Ordering[],
  cursor: Pick<Cursor, 'values' | 'id'>,
  values: Values,
): string {
  const id = values.add(cursor.id);
  const given = orderings.map(({ type }, index) => {
    const value = cursor.values[index] ?? null;
    if (value === null) return undefined;
    // A number outside PostgreSQL's range becomes the nearest in it.
    return `${values.add(type === 'float8' ? String(Number(value)) : value)}::${type}`;
  });
  // A row comparison, which an index can answer from the cursor on.
  if (orderings.every(({ column, descending }) => column && !descending)) {
    return `(${[...names, 'r.id'].join(', ')}) > (${[...given, id].join(', ')})`;
  }
  const [first] = orderings;
  const bound = first?.column ? `${names[0]} ${first.descending ? '<=' : '>='} ${given[0]} AND ` : '';
  return `${bound}(${alternatives(names, orderings, given, id).join(' OR ')})`;
}

/** Equal in the first keys and after the record in the next; or equal in all, and after it by id. */
function alternatives(
  names: readonly string[],
  orderings: readonly Ordering[],
  given: readonly (string | undefined)[],
  id: string,
): string[] {
  const equal = (until: number): string[] =>
    names
      .slice(0, until)
      .map((name, index) => (given[index] === undefined ? `${name} IS NULL` : `${name} = ${given[index]}`));
  const later = names.flatMap((name, index) => {
    const value = given[index];
    if (value === undefined) return [];
    const { column, descending } = orderings[index]!;
    const beyond = `${name} ${descending ? '<' : '>'} ${value}`;
    return [[...equal(index), column ? beyond : `(${beyond} OR ${name} IS NULL)`]];
  });
  return [...later, [...equal(names.length), `r.id > ${id}`]].map((all) => `(${all.join(' AND ')})`);
}
