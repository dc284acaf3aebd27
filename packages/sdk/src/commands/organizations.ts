// Fields that name an organization to send something to: a laboratory, imaging center, or pharmacy.

import type { Search } from '#kit/command-kind.ts';
import { Option } from '#kit/schema.ts';
import { MAY_BE_LABORATORY, MAY_IMAGE, PARTY_KINDS, type PartyKey } from '#records/parties.ts';

/** Organizations that a filter finds; a missing one is added as `kind`. */
function organizations<K extends PartyKey>(filter: string, kind: K) {
  return {
    schema: Option,
    search: { from: 'records', types: ['Organization'], filters: { Organization: filter }, adds: [kind] },
  } as const satisfies { schema: unknown; search: Search };
}

export const pharmacy = organizations(PARTY_KINDS.pharmacy.filter, 'pharmacy');
export const laboratory = organizations(MAY_BE_LABORATORY, 'laboratory');
export const imagingCenter = organizations(MAY_IMAGE, 'imaging');
