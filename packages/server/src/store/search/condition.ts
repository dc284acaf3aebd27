// A search criterion as an SQL condition on a row of `record`. An index can answer each: the GIN of tokens, or the (type, param,
// value) indexes of search_date, search_string, and search_quantity. Not so negations and :missing, which check the rows that the
// other conditions leave.

import type { Criterion, DateTest, QuantityTest, StringMatch, TokenTest } from '#r4/search-criterion.ts';
import { normalise } from '#r4/search-text.ts';
import type { SearchReach } from '../contract.ts';
import { inLivingChart } from '../living.ts';
import { databaseTime, indexedText, indexedToken } from '../representable.ts';
import type { Values } from './statement.ts';

/** The records to search: `alias` is our table alias, `type` the resource type of its rows. */
export interface Rows {
  readonly alias: string;
  readonly type: string;
  readonly reach: SearchReach;
}

/** The only patient whose records of a type may be seen; undefined for all patients, null for none. */
export function whoseOf(
  type: string,
  how: 'found' | 'included',
  { whose, within }: SearchReach,
): string | null | undefined {
  return whose ? whose(type, how) : within;
}

/** Existing records of a type that are in reach. */
export function existing({ alias, type, reach }: Rows, values: Values): string {
  const whose = whoseOf(type, 'found', reach);
  const only =
    whose === undefined ? '' : whose === null ? ' AND false' : ` AND ${alias}.patient = ${values.add(whose)}`;
  return `${alias}.type = ${values.add(type)} AND NOT ${alias}.deleted${only}`;
}

/** Conditions outside FHIR. */
export function reached({ open, called, living }: SearchReach, rows: Rows, values: Values): string[] {
  const patient = `${rows.alias}.patient`;
  const named = (called?.words ?? []).map((word) => {
    const pattern = values.add(`% ${literal(word)}${called?.whole ? ' %' : '%'}`);
    return inTable('search_string', 'name', `' ' || s.value || ' ' LIKE ${pattern}`, rows, values);
  });
  return [
    ...(open === undefined ? [] : [`(${patient} IS NULL OR ${patient} = ${values.add(open)})`]),
    ...(living ? [inLivingChart(rows.alias)] : []),
    ...named,
  ];
}

/** The conditions of all criteria, joined by AND. */
export function conditions(criteria: readonly Criterion[], rows: Rows, values: Values): string[] {
  const parts = Map.groupBy(criteria, (criterion) => (isContains(criterion) ? criterion.code : undefined));
  const alone = parts.get(undefined) ?? [];
  const together = [...parts].flatMap(([code, some]) => (code === undefined ? [] : [some.filter(isContains)]));
  return [
    ...alone.map((criterion) => condition(criterion, rows, values)),
    ...together.map((some) =>
      some.length === 1 ? condition(some[0]!, rows, values) : containsAll(some, rows, values),
    ),
  ];
}

type Contains = Criterion & { readonly kind: 'string' };

function isContains(criterion: Criterion): criterion is Contains {
  return criterion.kind === 'string' && criterion.match === 'contains';
}

/**
 * No index answers `contains`: every value of the parameter is read. Several criteria on one parameter share one pass; each must
 * match some value of the record, not all the same one.
 */
function containsAll(criteria: readonly Contains[], { alias, type }: Rows, values: Values): string {
  const from = `search_string s WHERE s.type = ${values.add(type)} AND s.param = ${values.add(criteria[0]!.code)}`;
  const met = criteria.map(({ texts }) => `bool_or(${anyOf(texts.map((text) => string('contains', text, values)))})`);
  return `${alias}.id IN (SELECT s.id FROM ${from} GROUP BY s.id HAVING ${met.join(' AND ')})`;
}

