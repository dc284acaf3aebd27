// Finds the user for an identity from the provider: the one linked to its issuer and subject, or else, once, the one whose login
// is its verified address. The link, a new user, and the session are one transaction, so a refused sign-in leaves nothing.

import { randomFillSync } from 'node:crypto';
import type { Pool } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import { inTransaction, type Queryable } from '#store/transaction.ts';
import { administer, type Caller, exclusively, requireAdministratorBesides } from './administration.ts';
import { signOutEverywhere } from './links.ts';
import { loginFault, loginOf } from './login.ts';
import type { Identity } from './oidc.ts';
import type { Begun, Session, Sessions } from './sessions.ts';

interface Found {
  readonly id: string;
  readonly active: boolean;
  readonly subject: string | null;
  readonly link_by_address: boolean;
}

const SELECT = 'SELECT id, active, subject, link_by_address FROM user_account';

export class OidcUsers {
  readonly #pool: Pool;
  readonly #sessions: Sessions;

  constructor(pool: Pool, sessions: Sessions) {
    this.#pool = pool;
    this.#sessions = sessions;
  }

  /** Refuses an unknown or inactive user, with `oidc.*`. With `create`, an unknown person becomes a staff user. */
  async signIn(identity: Identity, create: boolean): Promise<Begun> {
    const known = await linkedTo(this.#pool, identity);
    if (known) return inTransaction(this.#pool, (client) => this.#begin(client, known, identity));
    return exclusively(this.#pool, async (client) => {
      const user =
        (await linkedTo(client, identity)) ??
        (await linkedNow(client, identity)) ??
        (create ? await created(client, identity) : undefined);
      if (!user) throw new Refusal('oidc.unknown');
      return this.#begin(client, user, identity);
    });
  }

  async #begin(client: Queryable, { id, active }: Found, { issuer, subject }: Identity): Promise<Begun> {
    const begun = active ? await this.#sessions.begin(id, { issuer, subject }, client) : undefined;
    if (!begun) throw new Refusal('oidc.inactive', { user: id });
    return begun;
  }

  /** Removes a user's link and closes the sessions it opened. An address can't restore it until an administrator allows that. */
  async unlink(id: string, caller: Caller, issuer: string | null): Promise<void> {
    await administer(this.#pool, caller, async (client) => {
      await requireAdministratorBesides(client, { id, loss: 'link', issuer });
      await unlinked(client, id, caller.session);
    });
  }

  /** The same for oneself. Requires a password, so that the user can sign in again. */
  async unlinkOwn({ user, hash }: Session): Promise<void> {
    await exclusively(this.#pool, async (client) => {
      const { rows } = await client.query<{ password: boolean }>(
        'SELECT password IS NOT NULL AS password FROM user_account WHERE id = $1 FOR UPDATE',
        [user.id],
      );
      if (!rows[0]?.password) throw new Refusal('identity.only-way');
      await unlinked(client, user.id, hash);
    });
  }
}

async function linkedTo(on: Queryable, { issuer, subject }: Identity): Promise<Found | undefined> {
  const { rows } = await on.query<Found>(`${SELECT} WHERE issuer = $1 AND subject = $2`, [issuer, subject]);
  return rows[0];
}

/** The provider may reassign an address to another person, so an existing link takes precedence. */
async function linkedNow(client: Queryable, { issuer, subject, email }: Identity): Promise<Found | undefined> {
  if (email === null) throw new Refusal('oidc.unverified');
  const login = loginOf(email);
  const { rows } = await client.query<Found>(`${SELECT} WHERE login = $1 FOR UPDATE`, [login]);
  const [user] = rows;
  if (!user) return undefined;
  if (!user.active) throw new Refusal('oidc.inactive', { user: user.id });
  if (user.subject !== null || !user.link_by_address) throw new Refusal('oidc.not-linked', { user: user.id });
  await client.query(
    'UPDATE user_account SET issuer = $2, subject = $3, linked_address = $4, linked_at = now() WHERE id = $1',
    [user.id, issuer, subject, email],
  );
  return user;
}

async function created(client: Queryable, { issuer, subject, name, email }: Identity): Promise<Found | undefined> {
  if (email === null || loginFault(email)) return undefined;
  const login = loginOf(email);
  const { rows } = await client.query<Found>(
    `INSERT INTO user_account (id, login, name, roles, issuer, subject, linked_address, linked_at)
     VALUES ($1, $2, $3, '{staff}', $4, $5, $6, now()) ON CONFLICT DO NOTHING RETURNING id, active, subject, link_by_address`,
    [uuidv7(Date.now(), randomFillSync), login, name ?? login, issuer, subject, email],
  );
  return rows[0];
}

async function unlinked(client: Queryable, id: string, keep: Buffer | null): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE user_account SET issuer = NULL, subject = NULL, linked_address = NULL, linked_at = NULL, link_by_address = false
     WHERE id = $1 AND subject IS NOT NULL`,
    [id],
  );
  if (rowCount === 0) throw new Refusal('identity.none');
  await signOutEverywhere(client, id, keep);
}
