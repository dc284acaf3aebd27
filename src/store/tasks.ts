// Tasks as lists ask for them: by what no FHIR search tells together, the most pressing first.

import type { Task } from '@medplum/fhirtypes';
import type { Pool } from 'pg';
import { ANY_ID, readCursor, writeCursor } from './page-cursor.ts';

export interface TaskQuery {
  readonly statuses: readonly string[];
  /** A reference; null for those of nobody. */
  readonly assignee?: string | null;
  readonly patient?: string;
  readonly label?: string;
  /** Due by the end of this day; null for those without a day. */
  readonly dueBy?: string | null;
  /** Words of the title or, with `named`, of the patient's name, in the form in which searches compare them. */
  readonly words: readonly string[];
  readonly named: boolean;
  readonly after?: string;
  readonly limit: number;
}

export interface FoundTask {
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  readonly resource: Task;
}

/** Sorts after every day. */
const NEVER = '~';
const DUE = /^[0-9:.TZ+-]{4,40}$|^~$/;

/** By the day they are due, those without one last; those due at once in the order in which they were made. */
export async function findTasks(
  pool: Pool,
  query: TaskQuery,
  system: string,
): Promise<{ items: FoundTask[]; next: string | null }> {
  const [due, id] = query.after === undefined ? [] : readCursor(query.after, [DUE, ANY_ID]);
  const { assignee, dueBy } = query;
  const { rows } = await pool.query<FoundTask & { due: string }>({
    name: 'find_tasks',
    text: `SELECT t.id, t.version, t.patient, t.due, t.content AS resource FROM (
        SELECT r.id, r.version, r.patient, v.content,
          coalesce(v.content->'restriction'->'period'->>'end', '${NEVER}') COLLATE "C" AS due
        FROM record r JOIN record_version v USING (type, id, version)
        WHERE r.type = 'Task' AND NOT r.deleted AND r.tokens && $1
          AND ($2::text IS NULL OR r.patient = $2) AND ($3::text[] IS NULL OR r.tokens @> $3)
          AND (NOT $4 OR v.content->'owner' IS NULL)
          AND NOT EXISTS (
            SELECT FROM unnest($5::text[]) AS w(word) WHERE strpos(lower(v.content->>'description'), w.word) = 0
              AND NOT EXISTS (SELECT FROM search_string s WHERE $11 AND s.type = 'Patient' AND s.id = r.patient AND s.param = '_word'
                AND starts_with(s.value, w.word)))
      ) t
      WHERE ($6::text IS NULL OR left(t.due, 10) <= $6) AND (NOT $7 OR t.due = '${NEVER}')
        AND ($8::text IS NULL OR (t.due, t.id) > ($8 COLLATE "C", $9))
      ORDER BY t.due, t.id LIMIT $10`,
    values: [
      query.statuses.map((status) => `status=|${status}`),
      query.patient ?? null,
      [
        ...(assignee ? [`owner=${assignee}`] : []),
        ...(query.label === undefined ? [] : [`_tag=${system}|${query.label}`]),
      ],
      assignee === null,
      query.words,
      dueBy ?? null,
      dueBy === null,
      due ?? null,
      id ?? null,
      query.limit + 1,
      query.named,
    ],
  });
  const last = rows[query.limit - 1];
  const items = rows.slice(0, query.limit).map(({ due: _, ...task }) => task);
  return { items, next: rows.length > query.limit && last ? writeCursor([last.due, last.id]) : null };
}
