// Removes rows of the audit trail older than the rule's limit, after archiving them if the rule says so. The trail records what
// was removed and stays verifiable: store/migrations/0015-audit-trail.sql, `audit.prune`.

import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { type ChainedRow, LEAST_YEARS } from './row.ts';
import { oldestAuditRows } from './search.ts';

export interface RetentionRule {
  /** Years after which rows are removed; at least `LEAST_YEARS`. */
  readonly years: number;
  /** The folder where they are archived first, as NDJSON. Without it they are lost. */
  readonly archive?: string;
}

/** Rows to remove at once; nothing can be appended meanwhile. */
const CHUNK = 1_000;
const HOUR = 3_600_000;
/** Advisory lock for the removal; an arbitrary number. */
const LOCK = 7_263_013;

export class Retention {
  readonly #pool: Pool;
  readonly #rule: RetentionRule;
  readonly #report: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  /** `report` is called with the reason if old rows couldn't be removed; the next attempt is an hour later. */
  constructor(pool: Pool, rule: RetentionRule, report: (error: unknown) => void) {
    if (!(rule.years >= LEAST_YEARS)) throw new RangeError(`audit rows are kept for ${LEAST_YEARS} year at least`);
    this.#pool = pool;
    this.#rule = rule;
    this.#report = report;
  }

  start(): void {
    const run = (): void => {
      this.#running = this.#running.then(() => this.run()).catch(this.#report);
    };
    run();
    this.#timer = setInterval(run, HOUR);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Removes expired rows and returns their number. Only one node does it at a time; the others do nothing. */
  async run(now = new Date()): Promise<number> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]);
      if (!rows[0]!.mine) return 0;
      try {
        return await this.#removeBefore(client, yearsBefore(now, this.#rule.years));
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch((error: Error) => {
          broken = error;
        });
      }
    } finally {
      client.release(broken);
    }
  }

  async #removeBefore(client: PoolClient, before: string): Promise<number> {
    const rule = `older than ${this.#rule.years} years${this.#rule.archive ? ', archived' : ''}`;
    for (let removed = 0; ; ) {
      const rows = await oldestAuditRows(client, before, CHUNK);
      if (rows.length === 0 || this.#stopped) return removed;
      if (this.#rule.archive) await archive(this.#rule.archive, rows);
      const { rows: answer } = await client.query<{ removed: string }>(
        'SELECT audit.prune($1, $2, $3, $4)::text AS removed',
        [before, JSON.stringify({ type: 'system', id: 'retention' }), rule, rows.length],
      );
      removed += Number(answer[0]!.removed);
    }
  }
}

function yearsBefore(now: Date, years: number): string {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() - years);
  return date.toISOString();
}

/** Writes one file per chunk, named by its rows and content, durable when this resolves. Repeatable. */
async function archive(folder: string, rows: readonly ChainedRow[]): Promise<void> {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(join(folder, `audit-${rows[0]!.id}-${rows.at(-1)!.id}-${digest}.ndjson`), 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
