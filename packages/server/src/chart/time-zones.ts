// Whose days count: those of the place where the visit is, else those of the practice.

import type { Encounter, Location } from '@medplum/fhirtypes';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { timeZoneOf } from '@chartwire/sdk/internal/records/location-time-zone';
import type { ChartDraft } from './draft.ts';

/** Places are within places: a room, a floor, a clinic. */
const DEEPEST = 5;

/** The zone of a place, or of the nearest that it is part of; undefined where none says. */
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

/** The zone of the visit of an Encounter; of the practice where there is no visit, or its place says none. */
export async function zoneOfVisit(draft: ChartDraft, encounter: string | null | undefined): Promise<string> {
  const visit = encounter ? await draft.read('Encounter', encounter) : undefined;
  const place = parseReference(placeOf(visit)?.reference)?.id;
  return (await zoneOfPlace((id) => draft.read('Location', id), place)) ?? draft.timeZone();
}

/** Where the visit is now: the last place that it has not left. */
function placeOf(visit: Encounter | undefined) {
  return visit?.location?.findLast(({ status }) => status === undefined || status === 'active')?.location;
}
