// A new migrated database for each test that wants one, on a real PostgreSQL: that of the whole run, started by
// test/run.ts, or one of this process alone when a test file is run by itself.

import { createHash, randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate, migrations } from '#store/migrate.ts';
import { SHARED_SERVER, startTestServer, type TestServer } from './server.ts';

export interface FreshDatabase {
  /** For `new pg.Client` and `new pg.Pool`, and JSON when it must cross to another process. */
  readonly connection: pg.ClientConfig;
  /** The same as an address, for what takes a DATABASE_URL. */
  readonly url: string;
  /** Closes remaining connections and removes the database. */
  drop(): Promise<void>;
}

let own: Promise<TestServer> | undefined;
after(async () => (await own)?.stop());

async function server(): Promise<pg.ClientConfig> {
  const shared = process.env[SHARED_SERVER];
  if (shared !== undefined) return JSON.parse(shared) as pg.ClientConfig;
  own ??= startTestServer();
  return (await own).connection;
}

/** A database with every migration applied and nothing in it. */
export function freshDatabase(): Promise<FreshDatabase> {
  // Copied as files, which takes half of the processor time where nothing is synced to the disk.
  return createDatabase(
    async (admin, connection) => ` TEMPLATE ${await migratedTemplate(admin, connection)} STRATEGY file_copy`,
  );
}

/** A database without any migration, for the tests of the migrations themselves. */
export function emptyDatabase(): Promise<FreshDatabase> {
  return createDatabase(async () => '');
}

/** An empty database whose audit trail can't be protected, as on an operator's server. */
export function unprotectedDatabase(): Promise<FreshDatabase> {
  return createDatabase(async () => ' TEMPLATE template0');
}

async function createDatabase(
  origin: (admin: pg.Client, connection: pg.ClientConfig) => Promise<string>,
): Promise<FreshDatabase> {
  const connection = await server();
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(connection, async (admin) => {
    await admin.query(`CREATE DATABASE ${database}${await origin(admin, connection)}`);
  });
  return {
    connection: { ...connection, database },
    url: addressOf({ ...connection, database }),
    drop: () => asAdmin(connection, (admin) => dropDatabase(admin, database)),
  };
}

/** Name of the database with the current migrations; the first user creates it. */
async function migratedTemplate(admin: pg.Client, connection: pg.ClientConfig): Promise<string> {
  const digest = createHash('sha256')
    .update(JSON.stringify(await migrations()))
    .digest('hex');
  const template = `template_${digest.slice(0, 16)}`;
  const exists = async (): Promise<boolean> =>
    (await admin.query('SELECT FROM pg_database WHERE datname = $1', [template])).rowCount === 1;
  if (await exists()) return template;
  await admin.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
  try {
    if (await exists()) return template;
    const making = `${template}_making`;
    await dropDatabase(admin, making);
    await admin.query(`CREATE DATABASE ${making}`);
    const client = new pg.Client({ ...connection, database: making });
    await client.connect();
    await migrate(client).finally(() => client.end());
    // Renamed when complete, so that nobody copies half of it.
    await admin.query(`ALTER DATABASE ${making} RENAME TO ${template}`);
    return template;
  } finally {
    await admin.query('SELECT pg_advisory_unlock(hashtext($1))', [template]);
  }
}

/**
 * FORCE ends connections, but an ordinary role may not use it next to an autovacuum worker. Without it, PostgreSQL stops the
 * worker and waits, but a connection blocks the drop.
 */
async function dropDatabase(admin: pg.Client, database: string): Promise<void> {
  await connectionsEnded(admin, database);
  for (let attempt = 0; ; attempt++) {
    try {
      await admin.query(`DROP DATABASE IF EXISTS ${database}${attempt % 2 === 0 ? ' WITH (FORCE)' : ''}`);
      return;
    } catch (error) {
      const inTheWay = [INSUFFICIENT_PRIVILEGE, OBJECT_IN_USE].includes((error as pg.DatabaseError).code ?? '');
      if (!inTheWay || attempt === DROP_ATTEMPTS) throw error;
    }
  }
}

/** A pool that was ended a moment ago may be saying goodbye still: cut off in that, its clients would throw in the test. */
async function connectionsEnded(admin: pg.Client, database: string): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const { rowCount } = await admin.query(
      "SELECT FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend' LIMIT 1",
      [database],
    );
    if (rowCount === 0) return;
    await sleep(LOOK_MS);
  }
}

const LOOKS = 20;
const LOOK_MS = 15;
const INSUFFICIENT_PRIVILEGE = '42501';
const OBJECT_IN_USE = '55006';
const DROP_ATTEMPTS = 6;

async function asAdmin<T>(connection: pg.ClientConfig, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ ...connection, database: 'postgres' });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function addressOf({ host, port, user, password, database }: pg.ClientConfig): string {
  return `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host ?? '')}&port=${port}`;
}
