// Reads the audit trail by patient, actor, action, and time; one page, or all.

import type { Pool } from 'pg';
import { instantOf } from '#r4/date-range.ts';
import { databaseTime } from '../representable.ts';
import type { Reader } from '../snapshot.ts';
import { everyIdOf, type Stay, staysOf } from '../merges.ts';
import type { Queryable } from '../transaction.ts';
import type { ChainedRow, ChainHead } from './row.ts';

export interface AuditFilter {
  readonly patient?: string;
  /** Id of a user, a token or a plugin. */
  readonly actor?: string;
  readonly action?: string;
  readonly type?: string;
  readonly record?: string;
  /** ISO 8601; `from` is included, `to` is not. */
  readonly from?: string;
  readonly to?: string;
}

export interface AuditPage extends AuditFilter {
  readonly order?: 'asc' | 'desc';
  /** The previous page's `next`. */
  readonly after?: string;
  /** Upper bound of the ids, exclusive. */
  readonly end?: string;
  readonly limit: number;
}

/** Rows in memory at once while all are read. */
const CHUNK = 1_000;

const COLUMNS = `id::text, chain, seq::text, at, actor, action, type, record, version, patient, records, query, status, address,
  request, why, encode(hash, 'hex') AS hash`;

type Condition = (hole: string, holes: Holes, isOfPatient: boolean) => string;
type Conditions = Readonly<Record<Exclude<keyof AuditFilter, 'patient'>, Condition>>;
type Holes = Partial<Record<keyof AuditFilter, string>>;

const CONDITIONS: Conditions = {
  actor: (hole) => `actor->>'id' = ${hole}`,
  action: (hole) => `action = ${hole}`,
  type: (hole) => `(type = ${hole} OR records->${hole} IS NOT NULL)`,
  record: recordIs,
  from: (hole) => `at >= ${hole}`,
  to: (hole) => `at < ${hole}`,
};

/** Finds rows about records of a chart by patient, and others by record. */
function recordIs(hole: string, { type }: Holes, isOfPatient: boolean): string {
  const types = type ? `json_build_array(${type})` : '(SELECT json_agg(k) FROM json_object_keys(records) AS k)';
  const listed = `EXISTS (SELECT FROM json_array_elements_text(${types}) AS t, json_array_elements_text(records->t) AS r
    WHERE split_part(r, '@', 1) = ${hole})`;
  const about = `(record = ${hole} OR records IS NOT NULL AND ${listed})`;
  if (isOfPatient) return about;
  const ofType = type ? ` AND v.type = ${type}` : '';
  const owners = `SELECT v.patient FROM record_version v WHERE v.id = ${hole}${ofType} AND v.patient IS NOT NULL`;
  return `${about} AND (patient IS NULL OR patient IN (${owners} UNION ALL SELECT ${hole}))`;
}

/**
 * Accesses to a patient: to their chart, to charts merged into it, and to its records while a merge had moved them, where the row
 * names the record.
 */
async function ofPatient(reader: Reader, patient: string, holeFor: (value: unknown) => string): Promise<string> {
  const [ids, stays] = [await everyIdOf(reader, patient), await staysOf(reader, patient)];
  // A single id can be read in order.
  const one = ids.length > 1 ? `ANY(${holeFor(ids)}::text[])` : holeFor(patient);
  return `(${[`patient = ${one}`, ...stays.map((stay) => seenDuring(stay, one, holeFor))].join(' OR ')})`;
}

function seenDuring({ chart, from, to }: Stay, patient: string, holeFor: (value: unknown) => string): string {
  const of = (type: string, id: string): string =>
    `EXISTS (SELECT FROM record_version v WHERE v.type = ${type} AND v.id = ${id} AND v.patient = ${patient})`;
  const listed = `EXISTS (SELECT FROM json_each(entry.records) AS t, json_array_elements_text(t.value) AS r
    WHERE ${of('t.key', "split_part(r, '@', 1)")})`;
  const until = to === null ? '' : ` AND at < ${holeFor(to)}::timestamptz`;
  return `(patient = ${holeFor(chart)} AND at >= ${holeFor(from)}::timestamptz${until}
    AND (${of('entry.type', 'entry.record')} OR entry.records IS NOT NULL AND ${listed}))`;
}

