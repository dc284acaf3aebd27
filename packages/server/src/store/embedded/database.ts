// Opens Chartwire's database: the PostgreSQL that comes with it, in the data folder, or the one DATABASE_URL names.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { visibleText } from '@chartwire/sdk/internal/kit/visible';
import { chooseAccounts, distinct } from './account.ts';
import { findBinaries } from './binaries.ts';
import {
  type Cluster,
  checkMajor,
  clusterMajor,
  hasRoles,
  keepPassword,
  makeCluster,
  newPassword,
  passwordFile,
  readPassword,
  setRoles,
} from './cluster.ts';
import { lockDataFolder, openDataFolder, unusable } from './data-folder.ts';
import { keepRunning } from './keep-running.ts';
import { checkOutside } from './outside.ts';
import { connectionTo, type Server, startServer, stopLeftover } from './server.ts';
import { StartRefused, systemCode } from './start-refused.ts';

export interface Database {
  /** For `new pg.Client` and `new pg.Pool`. */
  readonly connection: pg.ClientConfig;
  /** The embedded server is ours to stop; one of the operator's own is not. */
  readonly embedded: boolean;
  /** Of the server, as it says it: `18.4`. */
  readonly version: string;
  /** Where the embedded server's socket is, for `psql -h`. */
  readonly socketFolder?: string;
  /** The embedded server's process id. */
  readonly pid?: number;
  /** Stops the embedded server in order and lets go of the data folder. Close every connection first. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Made when missing. Chartwire's own small files lie in it, and the embedded server's in `postgres` below it. */
  readonly dataFolder: string;
  /** A server of the operator's own, as DATABASE_URL gives it; empty or missing for the embedded one. */
  readonly databaseUrl?: string;
  /** False only where losing the data is no loss, as in tests: PostgreSQL then never waits for the disk. True unless given. */
  readonly durable?: boolean;
  /** Told in a sentence when the embedded server had to be started again; by default it goes to stderr. */
  readonly report?: (sentence: string) => void;
}

/** @throws StartRefused when it cannot be: its message is one sentence for the operator. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const dataFolder = await openDataFolder(options.dataFolder);
  if (options.databaseUrl) {
    const version = await checkOutside(options.databaseUrl);
    return { connection: { connectionString: options.databaseUrl }, embedded: false, version, stop: async () => {} };
  }
  const lock = await lockDataFolder(dataFolder);
  let server: Server | undefined;
  try {
    const { cluster, password } = await prepareCluster(dataFolder, options.durable ?? true);
    server = await startServer(cluster, password);
    const { socketFolder } = server;
    const connection = connectionTo(socketFolder, password, 'chartwire');
    await makeDatabase(dataFolder, connection);
    const again = (): Promise<Server> => startServer(cluster, password, socketFolder);
    const kept = keepRunning(server, again, options.report ?? ((sentence) => console.error(visibleText(sentence))));
    let stopping: Promise<void> | undefined;
    return {
      connection,
      embedded: true,
      version: cluster.binaries.version,
      socketFolder,
      get pid() {
        return kept.pid;
      },
      stop() {
        stopping ??= kept.stop().finally(() => lock.release());
        return stopping;
      },
    };
  } catch (error) {
    await server?.stop();
    await lock.release();
    throw unusable(dataFolder, error);
  }
}

async function prepareCluster(dataFolder: string, durable: boolean): Promise<{ cluster: Cluster; password: string }> {
  const folder = join(dataFolder, 'postgres');
  const accounts = await chooseAccounts(folder);
  const binaries = await findBinaries(dataFolder, distinct(accounts));
  const cluster = { folder, accounts, binaries, durable };
  const major = await clusterMajor(folder);
  if (major === undefined) await refuseLost(dataFolder);
  else checkMajor(folder, major, binaries);
  const kept = await readPassword(dataFolder);
  if (major !== undefined && kept !== undefined && (await hasRoles(folder))) return { cluster, password: kept };

  // Nothing is there yet; or an older version made it; or the file was lost, and who may write the cluster's files may
  // set a new password.
  const password = kept ?? newPassword();
  if (major === undefined) await makeCluster(cluster, password);
  else {
    await stopLeftover(cluster);
    await setRoles(cluster, password);
  }
  if (kept === undefined) await keepPassword(dataFolder, password);
  return { cluster, password };
}

/** Files that a start leaves once there is a database, here or where DATABASE_URL led. */
const AFTER_THE_DATABASE = ['postgres.password', 'admin-token', 'node'];

/** Refuses to begin an empty record where there was one. */
async function refuseLost(dataFolder: string): Promise<void> {
  const names = await readdir(dataFolder);
  const left = AFTER_THE_DATABASE.find((name) => names.includes(name));
  if (left === undefined) return;
  throw new StartRefused(
    `The data folder ${dataFolder} was used before (it has ${left}) and its database is missing: restore its folder postgres ` +
      'from a backup, or set DATABASE_URL if the database is elsewhere. To begin an empty record, set CHARTWIRE_DATA to another folder.',
  );
}

/** Makes the database on the first start. Connecting proves besides that the server lets us in. */
async function makeDatabase(dataFolder: string, connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  client.on('error', () => {});
  await client.connect().catch((error: unknown) => {
    if (systemCode(error) !== '28P01') throw error;
    const file = passwordFile(dataFolder);
    throw new StartRefused(
      `The password in ${file} is not the database's: restore that file, or remove it and start again for a new one.`,
    );
  });
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [connection.database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${connection.database}`);
  } finally {
    await client.end();
  }
}
