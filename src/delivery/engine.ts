// The delivery engine of one node: its leases, a reader for each subscription, and the retries.

import type { Chart } from '#chart/contract.ts';
import type { Completion } from '#store/contract.ts';
import type { PostgresStore } from '#store/postgres.ts';
import { Lanes } from './lanes.ts';
import { type Leases, takeLeases } from './leases.ts';
import { DEFAULT_POLICY, type RetryPolicy } from './policy.ts';
import { Retries } from './retries.ts';
import type { RunServices } from './run.ts';
import { activeSubscriptions, type Subscription } from './subscriptions.ts';

/** Milliseconds between looks for events of other nodes. */
const POLL_MS = 250;

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
  #leases: Leases | undefined;
  #retries: Retries | undefined;
  #stopListening: () => void = () => {};
  #poll: NodeJS.Timeout | undefined;
  #last = '';
  /** Starts and stops of readers, one after another. */
  #changes: Promise<void> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { store, node } = this.#options;
    this.#leases = await takeLeases(store.pool, node, () => void this.#restart());
    this.#retries = new Retries({
      pool: store.pool,
      leases: this.#leases,
      run: this.#options.run,
      policy: this.#options.policy ?? DEFAULT_POLICY,
      subscription: (id) => this.#lanes.get(id)?.subscription,
    });
    await this.#retries.start();
    await this.refresh();
    this.#stopListening = store.onCommit((types) => this.#wake(types));
    this.#poll = setInterval(() => void this.#lookForOthers().catch(() => {}), POLL_MS);
    this.#poll.unref();
  }

  /** Makes the running readers those of the active subscriptions. */
  refresh(): Promise<void> {
    return this.#change(async () => {
      const wanted = new Map((await activeSubscriptions(this.#options.store.pool)).map((s) => [s.id, s]));
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
      for (const [id, lanes] of this.#lanes) {
        if (lanes.subscription.plugin === plugin) await this.#stopLanes(id, lanes);
      }
    });
  }

  /** Tries a dead or waiting delivery again now; false when there is none. */
  retry(subscription: string, event: string): Promise<boolean> {
    return this.#retries!.revive(subscription, event);
  }

  async stop(): Promise<void> {
    this.#stopListening();
    clearInterval(this.#poll);
    await this.#change(async () => {
      await Promise.all([...this.#lanes].map(([id, lanes]) => this.#stopLanes(id, lanes)));
    });
    await this.#retries?.stop();
    await this.#leases?.stop();
  }

  #wake(types: ReadonlySet<string> | undefined): void {
    for (const lanes of this.#lanes.values()) lanes.wake(types);
  }

  /** Another node's commits wake nobody here; the log's end tells. */
  async #lookForOthers(): Promise<void> {
    const { rows } = await this.#options.store.pool.query<{ last: string }>({
      name: 'log_end',
      text: 'SELECT last_value::text AS last FROM event_seq',
    });
    const last = rows[0]?.last ?? '';
    if (last !== this.#last) this.#wake(undefined);
    this.#last = last;
  }

  #restart(): Promise<void> {
    return this.#change(async () => {
      const running = [...this.#lanes];
      for (const [id, lanes] of running) await this.#stopLanes(id, lanes);
      await this.#retries?.start();
      for (const [, { subscription }] of running) await this.#startLanes(subscription);
    });
  }

  async #startLanes(subscription: Subscription): Promise<void> {
    const { store, chart, run } = this.#options;
    const lanes = new Lanes(subscription, {
      pool: store.pool,
      leases: this.#leases!,
      retries: this.#retries!,
      run,
      commitCompletion: async (completion) => void (await commitAlone(chart, completion)),
    });
    this.#lanes.set(subscription.id, lanes);
    await lanes.start();
  }

  async #stopLanes(id: string, lanes: Lanes): Promise<void> {
    this.#lanes.delete(id);
    await lanes.stop();
  }

  #change(work: () => Promise<void>): Promise<void> {
    const done = this.#changes.then(work);
    this.#changes = done.catch(() => {});
    return done;
  }
}

/** Moves a lane past an event that is not run now. */
async function commitAlone(chart: Chart, completion: Completion): Promise<void> {
  await chart.withChart({ actor: { type: 'system', id: 'delivery' }, source: 'system' }, async () => {}, {
    finish: () => ({ executions: [], completions: [completion] }),
  });
}

/** Whether both get the same events. */
function getSame(a: Subscription, b: Subscription): boolean {
  if (a.schedule !== b.schedule || a.timezone !== b.timezone) return false;
  return a.types.length === b.types.length && a.types.every((type) => b.types.includes(type));
}
