// Immunization Statement: a vaccination that was given elsewhere, or refused.

import { defineCommand } from '#kit/command-kind.ts';
import { choice, Day, Option, text } from '#kit/schema.ts';
import { CVX } from '#kit/systems.ts';

export const ImmunizationStatement = defineCommand({
  key: 'immunizationStatement',
  prefix: 'IMMUNIZATION_STATEMENT',
  label: 'Immunization Statement',
  summary: 'A vaccination the patient tells of, or one that was not given and why.',
  fields: {
    immunization: { label: 'Vaccine', schema: Option, needed: true, search: { from: 'terms', systems: [CVX] } },
    approximateDate: { label: 'Given', schema: Day },
    /** http://terminology.hl7.org/CodeSystem/v3-ActReason */
    reasonNotGiven: { label: 'Not given because', schema: choice(['IMMUNE', 'MEDPREC', 'OSTOCK', 'PATOBJ']) },
    comment: { label: 'Comment', schema: text(255) },
  },
});
