// Slows down password guessing without locking anyone out. Failures count per account and network, and per account from anywhere;
// after a few free ones, each doubles the wait. A browser with an earlier sign-in has its own count, so that other people's
// failures don't keep its owner out.

import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Pool } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { KnownBrowsers } from './known-browsers.ts';

/** Failures without a wait: for an account from one network, and from anywhere. */
const FREE_HERE = 5;
const FREE_ANYWHERE = 50;
/** Longest wait in seconds, which is also the time until failures are forgotten. */
const LONGEST_WAIT = 900;
const MEMORY = "interval '1 day'";
/** Failures per minute from one network on each node, for all accounts together. Known browsers don't count. */
const A_MINUTE = 120;
const ANYWHERE = 'anywhere';

/** SQL: until when browsers new to user `u` must wait; null if they needn't. */
export const LOCKED_UNTIL = `(SELECT max(a.next_at) FROM sign_in_attempt a
  WHERE a.account = sha256(convert_to(u.login, 'UTF8')) AND a.next_at > now())`;

export interface Attempt {
  /** A login, as `loginOf` gives it. */
  readonly login: string;
  /** Its IP address. */
  readonly address: string;
  /** The cookie that identifies a browser. */
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

  /** Counts the use of a link from an address. Refuses if there are too many. */
  admitLink(address: string): void {
    if (!this.#byNetwork.admits(networkOf(address))) throw limited(secondsLeft());
  }

  /** The link was valid. */
  linkSucceeded(address: string): void {
    this.#byNetwork.giveBack(networkOf(address));
  }

  /**
   * Counts an attempt as failed before anything is compared, so that parallel attempts all count. Refuses while it must wait.
   * Returns a function to call on success.
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
      // Takes back only this one: other guesses still count.
      await this.#pool.query(
        `UPDATE sign_in_attempt SET failures = failures - 1, next_at = now()
         WHERE account = $1 AND place = '${ANYWHERE}' AND failures > 0`,
        [account],
      );
    };
  }

  /** Counts a password given inside a session, for the account alone. Refuses while it must wait. */
  async beginInSession(login: string): Promise<() => Promise<void>> {
    const account = accountOf(login);
    await this.#count(account, 'session', FREE_HERE);
    return async () => {
      await this.#pool.query("DELETE FROM sign_in_attempt WHERE account = $1 AND place = 'session'", [account]);
    };
  }

  /** Of two parallel attempts, the one counted later may have started first, and its `now()` would be the earlier time. */
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

/** A limit per minute for each key. Counts restart every minute. */
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

/** An IPv6 address counts with its /64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const zeros = Math.max(0, 8 - groups.length - tail.split(':').filter(Boolean).length);
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...tail.split(':')].slice(0, 4).join(':');
}
