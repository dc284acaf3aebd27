// The delivery engine of one node: its leases, a reader for each subscription, and the retries.

import type { Pool } from 'pg';
import type { Chart } from '#chart/contract.ts';
import { SYSTEM } from '@chartwire/sdk/internal/kit/authority';
import type { Completion } from '#store/contract.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { DatabaseClock } from './database-clock.ts';
import { Lanes } from './lanes.ts';
import { type Leases, takeLeases } from './leases.ts';
import { DEFAULT_POLICY, type RetryPolicy } from './policy.ts';
import { Retries } from './retries.ts';
import type { NodeReadAhead } from './read-ahead.ts';
import type { RunServices } from './run.ts';
import { activeSubscriptions, type Subscription } from './subscriptions.ts';
import { FairShares } from './shares.ts';

/** Milliseconds between looks for events of other nodes. */
const POLL_MS = 250;
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
  #leases: Leases | undefined;
  #retries: Retries | undefined;
  #clock: DatabaseClock | undefined;
  #stopListening: () => void = () => {};
  #poll: NodeJS.Timeout | undefined;
  #last = '';
  /** A transaction before which events may have a number that are not committed yet: until it is past, all is read again. */
  #settles: bigint | undefined;
  #stopped = false;
  /** Starts and stops of readers, one after another. */
  #changes: Promise<void> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { store, node } = this.#options;
    this.#clock = await DatabaseClock.start(store.pool);
    this.#leases = await takeLeases(store.pool, node, () => void this.#restart());
    this.#retries = new Retries({
      pool: store.pool,
      leases: this.#leases,
      run: this.#options.run,
      policy: this.#options.policy ?? DEFAULT_POLICY,
      clock: this.#clock,
      readers: () => [...this.#lanes.values()],
    });
    await this.refresh();
    this.#stopListening = store.onCommit((types) => this.#wake(types));
    this.#poll = setInterval(() => void this.#lookForOthers().catch(() => {}), POLL_MS);
    this.#poll.unref();
  }

  /** Makes the running readers those of the active subscriptions; when it cannot, then as soon as it can. */
  refresh(): Promise<void> {
    return this.#changeOrAgain(async () => {
      this.#paused.clear();
      const active = await activeSubscriptions(this.#options.store.pool);
      const wanted = new Map(active.map((s) => [s.id, s]));
      await this.#retries?.start(active);
      for (const [id, lanes] of this.#lanes) {
        const next = wanted.get(id);
        if (next && getSame(next, lanes.subscription)) wanted.delete(id);
        else await this.#stopLanes(id, lanes);
      }
      for (const subscription of wanted.values()) await this.#startLanes(subscription);
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
    await this.#change(async () => {
      await Promise.all([...this.#lanes].map(([id, lanes]) => this.#stopLanes(id, lanes)));
    });
    await this.#retries?.stop();
    this.#clock?.stop();
    await this.#leases?.stop();
  }

  #wake(types: ReadonlySet<string> | undefined): void {
    for (const lanes of this.#lanes.values()) lanes.wake(types);
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
    this.#wake(undefined);
  }

  /** All readers anew, under the leases as they are now. */
  async #restart(): Promise<void> {
    await this.#changeOrAgain(async () => {
      for (const [id, lanes] of this.#lanes) await this.#stopLanes(id, lanes);
      const active = await activeSubscriptions(this.#options.store.pool);
      await this.#retries?.start(active);
      for (const subscription of active) {
        if (!this.#paused.has(subscription.plugin)) await this.#startLanes(subscription);
      }
    }).catch(() => {});
  }

  async #startLanes(subscription: Subscription): Promise<void> {
    const { store, chart, run } = this.#options;
    const lanes = new Lanes(subscription, {
      pool: store.pool,
      leases: this.#leases!,
      retries: this.#retries!,
      run,
      reads: this.#reads,
      deliveries: this.#deliveries,
      ahead: this.#ahead,
      commitCompletion: async (completion) => void (await commitAlone(chart, completion)),
    });
    await lanes.start();
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
    done.catch(() => setTimeout(() => void this.#restart(), AGAIN_MS).unref());
    return done;
  }

  #change(work: () => Promise<void>): Promise<void> {
    const done = this.#changes.then(work);
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
