// Visits.

import { defineRecord } from '#kit/record-kind.ts';

export const Encounter = defineRecord({
  prefix: 'ENCOUNTER',
  resource: 'Encounter',
  label: 'Encounter',
  summary: 'A visit, from its planning to its end.',
});
