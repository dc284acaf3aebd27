// The store: PostgreSQL, by the contract of contract.ts. Opens the pools, has the log kept, wakes readers.

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

/** The types of the events that were just committed here, or `undefined` when another node may have. */
export type WakeListener = (types: ReadonlySet<string> | undefined) => void;

export interface PostgresStore extends Store {
  /** For the floors that have tables of their own: delivery, access, audit. */
  readonly pool: pg.Pool;
  /** Charts that were merged. */
  readonly merges: Merges;
  /** Whether commits find room on the disk. */
  readonly room: Room;
  readonly instance: string;
  /** Runs reads that may be long, such as searches, within the budget of a caller: `user/1`, `client/2`, `plugin/x`. */
  searching(caller: string): Reader;
  /** Called after every commit of this process. Returns how to stop. */
  onCommit(listener: WakeListener): () => void;
  close(): Promise<void>;
}

/**
 * Milliseconds that a statement may take and wait for a lock, and that a transaction may wait for the next one: what is
 * left open hides the events of all others from readers of the log. A migration may take its time.
 */
const LIMITS = { statement_timeout: 30_000, lock_timeout: 5_000, idle_in_transaction_session_timeout: 10_000 };

/** What `json` columns hold is read with its numbers as they were written. */
const TYPES = new pg.TypeOverrides();
TYPES.setTypeParser(pg.types.builtins.JSON, parseJson);

export interface StoreOptions {
  readonly poolSize?: number;
  readonly searches?: SearchBudget;
  /** Told in a sentence what an operator should know of the database and the machine's clock. */
  readonly report?: Report;
}

/** Opens a database, migrates it, and keeps its log until it is closed. */
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
    // Beside `options`, which an address may have of its own.
    ...LIMITS,
    statement_timeout: timeout,
    options: '-c jit=off',
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // So is one that breaks in somebody's hands: whatever it was asked rejects.
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

/** Answers the id of what is kept in this database. */
async function prepare(connection: pg.ClientConfig, report: Report): Promise<string> {
  const { idle_in_transaction_session_timeout } = LIMITS;
  const client = new pg.Client({ application_name: 'chartwire', ...connection, idle_in_transaction_session_timeout });
  // One that breaks is told by what it was asked; without a listener it would end the process with no word for anybody.
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