export function condition(criterion: Criterion, rows: Rows, values: Values): string {
  const { alias } = rows;
  switch (criterion.kind) {
    case 'id':
      return `${alias}.id = ANY(${values.add(criterion.ids)}::text[])`;
    case 'updated':
      return anyOf(criterion.tests.map((test) => updated(`${alias}.updated_at`, test, values)));
    case 'token': {
      const test = token(criterion.test, alias, values);
      return criterion.not ? `NOT ${test}` : test;
    }
    case 'string': {
      const { match, code, texts, words } = criterion;
      const whole = anyOf(texts.map((text) => string(match, text, values)));
      if (!words || words.texts.length === 0) return inTable('search_string', code, whole, rows, values);
      // In one lookup, so that the index is used for both.
      const word = anyOf(words.texts.map((text) => string('starts', text, values)));
      const { alias, type } = rows;
      const either = `(s.param = ${values.add(code)} AND ${whole} OR s.param = ${values.add(words.code)} AND ${word})`;
      return `${alias}.id IN (SELECT s.id FROM search_string s WHERE s.type = ${values.add(type)} AND ${either})`;
    }
    case 'date': {
      const tests = criterion.tests.map((test) => date(test, values));
      return inTable('search_date', criterion.code, anyOf(tests), rows, values);
    }
    case 'quantity': {
      const tests = criterion.tests.map((test) => quantity(test, values));
      return inTable('search_quantity', criterion.code, anyOf(tests), rows, values);
    }
    case 'missing':
      return missing(criterion, rows, values);
    case 'chain':
      return chain(criterion, rows, values);
    case 'has':
      return has(criterion, rows, values);
  }
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0]! : `(${conditions.join(' OR ')})`;
}

function inTable(table: string, code: string, test: string, { alias, type }: Rows, values: Values): string {
  const rows = `s.type = ${values.add(type)} AND s.param = ${values.add(code)}`;
  return `${alias}.id IN (SELECT s.id FROM ${table} s WHERE ${rows} AND ${test})`;
}

// ── tokens

function token({ exact: whole, prefixes }: TokenTest, alias: string, values: Values): string {
  const exact = whole.map(indexedToken);
  const tests: string[] = [];
  // Containment for a single token, since PostgreSQL has statistics for it.
  if (exact.length === 1) tests.push(`${alias}.tokens @> ${values.add(exact)}::text[]`);
  if (exact.length > 1) tests.push(`${alias}.tokens && ${values.add(exact)}::text[]`);
  for (const prefix of prefixes) tests.push(hasToken(alias, prefix, values));
  return tests.length === 0 ? 'false' : anyOf(tests);
}

/**
 * Whether a token has this prefix. No index, but four times as fast as unnesting the array. The separator between tokens occurs
 * in no valid text.
 */
function hasToken(alias: string, prefix: string, values: Values): string {
  return `strpos(E'\\x01' || array_to_string(${alias}.tokens, E'\\x01'), ${values.add(`\u0001${prefix}`)}) > 0`;
}

const TABLES: Readonly<Record<string, string | undefined>> = {
  string: 'search_string',
  date: 'search_date',
  number: 'search_quantity',
  quantity: 'search_quantity',
  // A concept with text only.
  token: 'search_string',
};

function missing({ parameter, missing }: Criterion & { kind: 'missing' }, rows: Rows, values: Values): string {
  const { code, type } = parameter;
  if (code === '_id' || code === '_lastUpdated') return missing ? 'false' : 'true';
  const tests: string[] = [];
  if (type === 'token' || type === 'reference' || type === 'uri') {
    tests.push(hasToken(rows.alias, `${code}=`, values));
  }
  const table = TABLES[type];
  if (table) tests.push(inTable(table, code, 'true', rows, values));
  return missing ? `NOT ${anyOf(tests)}` : anyOf(tests);
}

// ── values with an order

function string(match: StringMatch, text: string, values: Values): string {
  if (match === 'exact')
    return `(s.value = ${values.add(indexedText(normalise(text)))} AND s.exact = ${values.add(text)})`;
  const plain = indexedText(normalise(text));
  if (match === 'contains') return `s.value LIKE ${values.add(`%${literal(plain)}%`)}`;
  // The collation is "C", so this range is everything with that prefix. Unlike LIKE, it uses the index for any value.
  return `(s.value >= ${values.add(plain)} AND s.value < ${values.add(`${plain}\u{10ffff}`)})`;
}

