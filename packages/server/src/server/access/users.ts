// Users: an administrator creates and changes them, and sends a link with which they choose a password.

import { randomFillSync } from 'node:crypto';
import type { Pool } from 'pg';
import type { Role } from '@chartwire/client/internal/contract/users';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import { inTransaction, type Queryable } from '#store/transaction.ts';
import { administer, type Caller, requireAdministratorBesides } from './administration.ts';
import { FORGET_FAILURES, LOCKED_UNTIL } from './attempts.ts';
import { INVITATION, newLink, RESET, redeemLink, type SignInLink, signOutEverywhere } from './links.ts';
import { loginFault, loginOf } from './login.ts';
import { type Cookie, hashOf } from './secrets.ts';

/** A user as shown to everyone. */
export interface User {
  readonly id: string;
  /** An e-mail address or similar; ASCII letters in lower case. */
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** FHIR id of the user's Practitioner. */
  readonly practitioner: string | null;
}

/** A user as shown to administrators. Times are ISO 8601 in UTC. */
export interface UserView extends User {
  readonly active: boolean;
  /** False until they choose their first password. */
  readonly hasPassword: boolean;
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
  /** After too many failed attempts: until when browsers new to this user must wait. */
  readonly lockedUntil: string | null;
  /** Their identity at the identity provider. */
  readonly identity: IdentityView | null;
  /** Whether the provider's verified address may create that link. */
  readonly linkByAddress: boolean;
}

/** A link to an identity provider. */
export interface IdentityView {
  readonly issuer: string;
  readonly subject: string;
  /** The address and time of its creation; null for links from before these were stored. */
  readonly address: string | null;
  readonly linkedAt: string | null;
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
  readonly linkByAddress?: boolean;
}

/** What sign-in needs of a user. */
export interface Credentials {
  readonly id: string;
  readonly active: boolean;
  /** PHC string. */
  readonly password: string | null;
}

export interface PasswordChange {
  /** PHC strings. */
  readonly before: string;
  readonly after: string;
  /** Hash of the current session, and its new cookie. */
  readonly session: Buffer;
  readonly next: Cookie;
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
  issuer: string | null;
  subject: string | null;
  linked_address: string | null;
  linked_at: Date | null;
  link_by_address: boolean;
}

const SELECT = `SELECT u.id, u.login, u.name, u.roles, u.practitioner, u.active, u.password IS NOT NULL AS has_password, u.created_at,
  u.last_sign_in_at, ${LOCKED_UNTIL} AS locked_until, u.issuer, u.subject, u.linked_address, u.linked_at, u.link_by_address
  FROM user_account u`;

export class Users {
  readonly #pool: Pool;
  /** Issuer of the configured identity provider. */
  readonly #issuer: string | null;

  constructor(pool: Pool, issuer: string | null = null) {
    this.#pool = pool;
    this.#issuer = issuer;
  }

