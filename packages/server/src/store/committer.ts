// Writes units of work: one statement per transaction, shared by units that wait at the same time. A shared
// transaction that fails is split, so that a unit fails only for its own reasons.

import type { Pool } from 'pg';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { trailOf } from './audit/row.ts';
import { AuditUnavailable } from './audit/trail.ts';
import { ChartMerged, FenceLost, PatientDeleted, type UnitOfWork, VersionConflict } from './contract.ts';
import { underLocks } from './exclusive.ts';
import { requestsOf } from './outgoing.ts';
import type { Queryable } from './transaction.ts';
import { livingOf, lockOf, workOf } from './work.ts';

export type Committed = ReadonlyMap<string, number>;

interface Waiting {
  /** Undefined for a holder of charts, who writes into them directly. */
  readonly unit: UnitOfWork | undefined;
  /** Its charts and cursors: no other unit of the same or a running transaction may touch them. */
  readonly claims: readonly string[];
  resolve(chartVersions: Committed): void;
  reject(error: unknown): void;
}

/** Transactions at once. More don't improve PostgreSQL's group commit on few cores; fewer leave it idle. */
const LANES = 4;
/** Units per transaction, and records, events, and executions per transaction unless a single unit has more. */
const BATCH = 32;
const MOST_ROWS = 256;

export class Committer {
  readonly #pool: Pool;
  #queue: Waiting[] = [];
  #running = 0;
  readonly #claimed = new Set<string>();
  #scheduled = false;
  #holding: Promise<unknown> = Promise.resolve();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Durable when it resolves. Returns the new version of each patient's chart. */
  commit(unit: UnitOfWork): Promise<Committed> {
    return this.#wait(unit, claimsOf(unit));
  }

  /**
   * Runs work while only its own commits are written into the charts. Other writers wait: those of this process in memory, those
   * of other nodes at the charts' locks. One at a time, since it uses its own connection.
   */
  holding<T>(charts: readonly string[], work: (commit: Committer['commit']) => Promise<T>): Promise<T> {
    const held = this.#holding.then(() => this.#hold(charts, work));
    this.#holding = held.catch(() => {});
    return held;
  }

