// Guessing made slow: so many attempts a minute from one address, and a login that failed too often is locked for a
// while. An attempt is counted before it is looked at, so that many at once count as many.

import { isIPv6 } from 'node:net';
import type { Pool } from 'pg';
import { Refusal } from '#kit/errors.ts';

/** Failures of one login until it is locked, and for how long it is, in minutes. */
const FAILURES = 10;
const LOCKED_MINUTES = 15;
/** Attempts a minute from one address, on each node; one that succeeds does not count. */
const A_MINUTE = 30;

const LOCK = `interval '${LOCKED_MINUTES} minutes'`;

/** SQL: until when the login of a row `sign_in_failure f` is locked; null when it is not. */
export const LOCKED_UNTIL = `CASE WHEN f.failures >= ${FAILURES} AND f.last_at > now() - ${LOCK} THEN f.last_at + ${LOCK} END`;

export class Attempts {
  readonly #pool: Pool;
  readonly #byAddress = new MinuteLimit(A_MINUTE);

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Counts an attempt from an address; refuses one too many. */
  admit(address: string): void {
    if (this.#byAddress.admits(networkOf(address))) return;
    throw new Refusal('session.limited', { seconds: 60 - (Math.floor(Date.now() / 1_000) % 60) });
  }

  /** Counts an attempt with a login as failed until `succeeded` says otherwise; refuses while it is locked. */
  async begin(login: string): Promise<void> {
    await this.#pool.query("DELETE FROM sign_in_failure WHERE last_at < now() - interval '1 day'");
    const { rows } = await this.#pool.query<{ failures: number; seconds: number }>(
      `INSERT INTO sign_in_failure AS f (login, failures) VALUES ($1, 1)
       ON CONFLICT (login) DO UPDATE SET
         failures = CASE WHEN f.last_at < now() - ${LOCK} THEN 1 ELSE f.failures + 1 END,
         -- While it is locked the time stands still: knocking on does not lock it for longer.
         last_at = CASE WHEN f.failures >= ${FAILURES} AND f.last_at > now() - ${LOCK} THEN f.last_at ELSE now() END
       RETURNING failures, ceil(extract(epoch FROM last_at + ${LOCK} - now()))::int AS seconds`,
      [login],
    );
    const { failures, seconds } = rows[0]!;
    if (failures <= FAILURES) return;
    throw new Refusal('session.locked', { minutes: Math.ceil(seconds / 60), seconds });
  }

  async succeeded(login: string, address: string): Promise<void> {
    this.#byAddress.giveBack(networkOf(address));
    await this.#pool.query('DELETE FROM sign_in_failure WHERE login = $1', [login]);
  }
}

/** So many a minute for each key; the counts begin anew with the minute. */
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

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const zeros = Math.max(0, 8 - groups.length - tail.split(':').filter(Boolean).length);
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...tail.split(':')].slice(0, 4).join(':');
}
