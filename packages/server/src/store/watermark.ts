// How far log readers are behind: nobody reads past the oldest open transaction, in any database of the server, so a transaction
// left open hides everything committed after it.

import type { Reader } from './snapshot.ts';

/** Seconds that the oldest hidden event has waited; 0 if there is none. */
export async function hiddenFor(reader: Reader): Promise<number> {
  const { rows } = await reader.query<{ seconds: number }>({
    name: 'hidden_for',
    text: `SELECT greatest(0, extract(epoch FROM clock_timestamp() - n.at))::float8 AS seconds FROM
      (SELECT epoch, pg_snapshot_xmin(pg_current_snapshot()) AS xid FROM instance) h
      LEFT JOIN LATERAL (
        SELECT e.at FROM event e WHERE (e.epoch, e.xid, e.seq) >= (h.epoch, h.xid, 0)
        ORDER BY e.epoch, e.xid, e.seq LIMIT 1
      ) n ON true`,
  });
  return rows[0]!.seconds;
}

/** The session that blocks readers; null where our role may not see another's session. */
export interface OpenTransaction {
  readonly pid: number;
  readonly database: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** Seconds since it began. */
  readonly age: number | null;
}

/** The oldest transaction that may still write; undefined if no session holds it: it has ended, or is a prepared one. */
export async function oldestTransaction(reader: Reader): Promise<OpenTransaction | undefined> {
  const { rows } = await reader.query<OpenTransaction>(
    `SELECT pid, datname AS database, application_name AS application, state,
        round(extract(epoch FROM clock_timestamp() - xact_start))::float8 AS age
      FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
      ORDER BY age(backend_xid) DESC LIMIT 1`,
  );
  return rows[0];
}
