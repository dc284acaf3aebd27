// Lab Order: tests are asked of a laboratory.

import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { Option, text } from '#kit/schema.ts';
import { LOINC } from '#kit/systems.ts';
import { diagnosisCodes } from './diagnosis-codes.ts';
import { practitioner } from './staff.ts';

export const LabOrder = defineCommand({
  key: 'labOrder',
  prefix: 'LAB_ORDER',
  label: 'Lab Order',
  summary: 'Tests are asked of a laboratory.',
  review: true,
  actions: ['review', 'make-changes', 'sign', 'send'],
  fields: {
    labPartner: { label: 'Laboratory', schema: Option, search: { from: 'records', types: ['Organization'] } },
    testsOrderCodes: {
      label: 'Tests',
      schema: Type.Array(Option, { minItems: 1, maxItems: 50 }),
      needed: true,
      search: { from: 'terms', systems: [LOINC] },
    },
    diagnosisCodes: diagnosisCodes(12),
    orderingProvider: { label: 'Ordered by', ...practitioner, needed: true, initial: 'author' },
    fastingRequired: { label: 'Fasting', schema: Type.Boolean() },
    comment: { label: 'Comment', schema: text(128) },
  },
});
