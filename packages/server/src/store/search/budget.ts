// Budgets of searches, so that no caller slows down others. A search's cost can't be predicted: each first gets a short time, and
// one that needs more starts again in one of a few slots for long searches, which callers take in turns. Its time is limited
// there, too.

import { availableParallelism } from 'node:os';
import type pg from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Reader } from '../snapshot.ts';
import { Turns } from '../turns.ts';

export interface SearchBudget {
  /** Milliseconds for a long search, after which it is refused. */
  readonly longest: number;
  /** Number of long searches at once. Defaults to half of the processors. */
  readonly long?: number;
}

export const SEARCH_BUDGET: SearchBudget = { longest: 5_000 };

/** Milliseconds that every search gets at first. */
const MOMENT = 250;
/** Quick searches at once, in total and per caller; how many more may wait, and for how many milliseconds. */
const PLACES = Math.max(6, 2 * availableParallelism());
const QUICK = { places: PLACES, each: PLACES - 2, waiting: 1_000, patience: 10_000 };
/** Long searches of one caller: one runs, and some wait. */
const LONG = { each: 1, waiting: 16, patience: 15_000 };
/** Milliseconds in a long slot that prove a search to be long, and not just late on a busy machine. */
const PROOF = 500;
/**
 * Milliseconds for which a caller's searches go directly to long slots after a long one: doubled each time up to a limit, and
 * forgotten after the same time.
 */
const TAKEN_FOR_LONG = { first: 4_000, most: 60_000 };

/** Runs the statements of searches on behalf of callers. */
export class Searches {
  readonly #quick: { readonly pool: pg.Pool; readonly turns: Turns };
  readonly #long: { readonly pool: pg.Pool; readonly turns: Turns };
  readonly #budget: SearchBudget;
  readonly #slow = new Map<string, { until: number; span: number }>();

  /** `open` opens a pool of that many connections, whose statements time out after that many milliseconds. */
  constructor(open: (size: number, timeout: number) => pg.Pool, budget: SearchBudget) {
    const places = budget.long ?? Math.max(1, Math.floor(availableParallelism() / 2));
    this.#quick = { pool: open(QUICK.places, MOMENT), turns: new Turns(QUICK) };
    this.#long = { pool: open(places, budget.longest), turns: new Turns({ ...LONG, places }) };
    this.#budget = budget;
  }

  /**
   * Runs the searches of a caller: a user, token, or plugin.
   *
   * @throws {Refusal} `search.too-costly` for a search that takes too long, `search.throttled` when the caller has too many
   * running
   */
  of(caller: string): Reader {
    const query = (statement: string | pg.QueryConfig, values?: unknown[]) => this.#run(caller, statement, values);
    return { query } as Reader;
  }

  async close(): Promise<void> {
    await Promise.all([this.#quick.pool.end(), this.#long.pool.end()]);
  }

  async #run(caller: string, statement: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    // Before starting a search that would be refused.
    this.#long.turns.refuseIfFull(caller);
    if (!this.#isSlow(caller)) {
      try {
        return await this.#quick.turns.run(caller, () => this.#quick.pool.query(statement, values));
      } catch (error) {
        if (!ranOut(error)) throw error;
      }
    }
    return this.#long.turns.run(caller, () => this.#runLong(caller, statement, values));
  }

  async #runLong(caller: string, statement: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    const proof = setTimeout(() => this.#takeForSlow(caller), Math.min(PROOF, this.#budget.longest / 2));
    try {
      return await this.#long.pool.query(statement, values);
    } catch (error) {
      if (!ranOut(error)) throw error;
      throw new Refusal('search.too-costly', { limit: this.#budget.longest / 1000 });
    } finally {
      clearTimeout(proof);
    }
  }

  #isSlow(caller: string): boolean {
    return (this.#slow.get(caller)?.until ?? 0) > Date.now();
  }

  #takeForSlow(caller: string): void {
    const { first, most } = TAKEN_FOR_LONG;
    const before = this.#slow.get(caller);
    const now = Date.now();
    const span = before && now - before.until < most ? Math.min(2 * before.span, most) : first;
    // Callers are few, but old ones shouldn't accumulate.
    if (this.#slow.size > 10_000) this.#slow.clear();
    this.#slow.set(caller, { until: now + span, span });
  }
}

/** SQLSTATE 57014: the statement timed out. */
function ranOut(error: unknown): boolean {
  return error instanceof Error && (error as Error & { code?: unknown }).code === '57014';
}
