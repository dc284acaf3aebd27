// Maintains the event log while a server runs: partitions for the coming months, the epoch of its cluster, and a watch on the
// clock that dates its events.

import pg, { type ClientBase, type Pool } from 'pg';
import { jumpInWords, MachineClock } from './machine-clock.ts';
import { makePartitions } from './partitions.ts';

/** Milliseconds between checks, and between creations of partitions. */
const LOOK_MS = 10_000;
const PARTITIONS_MS = 6 * 3_600_000;
/** Milliseconds until a failed creation of partitions is retried, since writers wait during each attempt. */
const PARTITIONS_AGAIN_MS = 5 * 60_000;

/** Receives a sentence for the operator, without PHI. */
export type Report = (sentence: string) => void;

/** Prepares a log before it is written or read. */
export async function prepareLog(client: ClientBase, report: Report): Promise<void> {
  try {
    await makePartitions(client, new Date());
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    report(
      'The partitions of the event log for the months to come could not be made: something long, such as a backup, reads the log. They are tried again every few minutes.',
    );
  }
  await keepEpoch(client, report);
  const { rows } = await client.query<{ newest: Date; ahead: boolean }>(
    `SELECT at AS newest, at > now() + interval '1 hour' AS ahead FROM event ORDER BY epoch DESC, xid DESC, seq DESC LIMIT 1`,
  );
  if (rows[0]?.ahead) {
    report(
      `The newest event is of ${rows[0].newest.toISOString()}, which this machine's clock hasn't come to: check the clock.`,
    );
  }
}

/**
 * Raises the epoch of a log that was copied to another cluster, whose transaction ids are behind the log's. Otherwise readers
 * would wait for ids that this cluster reaches years later.
 */
export async function keepEpoch(db: Pick<ClientBase, 'query'>, report: Report): Promise<void> {
  const { rows } = await db.query<{ ahead: boolean }>('SELECT log_is_ahead() AS ahead');
  if (!rows[0]!.ahead) return;
  const { rows: raised } = await db.query<{ epoch: number | null }>('SELECT raise_epoch() AS epoch');
  const epoch = raised[0]!.epoch;
  if (epoch !== null)
    report(`The database was moved to another PostgreSQL cluster: its event log goes on in epoch ${epoch}.`);
}

/** Maintains the log of a pool's database until stopped. */
export class LogKeeper {
  readonly #pool: Pool;
  readonly #report: Report;
  readonly #clock: MachineClock;
  readonly #timer: NodeJS.Timeout;
  #partitionsIn = PARTITIONS_AGAIN_MS;
  #looking: Promise<void> = Promise.resolve();

  constructor(pool: Pool, report: Report, clock = new MachineClock()) {
    this.#pool = pool;
    this.#report = report;
    this.#clock = clock;
    this.#timer = setInterval(() => {
      this.#looking = this.look();
    }, LOOK_MS).unref();
  }

  /** One check. If the database doesn't answer, the next one does the work. */
  async look(): Promise<void> {
    const jump = this.#clock.jump();
    if (jump !== 0) {
      this.#partitionsIn = 0;
      this.#report(
        `This machine's clock went ${jumpInWords(jump)}, or the machine was asleep: check that its time is right now.`,
      );
    }
    try {
      await keepEpoch(this.#pool, this.#report);
      this.#partitionsIn -= LOOK_MS;
      if (this.#partitionsIn > 0) return;
      this.#partitionsIn = PARTITIONS_AGAIN_MS;
      await this.#makePartitions();
      this.#partitionsIn = PARTITIONS_MS;
    } catch {
      // The database is unavailable, or the log is locked: a later check retries.
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #makePartitions(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await makePartitions(client, new Date());
    } finally {
      client.release();
    }
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '55P03';
}
