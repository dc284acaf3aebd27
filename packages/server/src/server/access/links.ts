// Invitations and password resets: single-use secrets for choosing a password.

import type { Pool } from 'pg';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { inTransaction, type Queryable } from '#store/transaction.ts';
import { hashOf, newSecret } from './secrets.ts';

/** A single-use secret for choosing a password. */
export interface SignInLink {
  readonly secret: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export const INVITATION = '7 days';
export const RESET = '24 hours';

/** The page for choosing a password. The browser doesn't send the part after #, so it is in no log. */
export function welcomeLink(origin: string, secret: string): string {
  return `${origin}/welcome#${secret}`;
}

/** Replaces any earlier link. Refuses if the user isn't active, even if that changes at the same time. */
export async function newLink(on: Queryable, user: string, lasts: string): Promise<SignInLink> {
  const secret = newSecret();
  const { rows } = await on.query<{ expires_at: Date }>(
    `WITH active AS (SELECT id FROM user_account WHERE id = $1 AND active FOR UPDATE)
     INSERT INTO sign_in_link (user_account, hash, expires_at) SELECT id, $2, now() + $3::interval FROM active
     ON CONFLICT (user_account) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at RETURNING expires_at`,
    [user, hashOf(secret), lasts],
  );
  if (!rows[0]) throw new Refusal('user.inactive');
  return { secret, expiresAt: rows[0].expires_at.toISOString() };
}

/**
 * Sets the password of the link's owner, uses up the link, and signs them out everywhere. Of two parallel uses, one wins. Locks
 * the user's row first: a parallel sign-in either has its session ended here, or finds another password.
 */
export async function redeemLink(pool: Pool, secret: string, password: string): Promise<void> {
  const hash = hashOf(secret);
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT u.id FROM user_account u JOIN sign_in_link l ON l.user_account = u.id
       WHERE l.hash = $1 AND u.active FOR UPDATE OF u`,
      [hash],
    );
    const used = await client.query('DELETE FROM sign_in_link WHERE hash = $1 AND expires_at > now()', [hash]);
    if (!rows[0] || used.rowCount === 0) throw new Refusal('link.expired');
    await client.query('UPDATE user_account SET password = $2 WHERE id = $1', [rows[0].id, password]);
    await signOutEverywhere(client, rows[0].id);
  });
}

/** Ends a user's sessions and forgets their browsers. The caller must hold the user's row. */
export async function signOutEverywhere(client: Queryable, user: string, keep: Buffer | null = null): Promise<void> {
  await client.query('DELETE FROM session WHERE user_account = $1 AND hash IS DISTINCT FROM $2', [user, keep]);
  await client.query('DELETE FROM known_browser WHERE user_account = $1', [user]);
}
