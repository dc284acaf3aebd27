// Monthly partitions of the event log, created before events need them.

import type { ClientBase } from 'pg';
import { transaction } from './transaction.ts';

/** Number of months with a partition: this one and the following. */
const MONTHS = 3;
/**
 * Milliseconds to wait for the log's lock, since all writers wait behind it. A failed creation is retried later, and until then
 * events of that month go to `event_default`.
 */
const PATIENCE = 3_000;

/**
 * Creates the partitions of the month of `now` and the next two. If the clock was ahead, events of those months are in
 * `event_default`, which PostgreSQL doesn't allow: they are moved into the new partition.
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
    // Blocks additions while they are moved. Another node may have created it in the meantime.
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
