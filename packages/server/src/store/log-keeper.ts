// Keeps the event log in order while a server runs: partitions for the months to come, an epoch for the cluster it is in,
// and an eye on the clock that dates its events.

import pg, { type ClientBase, type Pool } from 'pg';
import { jumpInWords, MachineClock } from './machine-clock.ts';
import { makePartitions } from './partitions.ts';

/** Milliseconds between two looks, and between two times that partitions are made. */
const LOOK_MS = 10_000;
const PARTITIONS_MS = 6 * 3_600_000;
/** Milliseconds until partitions that could not be made are tried again: whoever writes waits while they are tried. */
const PARTITIONS_AGAIN_MS = 5 * 60_000;

/** Told in a sentence, without PHI, what an operator should know. */
export type Report = (sentence: string) => void;

/** What a log needs before it is written to or read. */
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
 * Raises the epoch of a log that was copied to another cluster, whose transaction ids are behind the log's. Without it
 * whoever reads the log would wait for ids that this cluster reaches years later.
 */
export async function keepEpoch(db: Pick<ClientBase, 'query'>, report: Report): Promise<void> {
  const { rows } = await db.query<{ ahead: boolean }>('SELECT log_is_ahead() AS ahead');
  if (!rows[0]!.ahead) return;
  const { rows: raised } = await db.query<{ epoch: number | null }>('SELECT raise_epoch() AS epoch');
  const epoch = raised[0]!.epoch;
  if (epoch !== null)
    report(`The database was moved to another PostgreSQL cluster: its event log goes on in epoch ${epoch}.`);
}

/** Looks after the log of a pool's database until it is stopped. */
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

  /** One look. What the database does not answer is done at the next. */
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
      // The database is away, or somebody holds the log's lock: a later look tries again.
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
