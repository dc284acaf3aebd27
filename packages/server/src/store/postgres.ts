// The store: PostgreSQL, by the contract of contract.ts. Opens the pools, keeps the log's partitions, wakes readers.

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { Committer } from './committer.ts';
import type { SearchPage, Store, StoredVersion, UnitOfWork } from './contract.ts';
import { Exclusive } from './exclusive.ts';
import { Merges } from './merges.ts';
import { migrate } from './migrate.ts';
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
  readonly epoch: number;
  readonly instance: string;
  /** Runs reads that may be long, such as searches, within the budget of a caller: `user/1`, `client/2`, `plugin/x`. */
  searching(caller: string): Reader;
  /** Called after every commit of this process. Returns how to stop. */
  onCommit(listener: WakeListener): () => void;
  close(): Promise<void>;
}

/**
 * Milliseconds that a statement may take, and that a transaction may wait for the next one: what is left open hides the
 * events of all others from readers of the log. A migration may take its time.
 */
const LIMITS = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 10_000 };

/** What `json` columns hold is read with its numbers as they were written. */
const TYPES = new pg.TypeOverrides();
TYPES.setTypeParser(pg.types.builtins.JSON, parseJson);

/** Opens a database, migrates it, and makes sure that the log has partitions for the months to come. */
export async function openStore(
  connection: pg.ClientConfig,
  options: { poolSize?: number; searches?: SearchBudget } = {},
): Promise<PostgresStore> {
  const open = (size: number, timeout: number): pg.Pool => openPool(connection, size, timeout);
  const pool = open(options.poolSize ?? 12, LIMITS.statement_timeout);
  const searches = new Searches(open, options.searches ?? SEARCH_BUDGET);
  const { epoch, instance } = await prepare(connection);
  const keepPartitions = setInterval(() => void addPartitions(pool).catch(() => {}), 6 * 3_600_000);
  keepPartitions.unref();
  return assemble(pool, searches, { epoch, instance }, () => clearInterval(keepPartitions));
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

function assemble(
  pool: pg.Pool,
  searches: Searches,
  { epoch, instance }: { epoch: number; instance: string },
  onClose: () => void,
): PostgresStore {
  const committer = new Committer(pool, epoch);
  const exclusive = new Exclusive(pool);
  const listeners = new Set<WakeListener>();
  return {
    pool,
    epoch,
    instance,
    merges: new Merges(pool),
    async commit(unit: UnitOfWork) {
      const chartVersions = await committer.commit(unit);
      if (unit.events.length > 0) {
        const types = new Set(unit.events.map((event) => event.type));
        for (const listener of listeners) listener(types);
      }
      return { chartVersions };
    },
    exclusively: (keys, work) => exclusive.run(keys, work),
    current: (type, id) => versions.current(pool, type, id),
    currentAll: (references) => versions.currentAll(pool, references),
    version: (type, id, number): Promise<StoredVersion | undefined> => versions.version(pool, type, id, number),
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
      onClose();
      await Promise.all([pool.end(), searches.close()]);
    },
  };
}

async function prepare(connection: pg.ClientConfig): Promise<{ epoch: number; instance: string }> {
  const { idle_in_transaction_session_timeout } = LIMITS;
  const client = new pg.Client({ application_name: 'chartwire', ...connection, idle_in_transaction_session_timeout });
  // One that breaks is told by what it was asked; without a listener it would end the process with no word for anybody.
  client.on('error', () => {});
  await client.connect();
  try {
    await migrate(client);
    await addPartitions(client);
    await client.query('INSERT INTO instance (id) VALUES ($1) ON CONFLICT DO NOTHING', [randomUUID()]);
    const { rows } = await client.query<{ id: string; epoch: number }>('SELECT id, epoch FROM instance');
    return { epoch: rows[0]!.epoch, instance: rows[0]!.id };
  } finally {
    await client.end();
  }
}

/** Partitions of the event log for this month and the next two; what falls outside goes to event_default. */
async function addPartitions(db: pg.Pool | pg.Client): Promise<void> {
  const now = new Date();
  for (let ahead = 0; ahead < 3; ahead++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1));
    const name = `event_${from.toISOString().slice(0, 7).replace('-', '_')}`;
    await db.query(
      `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF event FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`,
    );
  }
}
