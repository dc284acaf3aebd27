// Browsers with earlier sign-ins. Each keeps one cookie, whoever uses it.
// https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies

import type { Pool } from 'pg';
import { hashOf, newSecret } from './secrets.ts';

/** Wrong passwords in a row until a browser is no longer known. */
const FAILURES = 10;
/** Days without a sign-in until a browser is no longer known. */
export const KNOWN_DAYS = 180;

const SECRET = /^[\w-]{43}$/;

export class KnownBrowsers {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Whether the user has signed in with this browser before. If so, counts an attempt as failed. */
  async counts(secret: string, login: string): Promise<boolean> {
    if (!SECRET.test(secret)) return false;
    const { rowCount } = await this.#pool.query(
      `UPDATE known_browser k SET failures = k.failures + 1 FROM user_account u
       WHERE k.hash = $1 AND u.login = $2 AND k.user_account = u.id AND k.failures < ${FAILURES}
         AND k.seen_at > now() - interval '${KNOWN_DAYS} days'`,
      [hashOf(secret), login],
    );
    return rowCount === 1;
  }

  async succeeded(secret: string, login: string): Promise<void> {
    await this.#pool.query(
      `UPDATE known_browser k SET failures = 0 FROM user_account u
       WHERE k.hash = $1 AND u.login = $2 AND k.user_account = u.id`,
      [hashOf(secret), login],
    );
  }

  /** Records a sign-in with a browser. Returns its secret: the one it sent if that was ours, or a new one. */
  async remember(brought: string | undefined, user: string): Promise<string> {
    const secret = brought !== undefined && (await this.#isOurs(brought)) ? brought : newSecret();
    await this.#pool.query(`DELETE FROM known_browser WHERE (hash, user_account) IN (
      SELECT hash, user_account FROM known_browser WHERE seen_at < now() - interval '${KNOWN_DAYS} days'
      LIMIT 1000 FOR UPDATE SKIP LOCKED)`);
    await this.#pool.query(
      `INSERT INTO known_browser (hash, user_account) VALUES ($1, $2)
       ON CONFLICT (hash, user_account) DO UPDATE SET failures = 0, seen_at = now()`,
      [hashOf(secret), user],
    );
    return secret;
  }

  async #isOurs(secret: string): Promise<boolean> {
    if (!SECRET.test(secret)) return false;
    const { rows } = await this.#pool.query('SELECT FROM known_browser WHERE hash = $1 LIMIT 1', [hashOf(secret)]);
    return rows.length === 1;
  }
}
