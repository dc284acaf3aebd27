// A field for a member of the staff.

import type { Search } from '#kit/command-kind.ts';
import { Option } from '#kit/schema.ts';

const practitioners = { from: 'records', types: ['Practitioner'] } as const satisfies Search;

export const practitioner = { schema: Option, search: practitioners } as const;
