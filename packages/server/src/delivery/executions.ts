// Executions as people read them: what a handler was given, what it read, asked for and said, and what came of it.

import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import type { ExecutionWrite } from '#store/contract.ts';
import type { Reader } from '#store/snapshot.ts';

/** The event that was answered: of one in the log the context is there; of a question it is here alone. */
export type ExecutionInput = Pick<EventEnvelope, 'type' | 'target' | 'patient' | 'note' | 'actor' | 'at'> & {
  readonly logged: boolean;
  readonly context?: object;
};

/** An execution as it was written, with what it answered. */
export type ExecutionView = Omit<ExecutionWrite, 'delivery'> & {
  readonly event: string;
  readonly input: ExecutionInput | null;
};

interface Row extends Omit<ExecutionView, 'pluginVersion' | 'startedAt' | 'input'> {
  plugin_version: string;
  started_at: Date;
  asked: EventEnvelope | null;
  input: (Omit<ExecutionInput, 'logged' | 'target'> & { target: ExecutionInput['target'] }) | null;
}

const EXECUTION = `SELECT x.id, x.event, x.plugin, x.plugin_version, x.handler, x.attempt, x.state, x.started_at, x.ms, x.error,
    x.calls, x.effects, x.logs, x.asked,
    CASE WHEN e.id IS NOT NULL THEN json_build_object('type', e.type, 'target',
      json_strip_nulls(json_build_object('type', e.target_type, 'id', e.target_id, 'version', e.target_version)),
      'patient', e.patient, 'note', e.note, 'actor', e.actor, 'at', e.at) END AS input
  FROM execution x LEFT JOIN event e ON x.asked IS NULL AND e.id = x.event`;

/** Those that answered events, oldest first. */
export async function executionsOf(reader: Reader, events: readonly string[]): Promise<ExecutionView[]> {
  const { rows } = await reader.query<Row>(`${EXECUTION} WHERE x.event = ANY($1::uuid[]) ORDER BY x.started_at, x.id`, [
    events,
  ]);
  return rows.map(viewOf);
}

export async function executionsNamed(reader: Reader, ids: readonly string[]): Promise<ExecutionView[]> {
  if (ids.length === 0) return [];
  const { rows } = await reader.query<Row>(`${EXECUTION} WHERE x.id = ANY($1::uuid[])`, [ids]);
  return rows.map(viewOf);
}

/** A page of those that ended so, and were of that handler. */
export interface ExecutionQuery {
  readonly limit: number;
  readonly after?: string;
  readonly state?: string;
  readonly handler?: string;
}

/** A plugin's executions, newest first. */
export async function pluginExecutions(
  reader: Reader,
  plugin: string,
  query: ExecutionQuery,
): Promise<{ items: ExecutionView[]; next: string | null }> {
  const { rows } = await reader.query<Row>(
    `${EXECUTION} WHERE x.plugin = $1 AND ($2::uuid IS NULL OR x.id < $2) AND ($3::text IS NULL OR x.state = $3)
      AND ($4::text IS NULL OR x.handler = $4) ORDER BY x.id DESC LIMIT $5`,
    [plugin, query.after ?? null, query.state ?? null, query.handler ?? null, query.limit],
  );
  const items = rows.map(viewOf);
  return { items, next: items.length === query.limit ? items.at(-1)!.id : null };
}

function viewOf({ plugin_version, started_at, asked, input, ...row }: Row): ExecutionView {
  return { ...row, pluginVersion: plugin_version, startedAt: started_at.toISOString(), input: inputOf(asked, input) };
}

function inputOf(asked: Row['asked'], logged: Row['input']): ExecutionInput | null {
  if (asked) {
    const { type, target, patient, note, actor, at, context } = asked;
    return { type, target, patient, note, actor, at, logged: false, context };
  }
  return logged && { ...logged, at: new Date(logged.at).toISOString(), logged: true };
}
