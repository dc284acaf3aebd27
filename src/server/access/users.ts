// The people who may sign in: made and changed by an administrator, given a link with which they choose their password.

import { randomFillSync } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { Refusal } from '#kit/errors.ts';
import { uuidv7 } from '#kit/ids.ts';
import { inTransaction } from '#store/transaction.ts';
import { LOCKED_UNTIL } from './attempts.ts';
import type { Role } from './roles.ts';
import { hashOf, newSecret } from './secrets.ts';

/** A person as everybody may see them. */
export interface User {
  readonly id: string;
  /** Like an address of mail, in lower case. */
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** FHIR id of the Practitioner that this person is. */
  readonly practitioner: string | null;
}

/** A person as administrators see them. Times are ISO 8601 in UTC. */
export interface UserView extends User {
  readonly active: boolean;
  /** False until the first password is chosen. */
  readonly hasPassword: boolean;
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
  /** After too many failed attempts. */
  readonly lockedUntil: string | null;
}

export interface NewUser {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly practitioner?: string | null;
}

export interface UserChange {
  readonly name?: string;
  readonly roles?: readonly Role[];
  readonly active?: boolean;
  readonly practitioner?: string | null;
}

/** A secret that is good once, for choosing a password. */
export interface SignInLink {
  readonly secret: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** What signing in asks of a user. */
export interface Credentials {
  readonly id: string;
  readonly active: boolean;
  /** PHC string. */
  readonly password: string | null;
}

interface UserRow {
  id: string;
  login: string;
  name: string;
  roles: Role[];
  practitioner: string | null;
  active: boolean;
  has_password: boolean;
  created_at: Date;
  last_sign_in_at: Date | null;
  locked_until: Date | null;
}

const INVITATION = '7 days';
const RESET = '24 hours';

const SELECT = `SELECT u.id, u.login, u.name, u.roles, u.practitioner, u.active, u.password IS NOT NULL AS has_password, u.created_at,
  u.last_sign_in_at, ${LOCKED_UNTIL} AS locked_until FROM user_account u LEFT JOIN sign_in_failure f ON f.login = u.login`;

export class Users {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Oldest first; `after` is the `next` of the page before. */
  async list(page: { after?: string; limit: number }): Promise<{ items: UserView[]; next: string | null }> {
    const { rows } = await this.#pool.query<UserRow>(
      `${SELECT} WHERE $1::uuid IS NULL OR u.id > $1 ORDER BY u.id LIMIT $2`,
      [page.after ?? null, page.limit + 1],
    );
    const items = rows.slice(0, page.limit).map(viewOf);
    return { items, next: rows.length > page.limit ? items.at(-1)!.id : null };
  }

  async get(id: string): Promise<UserView> {
    const { rows } = await this.#pool.query<UserRow>(`${SELECT} WHERE u.id = $1`, [id]);
    if (!rows[0]) throw new Refusal('user.not-found', { id });
    return viewOf(rows[0]);
  }

