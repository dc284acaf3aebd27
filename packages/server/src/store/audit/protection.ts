// The owner of the audit trail: a role without login, so that the server's own role can only append.

import type { Queryable } from '../transaction.ts';

export interface Protection {
  /** Whether the server's role can append to the trail but not change or remove rows. */
  readonly isProtected: boolean;
  /** Why not, as the end of a sentence; null if it is protected. */
  readonly reason: string | null;
}

/** The SQL that the bundled PostgreSQL runs by itself, and that operators run on their own servers. */
export const PROTECT_SQL = new URL('./protect.sql', import.meta.url);

/** Hands the schema `audit` over to its owner if the database supports it (protect.sql). Repeatable. */
export async function protectTrail(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ able: boolean }>(
    `SELECT to_regprocedure('public.protect_audit_trail()') IS NOT NULL AS able FROM pg_namespace
     WHERE nspname = 'audit' AND pg_get_userbyid(nspowner) = session_user`,
  );
  if (rows[0]?.able) await client.query('SELECT public.protect_audit_trail()');
}

/** The actual permissions of the server's role, from the database. */
export async function protectionOf(client: Queryable): Promise<Protection> {
  const { rows } = await client.query<{ all_powerful: boolean; can_become: boolean; can_change: boolean }>(
    `SELECT rolsuper AS all_powerful,
       pg_has_role(session_user, n.nspowner, 'MEMBER') AS can_become,
       has_table_privilege(session_user, 'audit.entry', 'UPDATE, DELETE, TRUNCATE')
         OR has_table_privilege(session_user, 'audit.chain', 'INSERT, UPDATE, DELETE, TRUNCATE') AS can_change
     FROM pg_roles, pg_namespace n WHERE rolname = session_user AND n.nspname = 'audit'`,
  );
  const reason = reasonOf(rows[0]!);
  return { isProtected: reason === null, reason };
}

function reasonOf(role: { all_powerful: boolean; can_become: boolean; can_change: boolean }): string | null {
  if (role.all_powerful) return 'Chartwire connects as a superuser of the database';
  if (role.can_become) return 'Chartwire connects as the role that owns it, or as one that may become it';
  if (role.can_change) return 'the role that Chartwire connects as was given the right to change it';
  return null;
}
