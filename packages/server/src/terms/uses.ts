// What this site picks: counted, so that it is found sooner the next time.

import type { LoadedTerms } from './loaded.ts';

/** Counts that a code was picked. `system` is the code system's URI. */
export async function noteUse(terms: LoadedTerms, system: string, code: string): Promise<void> {
  await terms.pool.query({
    name: 'terms-note-use',
    text: `INSERT INTO term_use AS known (system, code, uses) VALUES ($1, $2, 1)
      ON CONFLICT (system, code) DO UPDATE SET uses = known.uses + 1`,
    values: [system, code],
  });
  terms.used(system, code);
}
