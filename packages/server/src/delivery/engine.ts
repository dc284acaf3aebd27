// The delivery engine of one node: its leases, the reader of the log, the lanes of each subscription, and the retries.

import type { Pool } from 'pg';
import type { Chart } from '#chart/contract.ts';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';
import type { Completion } from '#store/contract.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { DatabaseClock } from './database-clock.ts';
import { Lanes } from './lanes.ts';
import { type Leases, takeLeases } from './leases.ts';
import { LogReader } from './log-reader.ts';
import { DEFAULT_POLICY, type RetryPolicy } from './policy.ts';
import { Retries } from './retries.ts';
import type { NodeReadAhead } from './read-ahead.ts';
import type { RunServices } from './run.ts';
import { activeSubscriptions, moveIdleCursors, type Subscription } from './subscriptions.ts';
import { FairShares } from './shares.ts';

/** Milliseconds between looks for events of other nodes. */
const POLL_MS = 250;
/** Milliseconds from one time to the next at which it is kept how far the idle lanes have come. */
const IDLE_MS = 5_000;
/** Milliseconds until readers that could not be started are started again. */
const AGAIN_MS = 1_000;

export interface EngineOptions {
  readonly store: PostgresStore;
  readonly chart: Chart;
  readonly run: RunServices;
  /** Names this node; a node that starts again under its name takes its leases back at once. */
  readonly node: string;
  readonly policy?: RetryPolicy;
}

