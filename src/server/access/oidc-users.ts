// Which user somebody is whom an identity provider names: the one who came from there before, else the one whose login
// is their verified address.

import { randomFillSync } from 'node:crypto';
import type { Pool } from 'pg';
import { Refusal } from '#kit/errors.ts';
import { uuidv7 } from '#kit/ids.ts';
import type { Identity } from './oidc.ts';
import { loginOf } from './users.ts';

/** The user's id. Refuses who is nobody here, and who is no longer active; with `create`, nobody becomes one of the staff. */
export async function userOfIdentity(pool: Pool, identity: Identity, create: boolean): Promise<string> {
  const user = (await known(pool, identity)) ?? (await linked(pool, identity));
  if (user?.active) return user.id;
  if (user || !create || identity.email === null) throw new Refusal('oidc.unknown');
  return created(pool, identity, identity.email);
}

interface Found {
  readonly id: string;
  readonly active: boolean;
}

async function known(pool: Pool, { issuer, subject }: Identity): Promise<Found | undefined> {
  const { rows } = await pool.query<Found>('SELECT id, active FROM user_account WHERE issuer = $1 AND subject = $2', [
    issuer,
    subject,
  ]);
  return rows[0];
}

/** An address may pass to another person at the provider: who was linked once stays who they were. */
async function linked(pool: Pool, { issuer, subject, email }: Identity): Promise<Found | undefined> {
  if (email === null) return undefined;
  const { rows } = await pool.query<Found>(
    `UPDATE user_account SET issuer = $1, subject = $2 WHERE login = $3 AND subject IS NULL RETURNING id, active`,
    [issuer, subject, loginOf(email)],
  );
  return rows[0];
}

async function created(pool: Pool, { issuer, subject, name }: Identity, email: string): Promise<string> {
  const login = loginOf(email);
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO user_account (id, login, name, roles, issuer, subject) VALUES ($1, $2, $3, '{staff}', $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [uuidv7(Date.now(), randomFillSync), login, name ?? login, issuer, subject],
  );
  if (!rows[0]) throw new Refusal('oidc.unknown');
  return rows[0].id;
}
