// Opens the database: the bundled PostgreSQL in the data folder, or the one in DATABASE_URL.

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
  /** Whether we may stop the server; an operator's server isn't ours to stop. */
  readonly embedded: boolean;
  /** Of the server, as it says it: `18.4`. */
  readonly version: string;
  /** Folder of the embedded server's socket, for `psql -h`. */
  readonly socketFolder?: string;
  /** The embedded server's process id. */
  readonly pid?: number;
  /** Stops the embedded server and releases the data folder. Close all connections first. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Created if missing. Contains Chartwire's own small files, and the embedded server's in `postgres`. */
  readonly dataFolder: string;
  /** The operator's server from DATABASE_URL; empty or absent for the embedded one. */
  readonly databaseUrl?: string;
  /** False only if losing the data doesn't matter, as in tests: PostgreSQL then never waits for the disk. Defaults to true. */
  readonly durable?: boolean;
  /** Called with a sentence when the embedded server had to be restarted. Defaults to stderr. */
  readonly report?: (sentence: string) => void;
}

/**
 * Opens the database.
 *
 * @throws {StartRefused} with one sentence for the operator
 */
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

  // There is nothing yet, an older version created it, or the file was lost. Anyone who can write the cluster's files may set a
  // new password.
  const password = kept ?? newPassword();
  if (major === undefined) await makeCluster(cluster, password);
  else {
    await stopLeftover(cluster);
    await setRoles(cluster, password);
  }
  if (kept === undefined) await keepPassword(dataFolder, password);
  return { cluster, password };
}

/** Files that exist once there is a database, here or in DATABASE_URL. */
const AFTER_THE_DATABASE = ['postgres.password', 'admin-token', 'node'];

/** Refuses to start with an empty record where there was one. */
async function refuseLost(dataFolder: string): Promise<void> {
  const names = await readdir(dataFolder);
  const left = AFTER_THE_DATABASE.find((name) => names.includes(name));
  if (left === undefined) return;
  throw new StartRefused(
    `The data folder ${dataFolder} was used before (it has ${left}) and its database is missing: restore its folder postgres ` +
      'from a backup, or set DATABASE_URL if the database is elsewhere. To begin an empty record, set CHARTWIRE_DATA to another folder.',
  );
}

/** Creates the database on the first start. Connecting also proves that the server accepts us. */
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