export class DeliveryEngine {
  readonly #options: EngineOptions;
  readonly #lanes = new Map<string, Lanes>();
  /** Between plugins, however many handlers they have: few reads at once leave the database to those who write. */
  readonly #reads = new FairShares({ all: 4, plugin: 3, chart: 3 });
  readonly #deliveries = new FairShares({ all: Number.POSITIVE_INFINITY, plugin: 64, chart: 16 });
  readonly #ahead: NodeReadAhead = { bytes: 0 };
  /** Plugins that are changed just now. */
  readonly #paused = new Set<string>();
  readonly #reader: LogReader;
  #leases: Leases | undefined;
  #retries: Retries | undefined;
  #clock: DatabaseClock | undefined;
  #stopListening: () => void = () => {};
  #poll: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = '';
  /** A transaction before which events may have a number that are not committed yet: until it is past, all is read again. */
  #settles: bigint | undefined;
  #stopped = false;
  /** Starts and stops of readers, one after another. */
  #changes: Promise<void> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#reader = new LogReader(options.store.pool);
  }

  async start(): Promise<void> {
    const { store, node } = this.#options;
    this.#clock = await DatabaseClock.start(store.pool);
    this.#leases = await takeLeases(store.pool, node, {
      onChange: () => void this.#sync(),
      leave: (part) => this.#leave(part),
    });
    this.#retries = new Retries({
      pool: store.pool,
      leases: this.#leases,
      run: this.#options.run,
      policy: this.#options.policy ?? DEFAULT_POLICY,
      clock: this.#clock,
      readers: () => [...this.#lanes.values()],
    });
    await this.refresh();
    this.#stopListening = store.onCommit((types) => this.#reader.wake(types));
    this.#poll = setInterval(() => void this.#lookForOthers().catch(() => {}), POLL_MS);
    this.#poll.unref();
    this.#idle = setInterval(() => void this.#saveIdle().catch(() => {}), IDLE_MS).unref();
  }

  /** Makes the running readers those of the active subscriptions; when it cannot, then as soon as it can. */
  refresh(): Promise<void> {
    return this.#changeOrAgain(async () => {
      this.#paused.clear();
      await this.#reconcile();
    });
  }

  /** Stops the readers of one plugin, so that it can be changed under them; `refresh` starts them again. */
  pause(plugin: string): Promise<void> {
    return this.#change(async () => {
      this.#paused.add(plugin);
      for (const [id, lanes] of this.#lanes) {
        if (lanes.subscription.plugin === plugin) await this.#stopLanes(id, lanes);
      }
    });
  }

  /** Skips a dead delivery; false when there is none. */
  skip(subscription: string, event: string): Promise<boolean> {
    return this.#retries!.skip(subscription, event);
  }

  /** Tries a dead, skipped or waiting delivery again now; false when there is none. */
  retry(subscription: string, event: string): Promise<boolean> {
    return this.#retries!.revive(subscription, event);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    clearInterval(this.#poll);
    clearInterval(this.#idle);
    await this.#change(async () => {
      await Promise.all([...this.#lanes].map(([id, lanes]) => this.#stopLanes(id, lanes)));
    });
    this.#reader.stop();
    await this.#retries?.stop();
    this.#clock?.stop();
    await this.#leases?.stop();
  }

  /**
   * Another node's commits wake nobody here; the log's end tells. But an event takes its number a moment before it is
   * committed: readers are woken until every transaction is over that may have taken one.
   */
  async #lookForOthers(): Promise<void> {
    const { pool } = this.#options.store;
    const { rows } = await pool.query<{ last: string; horizon: string }>({
      name: 'log_end',
      text: 'SELECT last_value::text AS last, pg_snapshot_xmin(pg_current_snapshot())::text AS horizon FROM event_seq',
    });
    const { last, horizon } = rows[0]!;
    if (last !== this.#last) this.#settles = await newestTransaction(pool);
    else if (this.#settles === undefined) return;
    else if (BigInt(horizon) > this.#settles) this.#settles = undefined;
    this.#last = last;
    this.#reader.wake(undefined);
  }

  /** Takes in the leases as they are now. */
  async #sync(): Promise<void> {
    await this.#changeOrAgain(() => this.#reconcile()).catch(() => {});
  }

  /** Makes the lanes those of the active subscriptions and of the parts held here; what stays as it was goes on undisturbed. */
  async #reconcile(): Promise<void> {
    const active = await activeSubscriptions(this.#options.store.pool);
    const wanted = new Map(active.map((s) => [s.id, s]));
    // First: what is retried in a part that came holds up its chart.
    await this.#retries?.start(active);
    for (const [id, lanes] of this.#lanes) {
      const next = wanted.get(id);
      if (!next || !getSame(next, lanes.subscription)) {
        await this.#stopLanes(id, lanes);
        continue;
      }
      wanted.delete(id);
      await lanes.sync();
    }
    for (const subscription of wanted.values()) {
      if (!this.#paused.has(subscription.plugin)) await this.#startLanes(subscription);
    }
  }

  /** Begins nothing more in a part, and waits for what runs there. */
  async #leave(part: number): Promise<void> {
    await this.#change(() => Promise.all(Array.from(this.#lanes.values(), (lanes) => lanes.sync())));
    await Promise.all(Array.from(this.#lanes.values(), (lanes) => lanes.whenIdle(part)));
    await this.#retries?.whenIdle(part);
  }

  async #saveIdle(): Promise<void> {
    const idle = Array.from(this.#lanes.values(), (lanes) => lanes.idleCursors()).flat();
    await moveIdleCursors(this.#options.store.pool, idle);
  }

  async #startLanes(subscription: Subscription): Promise<void> {
    const { store, chart, run } = this.#options;
    const lanes = new Lanes(subscription, {
      pool: store.pool,
      leases: this.#leases!,
      retries: this.#retries!,
      run,
      reader: this.#reader,
      reads: this.#reads,
      deliveries: this.#deliveries,
      ahead: this.#ahead,
      commitCompletion: async (completion) => void (await commitAlone(chart, completion)),
    });
    await lanes.sync();
    this.#lanes.set(subscription.id, lanes);
  }

  async #stopLanes(id: string, lanes: Lanes): Promise<void> {
    this.#lanes.delete(id);
    await lanes.stop();
  }

  /** A change of the readers that leaves none stopped for good: where the database is away, they are refreshed later. */
  #changeOrAgain(work: () => Promise<void>): Promise<void> {
    const done = this.#change(async () => {
      if (!this.#stopped) await work();
    });
    done.catch(() => setTimeout(() => void this.#sync(), AGAIN_MS).unref());
    return done;
  }

  #change(work: () => Promise<unknown>): Promise<void> {
    const done = this.#changes.then(work).then(() => {});
    this.#changes = done.catch(() => {});
    return done;
  }
}

/** A transaction id that is larger than that of any transaction which has one. */
async function newestTransaction(pool: Pool): Promise<bigint> {
  const { rows } = await pool.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
  return BigInt(rows[0]!.xid);
}

/** Moves a lane past an event that is not run now. */
async function commitAlone(chart: Chart, completion: Completion): Promise<void> {
  await chart.withChart(
    { actor: { type: 'system', id: 'delivery' }, source: 'system', authority: SYSTEM },
    async () => {},
    {
      finish: () => ({ executions: [], completions: [completion] }),
    },
  );
}

/** Whether both get the same events, of the same plugin as it was when their lanes began. */
function getSame(a: Subscription, b: Subscription): boolean {
  if (a.revision !== b.revision || a.hearsOwn !== b.hearsOwn || a.schedule !== b.schedule || a.timezone !== b.timezone)
    return false;
  return a.types.length === b.types.length && a.types.every((type) => b.types.includes(type));
}
