// Appends to the audit trail. Rows that arrive during a write go together in the next statement, so a row waits only for the
// running statement.

import type { Pool } from 'pg';
import type { Reader } from '../snapshot.ts';
import { type Protection, protectionOf } from './protection.ts';
import { type AuditRow, type ChainedRow, type ChainHead, trailOf } from './row.ts';
import { type AuditFilter, type AuditPage, chainHeads, everyAuditRow, searchAudit } from './search.ts';

/** Rows per statement; those of one caller stay together. */
const BATCH = 500;
/** Rows that may wait. Beyond that the database is too slow, and memory can't hold more. */
const MOST_WAITING = 20_000;

/** Rows can't be appended, so what they describe must not be disclosed. `cause` says why. */
export class AuditUnavailable extends Error {
  override readonly name = 'AuditUnavailable';
}

interface Waiting {
  readonly rows: readonly AuditRow[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class AuditTrail {
  readonly #pool: Pool;
  #queue: Waiting[] = [];
  #waiting = 0;
  #writing = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /**
   * Resolves when the rows are durable.
   *
   * @throws {AuditUnavailable} when they can't be written
   */
  write(rows: readonly AuditRow[]): Promise<void> {
    if (rows.length === 0) return Promise.resolve();
    if (this.#waiting + rows.length > MOST_WAITING && this.#waiting > 0) {
      return Promise.reject(new AuditUnavailable(`${this.#waiting} rows of the audit trail wait to be written`));
    }
    this.#waiting += rows.length;
    return new Promise((resolve, reject) => {
      this.#queue.push({ rows, resolve, reject });
      if (!this.#writing) void this.#writeAll();
    });
  }

  /** A page, newest first by default. */
  list(page: AuditPage, reader: Reader = this.#pool): Promise<{ items: ChainedRow[]; next: string | null }> {
    return searchAudit(reader, page);
  }

  /** All current rows that match, newest first by default. */
  all(filter: AuditFilter & Pick<AuditPage, 'order'>): Promise<AsyncGenerator<ChainedRow>> {
    return everyAuditRow(this.#pool, filter);
  }

  heads(): Promise<ChainHead[]> {
    return chainHeads(this.#pool);
  }

  /** Whether the database prevents the server from changing recorded rows. */
  protection(): Promise<Protection> {
    return protectionOf(this.#pool);
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#queue.length > 0) {
      const batch = this.#take();
      const rows = batch.flatMap((one) => one.rows);
      try {
        await this.#pool.query({ name: 'audit-append', text: 'SELECT audit.append($1)', values: [trailOf(rows)] });
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        const error = new AuditUnavailable('the audit trail cannot be written', { cause });
        for (const { reject } of batch) reject(error);
      }
      this.#waiting -= rows.length;
    }
    this.#writing = false;
  }

  #take(): Waiting[] {
    let rows = 0;
    const end = this.#queue.findIndex((one, place) => {
      rows += one.rows.length;
      return place > 0 && rows > BATCH;
    });
    return this.#queue.splice(0, end < 0 ? this.#queue.length : end);
  }
}