  /** Makes a person, and the invitation with which they choose their password. */
  async create(wish: NewUser): Promise<UserView & { readonly invitation: SignInLink }> {
    const id = uuidv7(Date.now(), randomFillSync);
    const { rowCount } = await this.#pool.query(
      `INSERT INTO user_account (id, login, name, roles, practitioner) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (login) DO NOTHING`,
      [id, loginOf(wish.login), wish.name, [...new Set(wish.roles)], wish.practitioner ?? null],
    );
    if (rowCount === 0) throw new Refusal('user.exists');
    const invitation = await this.#newLink(id, INVITATION);
    return { ...(await this.get(id)), invitation };
  }

  /** What is changed holds from the next request; who is no longer active is signed out. */
  async change(id: string, { name, roles, active, practitioner }: UserChange): Promise<UserView> {
    await inTransaction(this.#pool, async (client) => {
      const losesAdmin = active === false || (roles !== undefined && !roles.includes('admin'));
      if (losesAdmin) await refuseWithoutAdmin(client, id);
      const { rowCount } = await client.query(
        `UPDATE user_account SET name = coalesce($2, name), roles = coalesce($3, roles), active = coalesce($4, active),
           practitioner = CASE WHEN $5 THEN $6 ELSE practitioner END WHERE id = $1`,
        [
          id,
          name ?? null,
          roles && [...new Set(roles)],
          active ?? null,
          practitioner !== undefined,
          practitioner ?? null,
        ],
      );
      if (rowCount === 0) throw new Refusal('user.not-found', { id });
      if (active !== false) return;
      await client.query('DELETE FROM session WHERE user_account = $1', [id]);
      await client.query('DELETE FROM sign_in_link WHERE user_account = $1', [id]);
    });
    return this.get(id);
  }

  /** A link for a new password, in the place of any other; the old password and the sessions stay until it is used. */
  async reset(id: string): Promise<SignInLink> {
    const { login, active } = await this.get(id);
    if (!active) throw new Refusal('user.inactive');
    await this.#pool.query('DELETE FROM sign_in_failure WHERE login = $1', [login]);
    return this.#newLink(id, RESET);
  }

  async credentials(login: string): Promise<Credentials | undefined> {
    const { rows } = await this.#pool.query<Credentials>(
      'SELECT id, active, password FROM user_account WHERE login = $1',
      [loginOf(login)],
    );
    return rows[0];
  }

  /** Whose link this is, while it is good. */
  async ofLink(secret: string): Promise<User> {
    const { rows } = await this.#pool.query<User>(
      `SELECT u.id, u.login, u.name, u.roles, u.practitioner FROM sign_in_link l JOIN user_account u ON u.id = l.user_account
       WHERE l.hash = $1 AND l.expires_at > now() AND u.active`,
      [hashOf(secret)],
    );
    if (!rows[0]) throw new Refusal('link.expired');
    return rows[0];
  }

  /** Sets the password of the link's owner, uses the link up and signs them out everywhere; one of two at once wins. */
  async redeem(secret: string, password: string): Promise<void> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `WITH used AS (
         DELETE FROM sign_in_link WHERE hash = $1 AND expires_at > now() RETURNING user_account
       ), changed AS (
         UPDATE user_account u SET password = $2 FROM used WHERE u.id = used.user_account AND u.active RETURNING u.id
       ), ended AS (
         DELETE FROM session s USING changed WHERE s.user_account = changed.id
       ) SELECT id FROM changed`,
      [hashOf(secret), password],
    );
    if (!rows[0]) throw new Refusal('link.expired');
  }

  /** Sets a password; every session but `keep` ends, and so does a link that was not used. */
  async setPassword(id: string, password: string, keep: Buffer): Promise<void> {
    await this.#pool.query(
      `WITH changed AS (
         UPDATE user_account SET password = $2 WHERE id = $1 RETURNING id
       ), ended AS (
         DELETE FROM session s USING changed WHERE s.user_account = changed.id AND s.hash <> $3
       ) DELETE FROM sign_in_link l USING changed WHERE l.user_account = changed.id`,
      [id, password, keep],
    );
  }

  /** The same password, hashed anew. */
  async rehash(id: string, before: string, password: string): Promise<void> {
    await this.#pool.query('UPDATE user_account SET password = $3 WHERE id = $1 AND password = $2', [
      id,
      before,
      password,
    ]);
  }

  /**
   * A link for the oldest administrator while none of them has ever come in, made from `first` when there is nobody at
   * all; null afterwards.
   */
  async welcome(first: NewUser): Promise<(SignInLink & { readonly login: string }) | null> {
    await this.#pool.query(
      `INSERT INTO user_account (id, login, name, roles, practitioner)
       SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT FROM user_account) ON CONFLICT (login) DO NOTHING`,
      [uuidv7(Date.now(), randomFillSync), loginOf(first.login), first.name, first.roles, first.practitioner ?? null],
    );
    const { rows } = await this.#pool.query<{ id: string; login: string; waits: boolean }>(
      `SELECT id, login, bool_and(password IS NULL AND subject IS NULL) OVER () AS waits FROM user_account
       WHERE active AND 'admin' = ANY(roles) ORDER BY id LIMIT 1`,
    );
    const [oldest] = rows;
    return oldest?.waits ? { login: oldest.login, ...(await this.#newLink(oldest.id, INVITATION)) } : null;
  }

  async #newLink(user: string, lasts: string): Promise<SignInLink> {
    const secret = newSecret();
    const { rows } = await this.#pool.query<{ expires_at: Date }>(
      `INSERT INTO sign_in_link (user_account, hash, expires_at) VALUES ($1, $2, now() + $3::interval)
       ON CONFLICT (user_account) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at RETURNING expires_at`,
      [user, hashOf(secret), lasts],
    );
    return { secret, expiresAt: rows[0]!.expires_at.toISOString() };
  }
}

/** Where the application lets somebody choose a password. What follows # stays in the browser: it is in no log. */
export function welcomeLink(origin: string, secret: string): string {
  return `${origin}/welcome#${secret}`;
}

/** As it is stored and compared. */
export function loginOf(text: string): string {
  return text.trim().toLowerCase();
}

/** The rows are locked: of two administrators who demote each other at once, the second finds that nobody else is left. */
async function refuseWithoutAdmin(client: PoolClient, id: string): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM user_account WHERE active AND 'admin' = ANY(roles) ORDER BY id FOR UPDATE`,
  );
  if (rows.length === 1 && rows[0]!.id === id) throw new Refusal('user.last-admin');
}

function viewOf(row: UserRow): UserView {
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    roles: row.roles,
    practitioner: row.practitioner,
    active: row.active,
    hasPassword: row.has_password,
    createdAt: row.created_at.toISOString(),
    lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
    lockedUntil: row.locked_until?.toISOString() ?? null,
  };
}
