// What searches may cost, so that nobody's slow down anybody else's work. Nobody can tell beforehand how long a search
// takes; so each is given a moment at once, and one that needs more is begun again in one of a few places for long ones,
// which callers take in turns. There too its time is limited.

import { availableParallelism } from 'node:os';
import type pg from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Reader } from '../snapshot.ts';
import { Turns } from '../turns.ts';

export interface SearchBudget {
  /** Milliseconds that a long search may take; one that takes more is refused. */
  readonly longest: number;
  /** How many long searches run at once; half of the processors unless given. */
  readonly long?: number;
}

export const SEARCH_BUDGET: SearchBudget = { longest: 5_000 };

/** Milliseconds that every search is given at once. */
const MOMENT = 250;
/** How many quick searches run at once, and how many of one caller; more wait, each for so many milliseconds. */
const PLACES = Math.max(6, 2 * availableParallelism());
const QUICK = { places: PLACES, each: PLACES - 2, waiting: 1_000, patience: 10_000 };
/** Of one caller, one long search runs and some wait. */
const LONG = { each: 1, waiting: 16, patience: 15_000 };
/** Milliseconds in a place for long searches that show a search to be long, and not just late on a busy machine. */
const PROOF = 500;
/**
 * Milliseconds for which the searches of a caller go to the places for long ones at once, after one that was: doubled each
 * time up to a limit, and forgotten after as long.
 */
const TAKEN_FOR_LONG = { first: 4_000, most: 60_000 };

/** Runs the statements of searches, each in the name of a caller. */
export class Searches {
  readonly #quick: { readonly pool: pg.Pool; readonly turns: Turns };
  readonly #long: { readonly pool: pg.Pool; readonly turns: Turns };
  readonly #budget: SearchBudget;
  readonly #slow = new Map<string, { until: number; span: number }>();

  /** `open` opens a pool of so many connections, whose statements end after so many milliseconds. */
  constructor(open: (size: number, timeout: number) => pg.Pool, budget: SearchBudget) {
    const places = budget.long ?? Math.max(1, Math.floor(availableParallelism() / 2));
    this.#quick = { pool: open(QUICK.places, MOMENT), turns: new Turns(QUICK) };
    this.#long = { pool: open(places, budget.longest), turns: new Turns({ ...LONG, places }) };
    this.#budget = budget;
  }

  /**
   * What runs the searches of a caller: a user, a token, a plugin. Throws `search.too-costly` for a search that takes too
   * long, and `search.throttled` when the caller has too many under way.
   */
  of(caller: string): Reader {
    const query = (statement: string | pg.QueryConfig, values?: unknown[]) => this.#run(caller, statement, values);
    return { query } as Reader;
  }

  async close(): Promise<void> {
    await Promise.all([this.#quick.pool.end(), this.#long.pool.end()]);
  }

  async #run(caller: string, statement: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    // Before it is begun in vain.
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
    // Callers are few; those of a day are not kept for a month.
    if (this.#slow.size > 10_000) this.#slow.clear();
    this.#slow.set(caller, { until: now + span, span });
  }
}

/** SQLSTATE 57014: the statement took longer than its connection allows. */
function ranOut(error: unknown): boolean {
  return error instanceof Error && (error as Error & { code?: unknown }).code === '57014';
}
