// How far readers of the log are behind: nobody reads past the oldest transaction that is still open, in any database of
// the server, so one that is left open hides all that is committed after it.

import type { Reader } from './snapshot.ts';

/** Seconds for which the oldest event that readers cannot see yet has waited; 0 when there is none. */
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

/** Whoever holds the readers back; what the role may not see of another's session is null. */
export interface OpenTransaction {
  readonly pid: number;
  readonly database: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** Seconds since it began. */
  readonly age: number | null;
}

/** The oldest transaction that may still write; undefined when no session holds it: it is over, or a prepared one. */
export async function oldestTransaction(reader: Reader): Promise<OpenTransaction | undefined> {
  const { rows } = await reader.query<OpenTransaction>(
    `SELECT pid, datname AS database, application_name AS application, state,
        round(extract(epoch FROM clock_timestamp() - xact_start))::float8 AS age
      FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
      ORDER BY age(backend_xid) DESC LIMIT 1`,
  );
  return rows[0];
}
