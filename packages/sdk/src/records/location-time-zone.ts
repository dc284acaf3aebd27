// The time zone of a location, if it differs from the practice's.

import type { Extension, Location } from '@medplum/fhirtypes';
import { isTimeZone } from '#kit/calendar.ts';

/** FHIR's extension for it, and its earlier name in R4. */
export const TIME_ZONE = 'http://hl7.org/fhir/StructureDefinition/timezone';
const TIME_ZONE_R4 = 'http://hl7.org/fhir/StructureDefinition/tz-code';

/** As written, even if unknown; undefined if absent. */
export function writtenTimeZone({ extension }: Pick<Location, 'extension'>): string | undefined {
  const said = (wanted: string): Extension | undefined => extension?.find(({ url }) => url === wanted);
  return (said(TIME_ZONE) ?? said(TIME_ZONE_R4))?.valueCode;
}

export function timeZoneOf(location: Location): string | undefined {
  const zone = writtenTimeZone(location);
  return zone !== undefined && isTimeZone(zone) ? zone : undefined;
}

/** The location with another time zone; null restores that of its parent. */
export function withTimeZone<L extends Location>(location: L, timeZone: string | null): L {
  const { extension = [], ...rest } = location;
  const others = extension.filter(({ url }) => url !== TIME_ZONE && url !== TIME_ZONE_R4);
  const all = timeZone === null ? others : [...others, { url: TIME_ZONE, valueCode: timeZone }];
  return { ...rest, ...(all.length > 0 && { extension: all }) } as L;
}
