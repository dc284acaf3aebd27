// Slows down guessing without locking anybody out. Failures are counted by account and network together, and by account
// from anywhere; past a few free ones each doubles the wait for the next. A browser that somebody has signed in with
// before has a count of its own, so nobody else's failures keep its owner out.

import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Pool } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { KnownBrowsers } from './known-browsers.ts';

/** Failures without a wait: of an account from one network, and from anywhere. */
const FREE_HERE = 5;
const FREE_ANYWHERE = 50;
/** The longest wait, in seconds, and the time after which failures are forgotten. */
const LONGEST_WAIT = 900;
const MEMORY = "interval '1 day'";
/** Failures a minute from one network, whatever the accounts, on each node; known browsers don't count. */
const A_MINUTE = 120;
const ANYWHERE = 'anywhere';

/** SQL: until when browsers that a user `u` hasn't used before have to wait somewhere; null when none has to. */
export const LOCKED_UNTIL = `(SELECT max(a.next_at) FROM sign_in_attempt a
  WHERE a.account = sha256(convert_to(u.login, 'UTF8')) AND a.next_at > now())`;

export interface Attempt {
  /** A login, as `loginOf` gives it. */
  readonly login: string;
  /** The IP address that it comes from. */
  readonly address: string;
  /** The cookie by which a browser is known. */
  readonly browser?: string | undefined;
}

export class SignInAttempts {
  readonly #pool: Pool;
  readonly #browsers: KnownBrowsers;
  readonly #byNetwork = new MinuteLimit(A_MINUTE);

  constructor(pool: Pool, browsers: KnownBrowsers) {
    this.#pool = pool;
    this.#browsers = browsers;
  }

  /** Counts a use of a link from an address; refuses one too many. */
  admitLink(address: string): void {
    if (!this.#byNetwork.admits(networkOf(address))) throw limited(secondsLeft());
  }

  /** The link was good. */
  linkSucceeded(address: string): void {
    this.#byNetwork.giveBack(networkOf(address));
  }

  /**
   * Counts an attempt as failed, before anything is compared: many at once count as many. Refuses while it has to wait.
   * Answers what to call when it succeeded.
   */
  async begin(attempt: Attempt): Promise<() => Promise<void>> {
    const { login, browser } = attempt;
    if (browser !== undefined && (await this.#browsers.counts(browser, login))) {
      return () => this.#browsers.succeeded(browser, login);
    }
    const account = accountOf(login);
    const network = networkOf(attempt.address);
    if (!this.#byNetwork.admits(network)) throw limited(secondsLeft());
    await this.#pool.query(`DELETE FROM sign_in_attempt WHERE (account, place) IN (
      SELECT account, place FROM sign_in_attempt WHERE last_at < now() - ${MEMORY} LIMIT 1000 FOR UPDATE SKIP LOCKED)`);
    await this.#count(account, network, FREE_HERE);
    await this.#count(account, ANYWHERE, FREE_ANYWHERE);
    return async () => {
      this.#byNetwork.giveBack(network);
      await this.#pool.query('DELETE FROM sign_in_attempt WHERE account = $1 AND place = $2', [account, network]);
      // Only this one is taken back: whoever guesses elsewhere isn't given a fresh start.
      await this.#pool.query(
        `UPDATE sign_in_attempt SET failures = failures - 1, next_at = now()
         WHERE account = $1 AND place = '${ANYWHERE}' AND failures > 0`,
        [account],
      );
    };
  }

  /** A password given inside a session is counted for the account alone; refuses while it has to wait. */
  async beginInSession(login: string): Promise<() => Promise<void>> {
    const account = accountOf(login);
    await this.#count(account, 'session', FREE_HERE);
    return async () => {
      await this.#pool.query("DELETE FROM sign_in_attempt WHERE account = $1 AND place = 'session'", [account]);
    };
  }

  /** Of two attempts at once the later to be counted may have begun first: by `now()` it would be before the other's time. */
  async #count(account: Buffer, place: string, free: number): Promise<void> {
    const { rowCount } = await this.#pool.query(
      `INSERT INTO sign_in_attempt AS a (account, place, failures, next_at) VALUES ($1, $2, 1, now())
       ON CONFLICT (account, place) DO UPDATE SET
         failures = a.failures + 1,
         last_at = now(),
         next_at = now() + CASE WHEN a.failures + 1 < $3 THEN 0
           ELSE least(power(2, least(a.failures + 1 - $3, 20)), ${LONGEST_WAIT}) END * interval '1 second'
       WHERE a.next_at <= clock_timestamp()`,
      [account, place, free],
    );
    if (rowCount === 1) return;
    const { rows } = await this.#pool.query<{ seconds: number }>(
      `SELECT greatest(1, ceil(extract(epoch FROM next_at - now())))::int AS seconds FROM sign_in_attempt
       WHERE account = $1 AND place = $2`,
      [account, place],
    );
    throw limited(rows[0]?.seconds ?? 1);
  }
}

/** Forgets the failures of a login, in SQL: `$1` is the login. */
export const FORGET_FAILURES = "DELETE FROM sign_in_attempt WHERE account = sha256(convert_to($1, 'UTF8'))";

function accountOf(login: string): Buffer {
  return createHash('sha256').update(login).digest();
}

function limited(seconds: number): Refusal {
  const [count, unit] = seconds > 90 ? [Math.ceil(seconds / 60), 'minute'] : [seconds, 'second'];
  return new Refusal('session.limited', { seconds, wait: `${count} ${unit}${count === 1 ? '' : 's'}` });
}

function secondsLeft(): number {
  return 60 - (Math.floor(Date.now() / 1_000) % 60);
}

/** So many a minute for each key; the counts start over with each minute. */
export class MinuteLimit {
  readonly #limit: number;
  #minute = 0;
  readonly #counts = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  admits(key: string): boolean {
    const minute = Math.floor(Date.now() / 60_000);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count <= this.#limit;
  }

  giveBack(key: string): void {
    const count = this.#counts.get(key);
    if (count !== undefined) this.#counts.set(key, count - 1);
  }
}

/** One IPv6 address comes with its whole /64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const zeros = Math.max(0, 8 - groups.length - tail.split(':').filter(Boolean).length);
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...tail.split(':')].slice(0, 4).join(':');
}
