// Sessions: a cookie identifies one until it is idle for too long, too old, or ended.

import { createHmac, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Role } from '@chartwire/client/internal/contract/users';
import { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import type { Queryable } from '#store/transaction.ts';
import { scopesOf } from './roles.ts';
import { type Cookie, hashOf } from './secrets.ts';
import type { Access } from './tokens.ts';
import type { User } from './users.ts';

export interface SessionLimits {
  /** Milliseconds without a request until a session ends. */
  readonly idle: number;
  /** Milliseconds until it ends in any case. */
  readonly longest: number;
}

export const SESSION_LIMITS: SessionLimits = { idle: 60 * 60_000, longest: 12 * 3_600_000 };

export interface Session {
  readonly user: User;
  readonly access: Access;
  /** The header value that an unsafe request needs in addition to the cookie. Derived from the cookie without revealing it. */
  readonly csrf: string;
  /** ISO 8601: when it ends unless it is used. */
  readonly expiresAt: string;
  /** The stored hash of the cookie. */
  readonly hash: Buffer;
  /** A new cookie for the same session with the same `csrf`, which stays valid in other tabs. */
  renewed(): Cookie;
}

/** A new session and its cookie. */
export interface Begun {
  readonly cookie: string;
  readonly session: Session;
}

/** The state that a sign-in was based on. The session starts only if it still holds. */
export type Proof =
  /** PHC string of the verified password; `renewed` replaces it. */
  | { readonly password: string; readonly renewed?: string | undefined }
  | { readonly issuer: string; readonly subject: string };

interface SessionRow {
  id: string;
  login: string;
  name: string;
  roles: Role[];
  practitioner: string | null;
  expires_at: Date;
}

/** 16 bytes that last as long as the session, and 16 that change with its cookie; base64url. */
const COOKIE = /^[\w-]{43}$/;
const PART = 16;

export class Sessions {
  readonly #pool: Pool;
  readonly #limits: SessionLimits;
  /** Milliseconds between updates of a session's last use, so that not every request writes. */
  readonly #noted: number;

  constructor(pool: Pool, limits: SessionLimits = SESSION_LIMITS) {
    this.#pool = pool;
    this.#limits = limits;
    this.#noted = Math.min(60_000, limits.idle / 4);
  }

  /**
   * Signs a user in with a new cookie. Undefined if the user is no longer active, or the proof no longer holds: a password
   * changed at the same time must not open a session. Changes lock the user's row first and end sessions in a later statement,
   * which sees this one.
   */
  async begin(user: string, proof: Proof, on: Queryable = this.#pool): Promise<Begun | undefined> {
    await on.query(
      `DELETE FROM session WHERE hash IN (
         SELECT hash FROM session WHERE expires_at < now() OR seen_at < now() - $1 * interval '1 ms'
         LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
      [this.#limits.idle],
    );
    const cookie = cookieOf(randomBytes(PART));
    const byPassword = 'password' in proof;
    const { rowCount } = await on.query(
      `WITH signed_in AS (
         UPDATE user_account SET last_sign_in_at = now(), password = coalesce($5, password)
         WHERE id = $1 AND active
           AND CASE WHEN $4::text IS NULL THEN issuer = $6 AND subject = $7 ELSE password = $4 END RETURNING id
       ) INSERT INTO session (hash, user_account, expires_at) SELECT $2, id, now() + $3 * interval '1 ms' FROM signed_in`,
      [
        user,
        hashOf(cookie),
        this.#limits.longest,
        byPassword ? proof.password : null,
        byPassword ? (proof.renewed ?? null) : null,
        byPassword ? null : proof.issuer,
        byPassword ? null : proof.subject,
      ],
    );
    if (rowCount === 0) return undefined;
    const session = await this.verify(cookie, { on });
    return session && { cookie, session };
  }

  /** The session of a cookie with its user's current state; undefined if there is none. `looking` doesn't count as use. */
  async verify(
    cookie: string,
    { looking = false, on = this.#pool }: { looking?: boolean; on?: Queryable } = {},
  ): Promise<Session | undefined> {
    if (!COOKIE.test(cookie)) return undefined;
    const hash = hashOf(cookie);
    const { rows } = await on.query<SessionRow>({
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

  /** What the sessions with these hashes currently allow, by hash in hex. Ended sessions are absent. */
  async standing(hashes: readonly Buffer[]): Promise<ReadonlyMap<string, ScopeSet>> {
    const { rows } = await this.#pool.query<{ hash: string; roles: Role[] }>(
      `SELECT encode(s.hash, 'hex') AS hash, u.roles FROM session s JOIN user_account u ON u.id = s.user_account
       WHERE s.hash = ANY($1) AND u.active AND s.expires_at > now() AND s.seen_at > now() - $2 * interval '1 ms'`,
      [hashes, this.#limits.idle],
    );
    return new Map(rows.map(({ hash, roles }) => [hash, new ScopeSet(scopesOf(roles))]));
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
    csrf: createHmac('sha256', lastingPartOf(cookie)).update('csrf').digest('base64url'),
    expiresAt: expires_at.toISOString(),
    hash,
    renewed() {
      const next = cookieOf(lastingPartOf(cookie));
      return { cookie: next, hash: hashOf(next) };
    },
  };
}

function lastingPartOf(cookie: string): Buffer {
  return Buffer.from(cookie, 'base64url').subarray(0, PART);
}

function cookieOf(lasting: Buffer): string {
  return Buffer.concat([lasting, randomBytes(PART)]).toString('base64url');
}
