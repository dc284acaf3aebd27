// Messages by patient: the threads of a practice, the latest first, with what waits to be read and answered.

import type { Communication } from '@medplum/fhirtypes';
import type { Pool } from 'pg';
import { ANY_ID, EXACT_TIME, readCursor, writeCursor } from './page-cursor.ts';

export interface Thread {
  readonly patient: string;
  readonly messages: number;
  /** Of the patient, and not read yet. */
  readonly unread: number;
  /** The last message is the patient's. */
  readonly unanswered: boolean;
  readonly last: Communication;
}

/** Messages of a patient or of somebody who speaks for them. */
const FROM_PATIENT = `('sender=Patient/' || r.patient = ANY(r.tokens)
  OR EXISTS (SELECT FROM unnest(r.tokens) AS t WHERE starts_with(t, 'sender=RelatedPerson/')))`;
/** A message that arrived has the time at which somebody saw it. */
const RECEIVED = `EXISTS (SELECT FROM search_date d WHERE d.type = r.type AND d.id = r.id AND d.param = 'received')`;
const MESSAGES = `record r WHERE r.type = 'Communication' AND NOT r.deleted AND NOT r.tokens && '{status=|entered-in-error}'`;

export async function findThreads(
  pool: Pool,
  query: { patient: string | null; only?: 'unread' | 'unanswered'; after?: string; limit: number },
): Promise<{ items: Thread[]; next: string | null }> {
  const [at, patient] = query.after === undefined ? [] : readCursor(query.after, [EXACT_TIME, ANY_ID]);
  const { rows } = await pool.query<Thread & { exact: string }>({
    name: 'find_threads',
    text: `WITH said AS (
        SELECT r.patient, r.id, r.version, ${FROM_PATIENT} AS theirs, ${RECEIVED} AS seen,
          coalesce((SELECT max(d.low) FROM search_date d WHERE d.type = r.type AND d.id = r.id AND d.param = 'sent'), r.updated_at) AS at
        FROM ${MESSAGES} AND r.patient IS NOT NULL AND ($1::text IS NULL OR r.patient = $1)
      ), thread AS (
        SELECT patient, count(*)::integer AS messages, count(*) FILTER (WHERE theirs AND NOT seen)::integer AS unread,
          (array_agg(theirs ORDER BY at DESC, id DESC))[1] AS unanswered, max(at) AS at,
          (array_agg(id ORDER BY at DESC, id DESC))[1] AS last, (array_agg(version ORDER BY at DESC, id DESC))[1] AS version
        FROM said GROUP BY patient
      )
      SELECT t.patient, t.messages, t.unread, t.unanswered, t.at::text AS exact, v.content AS last
        FROM thread t JOIN record_version v ON v.type = 'Communication' AND v.id = t.last AND v.version = t.version
        WHERE ($2::text IS NULL OR ($2 = 'unread' AND t.unread > 0) OR ($2 = 'unanswered' AND t.unanswered))
          AND ($3::timestamptz IS NULL OR (t.at, t.patient) < ($3, $4))
        ORDER BY t.at DESC, t.patient DESC LIMIT $5`,
    values: [query.patient, query.only ?? null, at ?? null, patient ?? null, query.limit + 1],
  });
  const last = rows[query.limit - 1];
  const items = rows.slice(0, query.limit).map(({ exact: _, ...thread }) => thread);
  return { items, next: rows.length > query.limit && last ? writeCursor([last.exact, last.patient]) : null };
}

/** Ids of the messages of a patient that nobody has read. */
export async function unreadOf(pool: Pool, patient: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'unread_messages',
    text: `SELECT r.id FROM ${MESSAGES} AND r.patient = $1 AND ${FROM_PATIENT} AND NOT ${RECEIVED} ORDER BY r.id LIMIT 1000`,
    values: [patient],
  });
  return rows.map(({ id }) => id);
}
