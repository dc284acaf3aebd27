// What this site picks: counted, so that it is found sooner the next time.

import type { Pool } from 'pg';
import { loadedTerms } from './loaded.ts';

/**
 * Counts that a code was picked: in all fields together, and in `field` (`diagnose.diagnose`) when it is given. `system`
 * is the code system's URI.
 */
export async function noteUse(pool: Pool, system: string, code: string, field = ''): Promise<void> {
  const fields = field === '' ? [''] : ['', field];
  await pool.query({
    name: 'terms-note-use',
    // '' sorts first, so that whoever counts the same code locks its rows in the same order.
    text: `INSERT INTO term_use AS known (system, field, code, uses)
      SELECT $1, field, $2, 1 FROM unnest($3::text[]) AS field ORDER BY field
      ON CONFLICT (system, field, code) DO UPDATE SET uses = known.uses + 1`,
    values: [system, code, fields],
  });
  loadedTerms(pool).used(system, code, fields);
}
