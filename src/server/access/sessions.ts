// Who is signed in: what a cookie stands for, until it is unused for too long, too old, or ended.

import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import { Refusal } from '#kit/errors.ts';
import { ScopeSet } from '#kit/scopes.ts';
import { type Role, scopesOf } from './roles.ts';
import { hashOf, newSecret } from './secrets.ts';
import type { Access } from './tokens.ts';
import type { User } from './users.ts';

export interface SessionLimits {
  /** Milliseconds without a request after which a session ends. */
  readonly idle: number;
  /** Milliseconds after which it ends in any case. */
  readonly longest: number;
}

export const SESSION_LIMITS: SessionLimits = { idle: 60 * 60_000, longest: 12 * 3_600_000 };

export interface Session {
  readonly user: User;
  readonly access: Access;
  /** What an unsafe request must bring besides the cookie; follows from the cookie and does not give it away. */
  readonly csrf: string;
  /** ISO 8601: when it ends unless it is used before. */
  readonly expiresAt: string;
  /** What is stored of the cookie. */
  readonly hash: Buffer;
}

interface SessionRow {
  id: string;
  login: string;
  name: string;
  roles: Role[];
  practitioner: string | null;
  expires_at: Date;
}

const COOKIE = /^[\w-]{43}$/;

export class Sessions {
  readonly #pool: Pool;
  readonly #limits: SessionLimits;
  /** Milliseconds between two notes that a session is used: not each request writes. */
  readonly #noted: number;

  constructor(pool: Pool, limits: SessionLimits = SESSION_LIMITS) {
    this.#pool = pool;
    this.#limits = limits;
    this.#noted = Math.min(60_000, limits.idle / 4);
  }

  /** Signs a user in; the cookie is new, whatever the browser brought. */
  async begin(user: string): Promise<{ readonly cookie: string; readonly session: Session }> {
    const cookie = newSecret();
    await this.#pool.query(
      `WITH over AS (
         DELETE FROM session WHERE expires_at < now() OR seen_at < now() - $4 * interval '1 ms'
       ), signed_in AS (
         UPDATE user_account SET last_sign_in_at = now() WHERE id = $1 AND active RETURNING id
       ) INSERT INTO session (hash, user_account, expires_at) SELECT $2, id, now() + $3 * interval '1 ms' FROM signed_in`,
      [user, hashOf(cookie), this.#limits.longest, this.#limits.idle],
    );
    const session = await this.verify(cookie);
    // Deactivated between the password and this.
    if (!session) throw new Refusal('session.refused');
    return { cookie, session };
  }

  /** The session of a cookie, as its user is by now; undefined when there is none. `looking` does not count as use. */
  async verify(cookie: string, { looking = false } = {}): Promise<Session | undefined> {
    if (!COOKIE.test(cookie)) return undefined;
    const hash = hashOf(cookie);
    const { rows } = await this.#pool.query<SessionRow>({
      name: 'session-verify',
      text: `WITH known AS (
          SELECT s.hash, s.seen_at, s.expires_at, u.id, u.login, u.name, u.roles, u.practitioner
          FROM session s JOIN user_account u ON u.id = s.user_account
          WHERE s.hash = $1 AND u.active AND s.expires_at > now() AND s.seen_at > now() - $2 * interval '1 ms'
        ), seen AS (
          UPDATE session s SET seen_at = now() FROM known
          WHERE s.hash = known.hash AND NOT $4 AND known.seen_at < now() - $3 * interval '1 ms' RETURNING s.seen_at
        ) SELECT known.id, login, name, roles, practitioner,
            least(expires_at, coalesce(seen.seen_at, known.seen_at) + $2 * interval '1 ms') AS expires_at
          FROM known LEFT JOIN seen ON true`,
      values: [hash, this.#limits.idle, this.#noted, looking],
    });
    return rows[0] && sessionOf(rows[0], cookie, hash);
  }

  async end(cookie: string): Promise<void> {
    await this.#pool.query('DELETE FROM session WHERE hash = $1', [hashOf(cookie)]);
  }
}

function sessionOf({ expires_at, ...user }: SessionRow, cookie: string, hash: Buffer): Session {
  const { id, name, roles, practitioner } = user;
  return {
    user,
    access: {
      actor: { type: 'user', id, display: name, ...(practitioner && { practitioner }) },
      scopes: new ScopeSet(scopesOf(roles)),
      patient: null,
    },
    csrf: createHmac('sha256', cookie).update('csrf').digest('base64url'),
    expiresAt: expires_at.toISOString(),
    hash,
  };
}
