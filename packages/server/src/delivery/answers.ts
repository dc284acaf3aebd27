// Executions of handlers that were asked something: kept like those of deliveries, with the event they answered, which
// is in no log. Written together a moment later, for somebody was waiting for the answer and nobody waits for this.

import type { Pool } from 'pg';
import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { ExecutionWrite } from '#store/contract.ts';

/** An execution with what was asked. */
export interface Answer extends Omit<ExecutionWrite, 'delivery'> {
  readonly subscription: string;
  readonly asked: EventEnvelope;
}

/** Milliseconds that executions are gathered before they are written together; and at most how many. */
const GATHER_MS = 50;
const BATCH = 200;
/** Kept while the database is away; more are not. */
const MOST_WAITING = 2_000;

export class Answers {
  readonly #pool: Pool;
  #waiting: Answer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  keep(answer: Answer): void {
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push(answer);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      // What cannot be written is lost, and the log of the plugin has its lines still.
      await this.#insert(batch).catch(() => {});
    }
  }

  async #insert(batch: readonly Answer[]): Promise<void> {
    await this.#pool.query({
      name: 'answers-insert',
      text: `INSERT INTO execution (id, subscription, event, plugin, plugin_version, handler, attempt, state, started_at, ms,
          error, calls, effects, logs, asked)
        SELECT * FROM json_to_recordset($1) AS x(id uuid, subscription text, event uuid, plugin text, "pluginVersion" text,
          handler text, attempt integer, state text, "startedAt" timestamptz, ms double precision, error json, calls json,
          effects json, logs json, asked json) ON CONFLICT DO NOTHING`,
      values: [printJson(batch.map((answer) => ({ ...answer, event: answer.asked.id, asked: brief(answer.asked) })))],
    });
  }
}

/** Of a search, how many results were shown rather than all of them: they are many, and come with each letter typed. */
function brief(event: EventEnvelope): object {
  const { results, ...context } = event.context as { results?: unknown };
  return Array.isArray(results) ? { ...event, context: { ...context, shown: results.length } } : event;
}
