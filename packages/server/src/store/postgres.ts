// The store on PostgreSQL, by the contract of contract.ts. Opens the pools, maintains the log, and wakes readers.

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { Committer } from './committer.ts';
import type { SearchPage, Store, UnitOfWork } from './contract.ts';
import { Exclusive } from './exclusive.ts';
import { LogKeeper, prepareLog, type Report } from './log-keeper.ts';
import { Merges } from './merges.ts';
import { migrate } from './migrate.ts';
import { Room } from './room.ts';
import { searchRecords } from './search.ts';
import { SEARCH_BUDGET, type SearchBudget, Searches } from './search/budget.ts';
import type { Reader } from './snapshot.ts';
import * as versions from './versions.ts';

/** The types of events just committed here, or `undefined` if another node may have committed some. */
export type WakeListener = (types: ReadonlySet<string> | undefined) => void;

export interface PostgresStore extends Store {
  /** For floors with their own tables: delivery, access, audit. */
  readonly pool: pg.Pool;
  /** Merged charts. */
  readonly merges: Merges;
  /** Whether commits find room on the disk. */
  readonly room: Room;
  readonly instance: string;
  /** Runs reads that may be long, such as searches, in the budget of a caller: `user/1`, `client/2`, `plugin/x`. */
  searching(caller: string): Reader;
  /** Registers a listener for every commit of this process. Returns a function that removes it. */
  onCommit(listener: WakeListener): () => void;
  close(): Promise<void>;
}

/**
 * Milliseconds for a statement, for a lock, and for an idle transaction, which would hide all other events from readers of the
 * log. Migrations have no limit.
 */
const LIMITS = { statement_timeout: 30_000, lock_timeout: 5_000, idle_in_transaction_session_timeout: 10_000 };

/** Keeps how numbers in `json` columns are written. */
const TYPES = new pg.TypeOverrides();
TYPES.setTypeParser(pg.types.builtins.JSON, parseJson);

export interface StoreOptions {
  readonly poolSize?: number;
  readonly searches?: SearchBudget;
  /** Receives a sentence for the operator about the database or the machine's clock. */
  readonly report?: Report;
}

/** Opens a database, migrates it, and maintains its log until closed. */
export async function openStore(connection: pg.ClientConfig, options: StoreOptions = {}): Promise<PostgresStore> {
  const { report = () => {} } = options;
  const open = (size: number, timeout: number): pg.Pool => openPool(connection, size, timeout);
  const pool = open(options.poolSize ?? 12, LIMITS.statement_timeout);
  const searches = new Searches(open, options.searches ?? SEARCH_BUDGET);
  const instance = await prepare(connection, report);
  return assemble(pool, searches, instance, new LogKeeper(pool, report));
}

function openPool(connection: pg.ClientConfig, size: number, timeout: number): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: size,
    application_name: connection.application_name ?? 'chartwire',
    types: TYPES,
    // In addition to `options`, which a connection URL may have.
    ...LIMITS,
    statement_timeout: timeout,
    options: '-c jit=off',
  });
  // The pool replaces a broken idle connection; without a listener the error would end the process.
  pool.on('error', () => {});
  // The same for one in use: its queries reject.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function assemble(pool: pg.Pool, searches: Searches, instance: string, keeper: LogKeeper): PostgresStore {
  const committer = new Committer(pool);
  const exclusive = new Exclusive(pool);
  const room = new Room();
  const listeners = new Set<WakeListener>();
  const telling = async (unit: UnitOfWork, commit: Committer['commit']) => {
    const chartVersions = await room.watch(commit(unit));
    if (unit.events.length > 0) {
      const types = new Set(unit.events.map((event) => event.type));
      for (const listener of listeners) listener(types);
    }
    return { chartVersions };
  };
  return {
    pool,
    instance,
    merges: new Merges(pool),
    room,
    commit: (unit) => telling(unit, (one) => committer.commit(one)),
    holding: (charts, work) => committer.holding(charts, (commit) => work((unit) => telling(unit, commit))),
    exclusively: (keys, work) => exclusive.run(keys, work),
    current: (type, id) => versions.current(pool, type, id),
    currentAll: (references) => versions.currentAll(pool, references),
    version: (type, id, number) => versions.version(pool, type, id, number),
    history: (type, id, page) => versions.history(pool, type, id, page),
    asOf: (patient, chartVersion) => versions.asOf(pool, patient, chartVersion),
    beside: (written, others) => versions.beside(pool, written, others),
    stateChanges: (type, ids) => versions.stateChanges(pool, type, ids),
    entries: (type, filter) => versions.entriesOf(pool, type, filter),
    search: (type, query, { caller, ...reach } = {}): Promise<SearchPage> =>
      searchRecords(caller === undefined ? pool : searches.of(caller), type, query, reach),
    searching: (caller) => searches.of(caller),
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await keeper.stop();
      await Promise.all([pool.end(), searches.close()]);
    },
  };
}

/** Returns the id of the data in this database. */
async function prepare(connection: pg.ClientConfig, report: Report): Promise<string> {
  const { idle_in_transaction_session_timeout } = LIMITS;
  const client = new pg.Client({ application_name: 'chartwire', ...connection, idle_in_transaction_session_timeout });
  // A broken connection is reported by its query; without a listener the error would end the process silently.
  client.on('error', () => {});
  await client.connect();
  try {
    await migrate(client);
    await client.query('INSERT INTO instance (id) VALUES ($1) ON CONFLICT DO NOTHING', [randomUUID()]);
    await prepareLog(client, report);
    const { rows } = await client.query<{ id: string }>('SELECT id FROM instance');
    return rows[0]!.id;
  } finally {
    await client.end();
  }
}
