// Changes to users and tokens: one at a time across all nodes, and only while the caller is still allowed to make them.

import type { Pool, PoolClient } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { ADMIN_SCOPE } from '@chartwire/sdk/internal/kit/scopes';
import { inTransaction, type Queryable } from '#store/transaction.ts';

/** The caller who requests a change. */
export interface Caller {
  readonly actor: Actor;
  /** Hash of the session cookie, if the request came with one. */
  readonly session: Buffer | null;
}

/** The caller of a request. */
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
 * Runs `work` in a transaction, while no other change of users, links, or tokens runs. Locks are taken in a fixed order: this
 * one, users, then their dependents.
 */
export function exclusively<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    return work(client);
  });
}

/**
 * The same for an administrator. The request was admitted before it waited, so it is checked again: an administrator who has
 * since been demoted, disabled, signed out, or revoked is refused, and leaves nothing that would admit them again.
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
  // In a statement of its own, since ending sessions locks the user's row.
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

/** What a change takes from a user. */
export type Loss = 'administration' | 'link';

/**
 * Refuses to take it from the last administrator who can sign in: an active one with a password, or with a link to the configured
 * provider (`issuer`; null for none). If none can sign in yet, protects the last active one.
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
