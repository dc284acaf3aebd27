// A field that names an organization of which something is asked: a laboratory, an imaging center, a pharmacy.

import type { Search } from '#kit/command-kind.ts';
import { Option } from '#kit/schema.ts';

/**
 * FHIR has no type of organization that is a laboratory or a pharmacy: they are providers, as the practice is, or have
 * no type. So what is known to pay, and so serves nobody, is left out, and all others are offered.
 */
export const SERVING = { Organization: 'type:not=pay,ins' } as const;

export const organization = {
  schema: Option,
  search: { from: 'records', types: ['Organization'], filters: SERVING },
} as const satisfies { schema: unknown; search: Search };
