// Task lists by criteria that FHIR search can't combine, most pressing first.

import type { Task } from '@medplum/fhirtypes';
import { daysAfter } from '@chartwire/sdk/internal/kit/calendar';
import { inLivingChart } from './living.ts';
import { ANY_ID, readCursor, writeCursor } from './page-cursor.ts';
import { Values } from './search/statement.ts';
import type { Reader } from './snapshot.ts';

export interface TaskQuery {
  readonly statuses: readonly string[];
  /** A reference; null for unassigned tasks. */
  readonly assignee?: string | null;
  readonly patient?: string;
  readonly label?: string;
  /** Due before the start of this day, or this instant; null for tasks without a date. */
  readonly dueBefore?: { readonly day: string; readonly instant: string } | null;
  /** Words of the title or, with `named`, of the patient's name, normalized as for searches. */
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
export const NEVER = '~';
const DUE = /^[0-9:.TZ+-]{4,40}$|^~$/;

/** Our own parameter in the string index: the due date of tasks with a status. */
export function dueParameter(status: string): string {
  return `_due-${status}`;
}

/** By due date, tasks without one last; the same date in order of creation. */
export async function findTasks(
  reader: Reader,
  query: TaskQuery,
  system: string,
): Promise<{ items: FoundTask[]; next: string | null }> {
  const values = new Values();
  const most = values.add(query.limit + 1);
  // Each status separately, so that each is read in index order, and only as far as the page goes.
  const { rows } = await reader.query<FoundTask & { due: string }>(
    `SELECT n.id, n.version, n.patient, n.due, v.content AS resource
      FROM unnest(${values.add(query.statuses.map(dueParameter))}::text[]) AS w(param) CROSS JOIN LATERAL (
        SELECT d.id, d.value AS due, r.version, r.patient
        FROM search_string d JOIN record r ON r.type = d.type AND r.id = d.id
        WHERE d.type = 'Task' AND d.param = w.param AND ${[...asked(query, system, values), 'NOT r.deleted', inLivingChart('r')].join(' AND ')}
        ORDER BY d.value, d.id LIMIT ${most}
      ) n JOIN record_version v ON v.type = 'Task' AND v.id = n.id AND v.version = n.version
      ORDER BY n.due, n.id LIMIT ${most}`,
    values.all,
  );
  const last = rows[query.limit - 1];
  const items = rows.slice(0, query.limit).map(({ due: _, ...task }) => task);
  return { items, next: rows.length > query.limit && last ? writeCursor([last.due, last.id]) : null };
}

/** The conditions on a task `r` that is due at `d`. */
function asked(query: TaskQuery, system: string, values: Values): string[] {
  const { after, assignee, dueBefore, label, patient, words } = query;
  const conditions: string[] = [];
  if (after !== undefined) {
    const [due, id] = readCursor(after, [DUE, ANY_ID]);
    conditions.push(`(d.value, d.id) > (${values.add(due)}, ${values.add(id)})`);
  }
  if (dueBefore === null) conditions.push(`d.value = '${NEVER}'`);
  else if (dueBefore !== undefined) conditions.push(isDueBefore(dueBefore, values));
  if (patient !== undefined) conditions.push(`r.patient = ${values.add(patient)}`);
  if (assignee) conditions.push(`r.tokens @> ${values.add([`owner=${assignee}`])}::text[]`);
  if (assignee === null)
    conditions.push("NOT EXISTS (SELECT FROM unnest(r.tokens) AS t WHERE starts_with(t, 'owner='))");
  if (label !== undefined) conditions.push(`r.tokens @> ${values.add([`_tag=${system}|${label}`])}::text[]`);
  return words.length > 0 ? [...conditions, says(query, values)] : conditions;
}

/**
 * A day, month, or year is compared as ending before the day; a time with the instant, whatever its zone. The index is read as
 * far as any zone may be ahead.
 */
function isDueBefore({ day, instant }: { day: string; instant: string }, values: Values): string {
  const [next, at] = [values.add(day), values.add(instant)];
  return `d.value < ${values.add(daysAfter(day, 2))} AND CASE WHEN strpos(d.value, 'T') > 0
    THEN d.value::timestamptz < ${at}::timestamptz ELSE d.value < left(${next}, length(d.value)) END`;
}

/** Each word is in the title, or starts a word of the patient's name. */
function says({ words, named }: TaskQuery, values: Values): string {
  return `NOT EXISTS (
    SELECT FROM record_version c, unnest(${values.add(words)}::text[]) AS w(word)
      WHERE c.type = r.type AND c.id = r.id AND c.version = r.version
      AND strpos(lower(c.content->>'description'), w.word) = 0
      AND NOT EXISTS (SELECT FROM search_string s WHERE ${values.add(named)} AND s.type = 'Patient' AND s.id = r.patient AND s.param = '_word'
        AND starts_with(s.value, w.word)))`;
}