/** Newest first by default. */
export async function searchAudit(
  reader: Reader,
  page: AuditPage,
): Promise<{ items: ChainedRow[]; next: string | null }> {
  const { order = 'desc', after, end, limit } = page;
  const values: unknown[] = [];
  const holeFor = (value: unknown): string => `$${values.push(value)}`;
  const asked = Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[];
  const sought = (name: keyof AuditFilter): unknown =>
    name === 'from' || name === 'to' ? momentOf(page[name]!) : page[name];
  const holes: Holes = Object.fromEntries(
    asked.flatMap((name) => (page[name] === undefined ? [] : [[name, holeFor(sought(name))]])),
  );
  const { patient } = page;
  const conditions = [
    ...(patient === undefined ? [] : [await ofPatient(reader, patient, holeFor)]),
    ...asked.flatMap((name) => (holes[name] ? CONDITIONS[name](holes[name], holes, patient !== undefined) : [])),
  ];
  if (after !== undefined) conditions.push(`id ${order === 'desc' ? '<' : '>'} ${holeFor(after)}`);
  if (end !== undefined) conditions.push(`id < ${holeFor(end)}`);
  const { rows } = await reader.query<Stored>(
    `SELECT ${COLUMNS} FROM audit.entry ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY audit.entry.id ${order === 'desc' ? 'DESC' : 'ASC'} LIMIT ${holeFor(limit + 1)}`,
    values,
  );
  const items = rows.slice(0, limit).map(rowOf);
  return { items, next: rows.length > limit ? items.at(-1)!.id : null };
}

/** Converts an RFC 3339 time for the database, including leap seconds and the limits of the calendar. */
function momentOf(text: string): string {
  return databaseTime(instantOf(text.toUpperCase()) ?? Number.NaN);
}

/** Every current row; rows added while reading aren't included. */
export async function everyAuditRow(
  pool: Pool,
  filter: AuditFilter & Pick<AuditPage, 'order'>,
): Promise<AsyncGenerator<ChainedRow>> {
  const { rows } = await pool.query<{ end: string }>('SELECT (coalesce(max(id), 0) + 1)::text AS end FROM audit.entry');
  return rowsBefore(pool, filter, rows[0]!.end);
}

async function* rowsBefore(pool: Pool, filter: AuditFilter, end: string): AsyncGenerator<ChainedRow> {
  for (let after: string | undefined; ; ) {
    const page = await searchAudit(pool, { ...filter, end, limit: CHUNK, ...(after !== undefined && { after }) });
    yield* page.items;
    if (page.next === null) return;
    after = page.next;
  }
}

/** The oldest rows, up to the first that isn't older than `before` (ISO 8601). */
export async function oldestAuditRows(db: Queryable, before: string, limit: number): Promise<ChainedRow[]> {
  const { rows } = await db.query<Stored>(`SELECT ${COLUMNS} FROM audit.entry ORDER BY audit.entry.id LIMIT $1`, [
    limit,
  ]);
  const end = rows.findIndex(({ at }) => at.getTime() >= Date.parse(before));
  return (end < 0 ? rows : rows.slice(0, end)).map(rowOf);
}

/** Start and end of each chain. */
export async function chainHeads(pool: Pool): Promise<ChainHead[]> {
  const { rows } = await pool.query<ChainHead & { first: string; seq: string }>(
    `SELECT id AS chain, first::text, encode(base, 'hex') AS base, seq::text, encode(head, 'hex') AS head
     FROM audit.chain ORDER BY id`,
  );
  return rows.map((row) => ({ ...row, first: Number(row.first), seq: Number(row.seq) }));
}

type Stored = Omit<ChainedRow, 'at' | 'seq'> & { readonly at: Date; readonly seq: string };

function rowOf(row: Stored): ChainedRow {
  return { ...row, at: row.at.toISOString(), seq: Number(row.seq) };
}
