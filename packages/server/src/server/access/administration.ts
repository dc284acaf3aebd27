// Changes of who may come in: one at a time on all nodes, and only while whoever asks for one may still do so.

import type { Pool, PoolClient } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { ADMIN_SCOPE } from '@chartwire/sdk/internal/kit/scopes';
import { inTransaction, type Queryable } from '#store/transaction.ts';

/** Who asks for a change. */
export interface Caller {
  readonly actor: Actor;
  /** Hash of the cookie, where a session let them in. */
  readonly session: Buffer | null;
}

/** Whoever makes a request. */
export function callerOf({ access, browser }: CallOf): Caller {
  return { actor: access.actor, session: browser.sessionHash };
}

interface CallOf {
  readonly access: { readonly actor: Actor };
  readonly browser: { readonly sessionHash: Buffer | null };
}

/** Key of the advisory lock: 'acct' in ASCII. */
const LOCK = 0x61_63_63_74;

/**
 * Runs `work` in a transaction while no other change of users, links or tokens does. Locks are taken in one order: this
 * one, users, then what hangs on them.
 */
export function exclusively<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    return work(client);
  });
}

/**
 * The same for an administrator. The request was let in before it waited: one who was demoted, disabled, signed out or
 * revoked since then is refused, and leaves nothing behind that would let them in again.
 */
export function administer<T>(pool: Pool, caller: Caller, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return exclusively(pool, async (client) => {
    if (caller.actor.type === 'user') await requireUser(client, caller);
    else if (caller.actor.id !== 'admin') await requireToken(client, caller.actor.id);
    return work(client);
  });
}

async function requireUser(client: Queryable, { actor, session }: Caller): Promise<void> {
  const { rows } = await client.query<{ active: boolean; admin: boolean }>(
    `SELECT active, 'admin' = ANY(roles) AS admin FROM user_account WHERE id = $1 FOR UPDATE`,
    [actor.id],
  );
  // In a statement of its own: what ends sessions holds the user's row.
  const { rowCount } = await client.query('SELECT FROM session WHERE hash = $1 AND user_account = $2', [
    session,
    actor.id,
  ]);
  if (!rows[0]?.active || rowCount === 0) throw new Refusal('access.unauthenticated');
  if (!rows[0].admin) throw new Refusal('access.forbidden', { action: 'do this any more', scope: ADMIN_SCOPE });
}

async function requireToken(client: Queryable, id: string): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM access_token WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) FOR SHARE`,
    [id],
  );
  if (rowCount === 0) throw new Refusal('access.unauthenticated');
}

/** What is about to be taken from a user. */
export type Loss = 'administration' | 'link';

/**
 * Refuses to take it from the last administrator who can sign in: one who is active and has a password, or a link to the
 * provider that is used (`issuer`; null for none). Where none can yet, the last active one stays.
 */
export async function requireAdministratorBesides(
  client: Queryable,
  { id, loss, issuer }: { id: string; loss: Loss; issuer: string | null },
): Promise<void> {
  const { rows } = await client.query<{ id: string; password: boolean; linked: boolean }>(
    `SELECT id, password IS NOT NULL AS password, issuer IS NOT NULL AND rtrim(issuer, '/') = rtrim($1, '/') AS linked
     FROM user_account WHERE active AND 'admin' = ANY(roles) ORDER BY id`,
    [issuer],
  );
  const one = rows.find((row) => row.id === id);
  if (!one || (loss === 'link' && (one.password || !one.linked))) return;
  const able = rows.filter(({ password, linked }) => password || linked);
  const last = able.length === 0 ? rows.length === 1 : able.length === 1 && able[0] === one;
  if (last) throw new Refusal('user.last-admin');
}
