// The audit trail: a row for each access to patient data, durable before the reply leaves.

import type { Pool } from 'pg';
import type { Reader } from '#store/snapshot.ts';
import type { Actor } from '#kit/event.ts';
import { type AuditFilter, type AuditPage, type AuditView, everyAuditRow, searchAudit } from './audit-search.ts';

/** Who did what, to which record, with what outcome. May hold PHI (`query`), which no log may. */
export interface AuditRow {
  /** ISO 8601. */
  readonly at: string;
  readonly actor: Actor;
  /** `read`, `search`, `create` ... of FHIR, or a route of /api: `events.list`. */
  readonly action: string;
  /** Type of the record. */
  readonly type: string | null;
  /** Id of the record. */
  readonly record: string | null;
  readonly patient: string | null;
  /** The query string as it came. */
  readonly query: string | null;
  /** HTTP status of the answer. */
  readonly status: number;
  readonly address: string | null;
  /** Id of the request, as in the server's log and in `x-request-id`. */
  readonly request: string | null;
}

/** Rows that one statement inserts at most. */
const BATCH = 1_000;
/** Longest text that is kept, in characters: query strings have no limit of their own. */
const LONGEST = 4_000;

interface Waiting {
  readonly rows: readonly AuditRow[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class AuditTrail {
  readonly #pool: Pool;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Resolves when the rows are durable. Those that come while others are written go together in one statement. */
  write(rows: readonly AuditRow[]): Promise<void> {
    if (rows.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rows, resolve, reject });
      if (!this.#writing) void this.#writeAll();
    });
  }

  /** A page, newest first unless asked otherwise. */
  list(page: AuditPage, reader: Reader = this.#pool): Promise<{ items: AuditView[]; next: string | null }> {
    return searchAudit(reader, page);
  }

  /** Every row there is by now that fits, newest first. */
  all(filter: AuditFilter): Promise<AsyncGenerator<AuditView>> {
    return everyAuditRow(this.#pool, filter);
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      try {
        await this.#insert(batch.flatMap(({ rows }) => rows));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = false;
  }

  async #insert(rows: readonly AuditRow[]): Promise<void> {
    await this.#pool.query({
      name: 'audit-insert',
      text: `INSERT INTO audit (at, actor, action, type, record, patient, query, status, address, request)
        SELECT at, actor, action, type, record, patient, query, status, address, request
        FROM json_to_recordset($1) AS row(at timestamptz, actor json, action text, type text, record text, patient text,
          query text, status integer, address text, request text)`,
      values: [JSON.stringify(rows, storable)],
    });
  }
}

/** A row that PostgreSQL cannot hold would take the whole batch with it: no U+0000, no half of a surrogate pair. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, LONGEST).replaceAll('\0', '').toWellFormed() : value;
}
