// The months of the event log: a partition each, made before events fall into them.

import type { ClientBase } from 'pg';
import { transaction } from './transaction.ts';

/** Months that have a partition: this one and those after it. */
const MONTHS = 3;
/**
 * Milliseconds to wait for the log's lock: everybody who writes meanwhile waits behind it. What could not be made now is
 * made at the next try, and until then events of that month go to `event_default`.
 */
const PATIENCE = 3_000;

/**
 * Makes the partitions of the month of `now` and of the next two. A clock that was ahead has left events of those months
 * in `event_default`, which PostgreSQL allows no partition beside: they are moved into it.
 */
export async function makePartitions(db: ClientBase, now: Date): Promise<void> {
  for (let ahead = 0; ahead < MONTHS; ahead++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1));
    const name = `event_${from.toISOString().slice(0, 7).replace('-', '_')}`;
    const { rows } = await db.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
    if (!rows[0]!.there) await makePartition(db, name, from.toISOString(), to.toISOString());
  }
}

async function makePartition(db: ClientBase, name: string, from: string, to: string): Promise<void> {
  await transaction(db, async () => {
    await db.query(`SET LOCAL lock_timeout = ${PATIENCE}`);
    // Nobody adds to them while they are moved. Another node may have made it while this one waited.
    await db.query('LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE');
    await db.query(`CREATE TABLE IF NOT EXISTS ${name} (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    await db.query(
      `WITH moved AS (DELETE FROM event_default WHERE at >= '${from}' AND at < '${to}' RETURNING *)
        INSERT INTO ${name} SELECT * FROM moved`,
    );
    const { rows } = await db.query<{ attached: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = $1::regclass) AS attached`,
      [name],
    );
    if (rows[0]!.attached) return;
    await db.query(`ALTER TABLE event ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`);
  });
}