  async #hold<T>(charts: readonly string[], work: (commit: Committer['commit']) => Promise<T>): Promise<T> {
    await this.#wait(undefined, charts);
    try {
      return await underLocks(this.#pool, charts.map(lockOf), (client) =>
        work(async (unit) => {
          try {
            return await this.#write([unit], client);
          } catch (error) {
            throw readable(error);
          }
        }),
      );
    } finally {
      this.#free(charts);
    }
  }

  #wait(unit: UnitOfWork | undefined, claims: readonly string[]): Promise<Committed> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, claims, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#flush();
      });
    });
  }

  #free(claims: readonly string[]): void {
    for (const claim of claims) this.#claimed.delete(claim);
    this.#flush();
  }

  #flush(): void {
    while (this.#running < LANES && this.#queue.length > 0) {
      const batch = this.#take();
      const [first] = batch;
      if (!first) return;
      if (first.unit === undefined) {
        first.resolve(new Map());
        continue;
      }
      this.#running++;
      void this.#run(batch).finally(() => {
        this.#running--;
        this.#free(batch.flatMap(({ claims }) => claims));
      });
    }
  }

  /** The oldest units whose charts are free. A chart's units keep their order: a skipped unit keeps its charts reserved. */
  #take(): Waiting[] {
    const share = Math.min(BATCH, Math.ceil(this.#queue.length / (LANES - this.#running)));
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const passedOver = new Set<string>();
    let rows = 0;
    for (const waiting of this.#queue) {
      // Merges have their own statement.
      const alone = batch.length > 0 && [waiting, batch[0]!].some(({ unit }) => !unit || unit.merge);
      const free = !waiting.claims.some((claim) => this.#claimed.has(claim) || passedOver.has(claim));
      const fits = batch.length === 0 || (batch.length < share && rows + rowsOf(waiting.unit) <= MOST_ROWS && !alone);
      if (free && fits) {
        batch.push(waiting);
        rows += rowsOf(waiting.unit);
        for (const claim of waiting.claims) this.#claimed.add(claim);
      } else {
        left.push(waiting);
        for (const claim of waiting.claims) passedOver.add(claim);
      }
    }
    this.#queue = left;
    return batch;
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    try {
      const versions = await this.#write(batch.flatMap(({ unit }) => unit ?? []));
      for (const waiting of batch) waiting.resolve(versions);
    } catch (error) {
      if (batch.length === 1 || !answered(error)) for (const waiting of batch) waiting.reject(readable(error));
      else await Promise.all(batch.map((waiting) => this.#run([waiting])));
    }
  }

  async #write(units: readonly UnitOfWork[], db: Queryable = this.#pool): Promise<Committed> {
    const held = units.some(({ holds = [] }) => holds.length > 0);
    const trail = units.flatMap(({ audit = [] }) => audit);
    const values = [workOf(units), held, livingOf(units), trail.length > 0 ? trailOf(trail) : null];
    const [{ merge } = {}] = units;
    const requests = requestsOf(units);
    const { rows } = await db.query<{ patient: string; version: string }>(
      merge
        ? { text: 'SELECT * FROM commit_merge($1, $2, $3, $4, $5)', values: [...values, printJson(merge)] }
        : requests
          ? { text: 'SELECT * FROM commit_requests($1, $2, $3, $4, $5)', values: [...values, requests] }
          : { name: 'commit_audited', text: 'SELECT * FROM commit_audited($1, $2, $3, $4)', values },
    );
    return new Map(rows.map((row) => [row.patient, Number(row.version)]));
  }
}

function rowsOf(unit: UnitOfWork | undefined): number {
  if (!unit) return 0;
  const { records, events, executions } = unit;
  return records.length + events.length + executions.reduce((sum, { effects }) => sum + 1 + effects.length, 0);
}

function claimsOf(unit: UnitOfWork): string[] {
  const cursors = unit.completions.flatMap((completion) =>
    completion.kind === 'cursor'
      ? [`cursor ${completion.subscription} ${completion.part}`]
      : [`retry ${completion.id}`],
  );
  return [...unit.charts, ...cursors];
}

/**
 * Whether PostgreSQL refused the statement, so that nothing was written. After a lost connection that is unknown, and the units
 * must not be retried as if they had failed.
 */
function answered(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('08') && !code.startsWith('57P');
}

/** The place in PostgreSQL's error when rows of the audit trail couldn't be appended. */
const IN_TRAIL = /audit\.append\(|commit_audited\(.* PERFORM/;

/** Translates PostgreSQL's error to the contract's, if it has one. */
function readable(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : '';
  if (error.code === 'CW002') return new FenceLost();
  if (error.code === 'CW003') return new PatientDeleted(detail);
  if (error.code === 'CW005') {
    const [source = '', target = ''] = detail.split('/');
    return new ChartMerged(source, target);
  }
  // From a merge, which also locks other charts: whoever conflicts with it tries again.
  if (error.code === '40P01') return new VersionConflict('', '');
  if (error.code === 'CW001') {
    const [type = '', id = ''] = detail.split('/');
    return new VersionConflict(type, id);
  }
  const where = 'where' in error && typeof error.where === 'string' ? error.where : '';
  if (IN_TRAIL.test(where)) return new AuditUnavailable('the audit trail cannot be written', { cause: error });
  const constraint = 'constraint' in error ? error.constraint : undefined;
  if (error.code === '23505' && (constraint === 'record_pkey' || constraint === 'record_version_pkey')) {
    const [, type = '', id = ''] = /\(type, id[^)]*\)=\(([^,]+), ([^,)]+)/.exec(detail) ?? [];
    return new VersionConflict(type, id);
  }
  return error;
}
