// Two servers on one PostgreSQL of the operator's own, while what is between and below them fails: the network, connections,
// tables, clocks, leases, and the servers themselves in turn.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Acknowledged, CHECK_NAMES } from './auditor.ts';
import { CORRUPTIONS, corrupted } from './corruptions.ts';
import { type Network, networkTo } from './network.ts';
import { isAccepted, makeToken, revokeToken } from './tokens.ts';
import { ECHO, FAILING, install, PAIR, remove } from './plugins.ts';
import { serve, type ServerProcess } from './servers.ts';
import { type TrialResult, tableOf } from './table.ts';
import { assertSound, IS_LONG, ROUNDS, Trial } from './trial.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How often each fault of a trial happens. */
const TIMES = IS_LONG ? Math.ceil(ROUNDS / 40) : 1;

describe('two servers on one PostgreSQL', () => {
  let database: FreshDatabase;
  let network: Network;
  let folder: string;
  let admin: pg.Client;
  /** The first one reaches its database through the network. */
  let servers: ServerProcess[];
  const results: TrialResult[] = [];
  const acknowledged: Acknowledged[] = [];

  const start = (n: number): Promise<ServerProcess> =>
    serve(join(folder, String(n)), { DATABASE_URL: n === 0 ? network.url : database.url });

  before(async () => {
    database = await freshDatabase();
    folder = await mkdtemp(join(tmpdir(), 'chartwire-nodes-'));
    network = await networkTo(database.connection);
    admin = new pg.Client({ ...database.connection, application_name: 'fault' });
    admin.on('error', () => {});
    await admin.connect();
    servers = [await start(0)];
    servers.push(await start(1));
    for (const plugin of [ECHO, PAIR]) await install(servers[0]!.url, plugin);
  });
  after(async () => {
    network.mend();
    await Promise.all(servers.map((server) => server.kill()));
    await admin.end();
    await network.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
    console.log(`\n${tableOf(results)}\n`);
  });

  /** Runs each fault as often as it shall happen, under load, and holds what is left to the auditor. */
  async function trial(name: string, faults: readonly (() => Promise<void>)[], times = TIMES): Promise<void> {
    const running = await Trial.begin({
      name,
      urls: () => servers.map(({ url }) => url),
      database: async () => database.connection,
      writers: 4,
    });
    try {
      for (let time = 0; time < times; time++) for (const fault of faults) await running.round(fault);
    } finally {
      results.push(await running.end());
      acknowledged.push(...running.acknowledged);
    }
    assertSound(results.at(-1)!);
  }

  test('a network that is cut or stalls between a server and PostgreSQL loses nothing', async () => {
    await trial('network to PostgreSQL cut, stalled', [
      async () => {
        network.cut();
        await sleep(IS_LONG ? 4_000 : 500);
        network.mend();
      },
      async () => {
        network.stall();
        await sleep(IS_LONG ? 15_000 : 1_000);
        network.mend();
      },
    ]);
  });

  test('connections that are ended, and tables that are locked, lose nothing', async () => {
    const terminate = async () => {
      for (let n = 0; n < 5; n++) {
        await admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'chartwire%'`,
        );
        await sleep(50);
      }
    };
    const tables = ['event', 'cursor', 'record', 'lease', 'execution', 'chart', 'retry', 'audit.entry', 'instance'];
    const locks = (IS_LONG ? tables : tables.slice(0, 2)).map((table) => async () => {
      await admin.query('BEGIN');
      try {
        await admin.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
        // In the long form longer than a statement waits for a lock.
        await sleep(IS_LONG ? 7_000 : 700);
      } finally {
        await admin.query('ROLLBACK');
      }
    });
    await trial('connections ended, tables locked', [terminate, ...locks]);
  });

  test('a server that is stopped past its leases, and goes on, does nothing twice', async () => {
    const stopped = (n: number) => async () => {
      process.kill(servers[n]!.pid, 'SIGSTOP');
      try {
        // The short form lets the leases run out at once.
        if (IS_LONG) await sleep(13_000);
        else await admin.query('UPDATE node SET until = now()');
        await sleep(500);
      } finally {
        process.kill(servers[n]!.pid, 'SIGCONT');
      }
    };
    await trial('stopped past its leases', [stopped(0), stopped(1)]);
  });

  test('leases that change hands in the middle of a row do nothing twice', async () => {
    const torn = async () => {
      for (let n = 0; n < 8; n++) {
        await admin.query(`UPDATE lease SET node = NULL, fence = nextval('fence_seq') WHERE part % 2 = $1`, [n % 2]);
        await sleep(400);
      }
    };
    await trial('leases lost in the middle of a row', [torn]);
  });

  test('the log goes on in the next epoch under load', async () => {
    const raised = async () => {
      // As when the database was moved: something in it is of a transaction that this cluster hasn't come to.
      await admin.query(
        `INSERT INTO subscription (id, plugin, handler, types, active, since, since_epoch)
          SELECT 'moved/Moved', 'moved', 'Moved', '{}', false, '9000000000:9000000000:', epoch FROM instance`,
      );
      await admin.query('SELECT raise_epoch()');
      await admin.query(`DELETE FROM subscription WHERE id = 'moved/Moved'`);
    };
    await trial('epoch raised', [raised, raised]);
  });

  test('a clock that jumps by an hour or by 100 days, and back, loses nothing', async () => {
    const jumps = IS_LONG ? [HOUR, -HOUR, 0, 100 * DAY, 0, -100 * DAY, 0] : [100 * DAY, -HOUR, 0];
    const [first, second] = servers as [ServerProcess, ServerProcess];
    await install(first.url, FAILING);
    const token = await makeToken(second.url);
    await trial(
      'clock jumps of an hour and 100 days',
      jumps.map((ms) => async () => {
        await first.shiftClock(ms);
        assert.ok(await isAccepted(first.url, token));
        // In the long form until the log's keeper has looked.
        await sleep(IS_LONG ? 11_000 : 100);
      }),
      1,
    );
    // Its retries were due a second later by any clock.
    await remove(first.url, FAILING);
    await revokeToken(second.url, token);
    // Seconds later, as at any other time: it may not be remembered until a day that a wrong clock said.
    for (const end = Date.now() + 30_000; await isAccepted(first.url, token); await sleep(200))
      assert.ok(Date.now() < end, 'a revoked token is accepted');
  });

  test('two servers that are restarted one after the other, as for an upgrade, lose nothing', async () => {
    const restarted = (n: number) => async () => {
      await servers[n]!.stop();
      servers[n] = await start(n);
    };
    await trial('restarted one after the other', [restarted(0), restarted(1)]);
  });
  test('the auditor reports each kind of damage', async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await admin.end();
    for (const { expected, found } of await corrupted(database, acknowledged))
      assert.ok(found.includes(expected), `${expected}, not only: ${found.join('; ')}`);
    assert.deepEqual(new Set(CORRUPTIONS.map(({ check }) => check)), new Set(CHECK_NAMES), 'every check can fail');
  });
});
