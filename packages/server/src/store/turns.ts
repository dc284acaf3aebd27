// A few slots for many callers, who take turns: a caller with much work waits behind their own, not in front of others.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';

export interface TurnLimits {
  /** Total number running at once. */
  readonly places: number;
  /** Number running at once per caller. */
  readonly each: number;
  /** Number waiting per caller; more are refused. */
  readonly waiting: number;
  /** Milliseconds that work may wait. */
  readonly patience: number;
}

interface Waiting {
  readonly begin: () => void;
}

export class Turns {
  readonly #limits: TurnLimits;
  /** For each active caller, what runs and what waits. Ordered by the longest wait for a turn. */
  readonly #callers = new Map<string, { running: number; waiting: Waiting[] }>();
  #running = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /**
   * Refuses if the caller's queue is full.
   *
   * @throws {Refusal} `search.throttled`
   */
  refuseIfFull(caller: string): void {
    if ((this.#callers.get(caller)?.waiting.length ?? 0) >= this.#limits.waiting) throw this.#throttled();
  }

  /**
   * Runs `work` when it is the caller's turn.
   *
   * @throws {Refusal} `search.throttled` when that takes too long
   */
  async run<T>(caller: string, work: () => Promise<T>): Promise<T> {
    this.refuseIfFull(caller);
    await this.#turn(caller);
    try {
      return await work();
    } finally {
      this.#end(caller);
    }
  }

  #turn(caller: string): Promise<void> {
    const { patience } = this.#limits;
    const own = this.#callers.get(caller) ?? { running: 0, waiting: [] };
    this.#callers.set(caller, own);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        begin: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        own.waiting.splice(own.waiting.indexOf(waiting), 1);
        this.#forget(caller);
        reject(this.#throttled());
      }, patience);
      own.waiting.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    const { places, each } = this.#limits;
    while (this.#running < places) {
      const turn = [...this.#callers].find(([, { running, waiting }]) => waiting.length > 0 && running < each);
      if (!turn) return;
      const [caller, own] = turn;
      // To the end of the queue.
      this.#callers.delete(caller);
      this.#callers.set(caller, own);
      own.running++;
      this.#running++;
      own.waiting.shift()!.begin();
    }
  }

  #end(caller: string): void {
    this.#callers.get(caller)!.running--;
    this.#running--;
    this.#forget(caller);
    this.#next();
  }

  #forget(caller: string): void {
    const own = this.#callers.get(caller);
    if (own && own.running === 0 && own.waiting.length === 0) this.#callers.delete(caller);
  }

  #throttled(): Refusal {
    return new Refusal('search.throttled', { seconds: Math.max(1, Math.ceil(this.#limits.patience / 2000)) });
  }
}