  /** Oldest first. `after` is the previous page's `next`. */
  async list(page: { after?: string; limit: number }): Promise<{ items: UserView[]; next: string | null }> {
    const { rows } = await this.#pool.query<UserRow>(
      `${SELECT} WHERE $1::uuid IS NULL OR u.id > $1 ORDER BY u.id LIMIT $2`,
      [page.after ?? null, page.limit + 1],
    );
    const items = rows.slice(0, page.limit).map(viewOf);
    return { items, next: rows.length > page.limit ? items.at(-1)!.id : null };
  }

  /** The key that encrypts a user's unsent work in their browser: 32 bytes in base64. */
  async draftKey(id: string): Promise<string> {
    const { rows } = await this.#pool.query<{ draft_key: Buffer }>('SELECT draft_key FROM user_account WHERE id = $1', [
      id,
    ]);
    return rows[0]!.draft_key.toString('base64');
  }

  async get(id: string, on: Queryable = this.#pool): Promise<UserView> {
    const { rows } = await on.query<UserRow>(`${SELECT} WHERE u.id = $1`, [id]);
    if (!rows[0]) throw new Refusal('user.not-found', { id });
    return viewOf(rows[0]);
  }

  /** Creates a user, and an invitation with which they choose a password. */
  create(wish: NewUser, caller: Caller): Promise<UserView & { readonly invitation: SignInLink }> {
    const fault = loginFault(wish.login);
    if (fault) throw new Refusal('request.invalid', { reason: fault }, [{ path: '/login', message: fault }]);
    const id = uuidv7(Date.now(), randomFillSync);
    return administer(this.#pool, caller, async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO user_account (id, login, name, roles, practitioner) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (login) DO NOTHING`,
        [id, loginOf(wish.login), wish.name, [...new Set(wish.roles)], wish.practitioner ?? null],
      );
      if (rowCount === 0) throw new Refusal('user.exists');
      const invitation = await newLink(client, id, INVITATION);
      return { ...(await this.get(id, client)), invitation };
    });
  }

  /** Changes apply from the next request. A user who is no longer active is signed out. */
  change(id: string, wish: UserChange, caller: Caller): Promise<UserView> {
    const { name, roles, active, practitioner, linkByAddress } = wish;
    return administer(this.#pool, caller, async (client) => {
      if (active === false || (roles !== undefined && !roles.includes('admin'))) {
        await requireAdministratorBesides(client, { id, loss: 'administration', issuer: this.#issuer });
      }
      await client.query(
        `UPDATE user_account SET name = coalesce($2, name), roles = coalesce($3, roles), active = coalesce($4, active),
           practitioner = CASE WHEN $5 THEN $6 ELSE practitioner END, link_by_address = coalesce($7, link_by_address)
         WHERE id = $1`,
        [
          id,
          name ?? null,
          roles && [...new Set(roles)],
          active ?? null,
          practitioner !== undefined,
          practitioner ?? null,
          linkByAddress ?? null,
        ],
      );
      if (active === false) {
        await signOutEverywhere(client, id);
        await client.query('DELETE FROM sign_in_link WHERE user_account = $1', [id]);
      }
      return this.get(id, client);
    });
  }

  /** A link for a new password; replaces any earlier link. The old password and sessions remain until it is used. */
  reset(id: string, caller: Caller): Promise<SignInLink> {
    return administer(this.#pool, caller, async (client) => {
      const { login } = await this.get(id, client);
      await client.query(FORGET_FAILURES, [login]);
      return newLink(client, id, RESET);
    });
  }

  async credentials(login: string): Promise<Credentials | undefined> {
    const { rows } = await this.#pool.query<Credentials>(
      'SELECT id, active, password FROM user_account WHERE login = $1',
      [loginOf(login)],
    );
    return rows[0];
  }

  /** The owner of a valid link. */
  async ofLink(secret: string): Promise<User> {
    const { rows } = await this.#pool.query<User>(
      `SELECT u.id, u.login, u.name, u.roles, u.practitioner FROM sign_in_link l JOIN user_account u ON u.id = l.user_account
       WHERE l.hash = $1 AND l.expires_at > now() AND u.active`,
      [hashOf(secret)],
    );
    if (!rows[0]) throw new Refusal('link.expired');
    return rows[0];
  }

  /** Sets the password of the link's owner, uses up the link, and signs them out everywhere. Of two parallel uses, one wins. */
  redeem(secret: string, password: string): Promise<void> {
    return redeemLink(this.#pool, secret, password);
  }

  /**
   * Sets a password if `before` is still the current one, and returns whether it was. Ends all other sessions, gives this one a
   * new cookie, and voids unused links. Refuses if the session has ended.
   */
  setPassword(id: string, change: PasswordChange): Promise<boolean> {
    const { before, after, session, next } = change;
    return inTransaction(this.#pool, async (client) => {
      const changed = await client.query(
        'UPDATE user_account SET password = $3 WHERE id = $1 AND active AND password = $2',
        [id, before, after],
      );
      if (changed.rowCount === 0) return false;
      await signOutEverywhere(client, id, session);
      const kept = await client.query('UPDATE session SET hash = $3 WHERE hash = $2 AND user_account = $1', [
        id,
        session,
        next.hash,
      ]);
      if (kept.rowCount === 0) throw new Refusal('access.unauthenticated');
      await client.query('DELETE FROM sign_in_link WHERE user_account = $1', [id]);
      return true;
    });
  }

  /**
   * A link for the oldest administrator while no administrator has ever signed in; creates `first` if there are no users. Null
   * afterwards.
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
    return oldest?.waits ? { login: oldest.login, ...(await newLink(this.#pool, oldest.id, INVITATION)) } : null;
  }
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
    identity:
      row.issuer === null || row.subject === null
        ? null
        : {
            issuer: row.issuer,
            subject: row.subject,
            address: row.linked_address,
            linkedAt: row.linked_at?.toISOString() ?? null,
          },
    linkByAddress: row.link_by_address,
  };
}
