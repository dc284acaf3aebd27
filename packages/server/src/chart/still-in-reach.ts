// Earlier versions of a record that has left a chart. What was merged into a chart, or recorded there, by mistake is another
// person's: who may read one chart alone may not read what the record said while it was in it.

import type { Store, StoredVersion } from '#store/contract.ts';
import { reachOf, requireReach } from './authority.ts';
import type { Origin } from './origin.ts';

/** Refuses a version of a record that is now in a chart out of reach. */
export async function requireStillInReach(
  store: Pick<Store, 'current'>,
  origin: Origin,
  { type, id }: Pick<StoredVersion, 'type' | 'id'>,
): Promise<void> {
  if (reachOf(origin, type, 'r') !== 'patient') return;
  const newest = await store.current(type, id);
  if (newest) requireReach(origin, type, 'r', newest.patient);
}