/** Escapes text for a LIKE pattern. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** https://hl7.org/fhir/R4/search.html#prefix, for half-open spans: see also r4/match.ts. */
function date({ prefix, low, high }: DateTest, values: Values): string {
  const from = () => `${values.add(databaseTime(low))}::timestamptz`;
  const to = () => `${values.add(databaseTime(high))}::timestamptz`;
  // `s.low < s.high` always holds; stating its consequence gives the index both ends of a range.
  switch (prefix) {
    case 'eq':
      return `(s.low >= ${from()} AND s.low < ${to()} AND s.high <= ${to()})`;
    case 'ne':
      return `NOT (s.low >= ${from()} AND s.high <= ${to()})`;
    case 'gt':
      return `s.high > ${to()}`;
    case 'lt':
      return `s.low < ${from()}`;
    case 'ge':
      return `(s.high > ${from()} AND (s.high > ${to()} OR s.low >= ${from()}))`;
    case 'le':
      return `(s.low < ${to()} AND (s.low < ${from()} OR s.high <= ${to()}))`;
    case 'sa':
      return `s.low >= ${to()}`;
    case 'eb':
      return `s.high <= ${from()}`;
    case 'ap':
      return `(s.low < ${to()} AND s.high > ${from()})`;
  }
}

/** The same for an instant. */
function updated(column: string, { prefix, low, high }: DateTest, values: Values): string {
  const from = () => `${values.add(databaseTime(low))}::timestamptz`;
  const to = () => `${values.add(databaseTime(high))}::timestamptz`;
  switch (prefix) {
    case 'eq':
    case 'ap':
      return `(${column} >= ${from()} AND ${column} < ${to()})`;
    case 'ne':
      return `(${column} < ${from()} OR ${column} >= ${to()})`;
    case 'gt':
    case 'sa':
      return `${column} >= ${to()}`;
    case 'lt':
    case 'eb':
      return `${column} < ${from()}`;
    case 'ge':
      return `${column} >= ${from()}`;
    case 'le':
      return `${column} < ${to()}`;
  }
}

function quantity(test: QuantityTest, values: Values): string {
  const tests = [number(test, values)];
  if (test.system !== undefined) tests.push(`s.system = ${values.add(test.system)}`);
  if (test.code !== undefined) tests.push(`s.code = ${values.add(test.code)}`);
  return `(${tests.join(' AND ')})`;
}

function number({ prefix, value, low, high }: QuantityTest, values: Values): string {
  const contained = () => `(s.low >= ${values.add(low)}::float8 AND s.high < ${values.add(high)}::float8)`;
  switch (prefix) {
    case 'eq':
      return contained();
    case 'ne':
      return `NOT ${contained()}`;
    // Comparisons use the exact number, without its precision range.
    case 'gt':
      return `s.high > ${values.add(value)}::float8`;
    case 'lt':
      return `s.low < ${values.add(value)}::float8`;
    case 'ge':
      return `s.high >= ${values.add(value)}::float8`;
    case 'le':
      return `s.low <= ${values.add(value)}::float8`;
    case 'sa':
      return `s.low > ${values.add(value)}::float8`;
    case 'eb':
      return `s.high < ${values.add(value)}::float8`;
    case 'ap':
      return `(s.low <= ${values.add(high)}::float8 AND s.high >= ${values.add(low)}::float8)`;
  }
}

// ── criteria about other records

/** Reference tokens to records that match the nested criterion: collected once, then looked up in the GIN. */
/** The records of a nested criterion, which may be nested further. */
function otherRows(type: string, { alias, reach }: Rows): Rows {
  return { alias: `${alias}c`, type, reach };
}

function chain({ code, targets }: Criterion & { kind: 'chain' }, rows: Rows, values: Values): string {
  const references = targets.map(({ type, criterion }) => {
    const other = otherRows(type, rows);
    const prefix = values.add(`${code}=${type}/`);
    return `SELECT ${prefix} || ${other.alias}.id FROM record ${other.alias} WHERE ${existing(other, values)} AND ${condition(criterion, other, values)}`;
  });
  return `${rows.alias}.tokens && ARRAY(${references.join(' UNION ALL ')})`;
}

function has({ of, type, code, criterion }: Criterion & { kind: 'has' }, rows: Rows, values: Values): string {
  const other = otherRows(type, rows);
  const prefix = values.add(`${code}=${of}/`);
  const ids = `SELECT substr(t, length(${prefix}) + 1) FROM record ${other.alias}, unnest(${other.alias}.tokens) AS t`;
  return `${rows.alias}.id IN (${ids} WHERE ${existing(other, values)} AND ${condition(criterion, other, values)} AND starts_with(t, ${prefix}))`;
}
