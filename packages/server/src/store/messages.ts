// Messages by patient: the practice's threads, latest first, with unread and unanswered ones.

import type { Communication } from '@medplum/fhirtypes';
import type { Pool } from 'pg';
import { inLivingChart } from './living.ts';
import { ANY_ID, readCursor, writeCursor } from './page-cursor.ts';
import { Values } from './search/statement.ts';
import type { Reader } from './snapshot.ts';

export interface Thread {
  readonly patient: string;
  readonly messages: number;
  /** Number of the patient's unread messages. */
  readonly unread: number;
  /** The last message is from the patient. */
  readonly unanswered: boolean;
  readonly last: Communication;
}

/** Our own parameters in the string index: a message's time and patient, its patient and time, and the patient if unread. */
export const SAID = '_said';
export const THREAD = '_thread';
export const UNREAD = '_unread';

const ANY_INSTANT = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Messages from a patient or their representative. */
const FROM_PATIENT = `('sender=Patient/' || r.patient = ANY(r.tokens)
  OR EXISTS (SELECT FROM unnest(r.tokens) AS t WHERE starts_with(t, 'sender=RelatedPerson/')))`;

export interface ThreadQuery {
  readonly patient: string | null;
  readonly only?: 'unread' | 'unanswered';
  readonly after?: string;
  readonly limit: number;
}

/** Reads the index from the latest message on. A message that no later one of its patient follows is the last of a thread. */
export async function findThreads(
  reader: Reader,
  query: ThreadQuery,
): Promise<{ items: Thread[]; next: string | null }> {
  const values = new Values();
  const { rows } = await reader.query<Thread & { at: string }>(
    `WITH head AS MATERIALIZED (
        SELECT m.id, m.value, p.patient, p.at FROM search_string m
          CROSS JOIN LATERAL (SELECT split_part(m.value, ' ', 1) AS at, split_part(m.value, ' ', 2) AS patient) p
          WHERE ${rowOf('m', SAID)} AND ${headOf(query, values)}
          ORDER BY m.value DESC, m.id DESC LIMIT ${values.add(query.limit + 1)}
      )
      SELECT h.patient, h.at, ${FROM_PATIENT} AS unanswered, v.content AS last,
          (SELECT count(*)::integer FROM search_string n WHERE ${rowOf('n', THREAD)} AND ${ofPatient('n', 'h.patient')}) AS messages,
          (SELECT count(*)::integer FROM search_string n WHERE ${rowOf('n', UNREAD)} AND n.value = h.patient) AS unread
        FROM head h JOIN record r ON r.type = 'Communication' AND r.id = h.id
          JOIN record_version v ON v.type = r.type AND v.id = r.id AND v.version = r.version
        ORDER BY h.value DESC`,
    values.all,
  );
  const last = rows[query.limit - 1];
  const items = rows.slice(0, query.limit).map(({ at: _, ...thread }) => thread);
  return { items, next: rows.length > query.limit && last ? writeCursor([last.at, last.patient]) : null };
}

/** Which messages `m` are the last of a requested thread. */
function headOf({ patient, only, after }: ThreadQuery, values: Values): string {
  const conditions = [
    `NOT EXISTS (SELECT FROM search_string n WHERE ${rowOf('n', THREAD)} AND ${ofPatient('n', 'p.patient')}
      AND (n.value, n.id) > (p.patient || ' ' || p.at, m.id))`,
    inLivingChart('p'),
  ];
  if (after !== undefined) {
    const [at, patient] = readCursor(after, [ANY_INSTANT, ANY_ID]);
    conditions.push(`m.value < ${values.add(`${at} ${patient}`)}`);
  }
  if (patient !== null) {
    const own = ofPatient('n', `${values.add(patient)}::text`);
    conditions.push(`m.id IN (SELECT n.id FROM search_string n WHERE ${rowOf('n', THREAD)} AND ${own})`);
  }
  if (only === 'unread') {
    conditions.push(`EXISTS (SELECT FROM search_string n WHERE ${rowOf('n', UNREAD)} AND n.value = p.patient)`);
  }
  if (only === 'unanswered') {
    conditions.push(`EXISTS (SELECT FROM record r WHERE r.type = m.type AND r.id = m.id AND ${FROM_PATIENT})`);
  }
  return conditions.join(' AND ');
}

function rowOf(alias: string, param: string): string {
  return `${alias}.type = 'Communication' AND ${alias}.param = '${param}'`;
}

/** A value of `THREAD` that begins with a patient: ids contain no space, nor anything that sorts before it. */
function ofPatient(alias: string, patient: string): string {
  return `${alias}.value >= ${patient} || ' ' AND ${alias}.value < ${patient} || '!'`;
}

/** Ids of a patient's unread messages. */
export async function unreadOf(pool: Pool, patient: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'unread_messages',
    text: `SELECT n.id FROM search_string n WHERE ${rowOf('n', UNREAD)} AND n.value = $1 ORDER BY n.id LIMIT 1000`,
    values: [patient],
  });
  return rows.map(({ id }) => id);
}
