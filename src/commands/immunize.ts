// Immunize: a vaccine is given here.

import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { Day, Option, text } from '#kit/schema.ts';
import { CVX } from '#kit/systems.ts';
import { practitioner } from './staff.ts';

export const Immunize = defineCommand({
  key: 'immunize',
  prefix: 'IMMUNIZE',
  label: 'Immunize',
  summary: 'A vaccine is given here.',
  fields: {
    immunization: { label: 'Vaccine', schema: Option, needed: true, search: { from: 'terms', systems: [CVX] } },
    lotNumber: { label: 'Lot', schema: text(20), needed: true },
    manufacturer: { label: 'Manufacturer', schema: text(100) },
    expirationDate: { label: 'Expires', schema: Day },
    sig: { label: 'Sig', schema: text(75) },
    givenBy: { label: 'Given by', ...practitioner, initial: 'author' },
    consentGiven: { label: 'Consent was given', schema: Type.Boolean(), needed: true },
  },
});
