// One term by its code.

import type { Pool } from 'pg';
import { codeSystem } from './systems.ts';
import type { TermHit } from './term.ts';

/** The term of a code, however it is written (`E119`, `e11.9`); undefined when the current edition does not have it. */
export async function lookup(pool: Pool, system: string, code: string): Promise<Omit<TermHit, 'fits'> | undefined> {
  const { uri, official } = codeSystem(system);
  const { rows } = await pool.query<Omit<TermHit, 'system' | 'fits'>>({
    name: 'terms-lookup',
    text: `SELECT code, display, flags FROM term
      WHERE edition = (SELECT id FROM term_edition WHERE system = $1 AND current) AND code = ANY ($2)
      ORDER BY code <> $3 LIMIT 1`,
    values: [uri, [...new Set([code, official?.(code) ?? code])], code],
  });
  return rows[0] && { system: uri, ...rows[0] };
}
