// The audit trail, read: by patient, by who did it, by what and when; a page of it, or all.

import type { Pool } from 'pg';
import { instantOf } from '#r4/date-range.ts';
import { databaseTime } from '#store/representable.ts';
import type { Reader } from '#store/snapshot.ts';
import type { AuditRow } from './audit.ts';

export type AuditView = AuditRow & { readonly id: string };

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
  /** The `next` of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Rows that are held at once while all are read. */
const CHUNK = 1_000;

const CONDITIONS: Readonly<Record<keyof AuditFilter, (hole: string) => string>> = {
  patient: (hole) => `patient = ${hole}`,
  actor: (hole) => `actor->>'id' = ${hole}`,
  action: (hole) => `action = ${hole}`,
  type: (hole) => `type = ${hole}`,
  record: (hole) => `record = ${hole}`,
  from: (hole) => `at >= ${hole}`,
  to: (hole) => `at < ${hole}`,
};

/** Newest first unless asked otherwise. */
export async function searchAudit(
  reader: Reader,
  page: AuditPage,
): Promise<{ items: AuditView[]; next: string | null }> {
  const { order = 'desc', after, limit } = page;
  const values: unknown[] = [];
  const holeFor = (value: unknown): string => `$${values.push(value)}`;
  const conditions = Object.entries(CONDITIONS).flatMap(([name, condition]) => {
    const value = page[name as keyof AuditFilter];
    return value === undefined ? [] : [condition(holeFor(name === 'from' || name === 'to' ? momentOf(value) : value))];
  });
  if (after !== undefined) conditions.push(`id ${order === 'desc' ? '<' : '>'} ${holeFor(after)}`);
  const { rows } = await reader.query<AuditView & { at: Date | string }>(
    `SELECT id::text, at, actor, action, type, record, patient, query, status, address, request FROM audit
     ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY audit.id ${order === 'desc' ? 'DESC' : 'ASC'} LIMIT ${holeFor(limit + 1)}`,
    values,
  );
  const items = rows.slice(0, limit).map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
  return { items, next: rows.length > limit ? items.at(-1)!.id : null };
}

/** A time of RFC 3339 for the database: a leap second and the ends of the calendar too. */
function momentOf(text: string): string {
  return databaseTime(instantOf(text.toUpperCase()) ?? Number.NaN);
}

/** Every row there is by now, newest first: none of those that come while they are read. */
export async function everyAuditRow(pool: Pool, filter: AuditFilter): Promise<AsyncGenerator<AuditView>> {
  const { rows } = await pool.query<{ end: string }>('SELECT (coalesce(max(id), 0) + 1)::text AS end FROM audit');
  return rowsBefore(pool, filter, rows[0]!.end);
}

async function* rowsBefore(pool: Pool, filter: AuditFilter, end: string): AsyncGenerator<AuditView> {
  for (let after: string | null = end; after !== null; ) {
    const page: { items: AuditView[]; next: string | null } = await searchAudit(pool, {
      ...filter,
      limit: CHUNK,
      after,
    });
    yield* page.items;
    after = page.next;
  }
}
