// Which built-in checks are switched off, by whom and why.

import type { Pool } from 'pg';

export interface SwitchedOff {
  readonly name: string;
  readonly reason: string;
  readonly by: { readonly type: string; readonly id: string; readonly display?: string };
  /** ISO 8601. */
  readonly at: string;
}

/** Names of switched-off checks. Read at every commit that runs them, so a switch applies at once on all nodes. */
export async function checksOff(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>({
    name: 'checks-off',
    text: 'SELECT name FROM check_switched_off',
  });
  return new Set(rows.map(({ name }) => name));
}

export async function switchedOff(pool: Pool): Promise<readonly SwitchedOff[]> {
  const { rows } = await pool.query<Omit<SwitchedOff, 'at'> & { at: Date }>(
    'SELECT name, reason, by, at FROM check_switched_off ORDER BY name',
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** A check that is already off keeps its first reason. */
export async function switchOff(pool: Pool, { name, reason, by }: Omit<SwitchedOff, 'at'>): Promise<void> {
  await pool.query('INSERT INTO check_switched_off (name, reason, by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    name,
    reason,
    JSON.stringify(by),
  ]);
}

export async function switchOn(pool: Pool, name: string): Promise<void> {
  await pool.query('DELETE FROM check_switched_off WHERE name = $1', [name]);
}
