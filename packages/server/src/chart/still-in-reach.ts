// Earlier versions of a record that has left a chart. A record merged into a chart or recorded there by mistake belongs to
// another person, so a caller with access to that chart alone may not read what it said there.

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
