// Whose time zone counts: the visit's location, or else the practice.

import type { Encounter, Location } from '@medplum/fhirtypes';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { timeZoneOf } from '@chartwire/sdk/internal/records/location-time-zone';
import type { ChartDraft } from './draft.ts';

/** Locations are nested: a room, a floor, a clinic. */
const DEEPEST = 5;

/** The zone of a location, or of its nearest parent with one; undefined if there is none. */
export async function zoneOfPlace(
  read: (id: string) => Promise<Location | undefined>,
  id: string | undefined,
): Promise<string | undefined> {
  let next = id;
  for (let depth = 0; next !== undefined && depth < DEEPEST; depth++) {
    const place = await read(next);
    const zone = place && timeZoneOf(place);
    if (zone !== undefined) return zone;
    next = parseReference(place?.partOf?.reference)?.id;
  }
  return undefined;
}

/** The zone of an Encounter's visit; the practice's without a visit, or if its location has none. */
export async function zoneOfVisit(draft: ChartDraft, encounter: string | null | undefined): Promise<string> {
  const visit = encounter ? await draft.read('Encounter', encounter) : undefined;
  const place = parseReference(placeOf(visit)?.reference)?.id;
  return (await zoneOfPlace((id) => draft.read('Location', id), place)) ?? draft.timeZone();
}

/** The current location of a visit: the last one it hasn't left. */
function placeOf(visit: Encounter | undefined) {
  return visit?.location?.findLast(({ status }) => status === undefined || status === 'active')?.location;
}
