// Refer: the patient is sent to a specialist.

import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { choice, Option, text } from '#kit/schema.ts';
import { diagnosisCodes } from './diagnosis-codes.ts';

export const Refer = defineCommand({
  key: 'refer',
  prefix: 'REFER',
  label: 'Refer',
  summary: 'The patient is sent to a specialist.',
  review: true,
  actions: ['review', 'make-changes', 'sign', 'delegate'],
  fields: {
    serviceProvider: {
      label: 'Refer to',
      schema: Option,
      needed: true,
      search: { from: 'records', types: ['Practitioner', 'Organization', 'HealthcareService'] },
    },
    diagnosisCodes: { ...diagnosisCodes(12), needed: true },
    clinicalQuestion: {
      label: 'Clinical question',
      schema: choice([
        'cognitive-assistance',
        'assistance-with-ongoing-management',
        'specialized-intervention',
        'diagnostic-uncertainty',
      ]),
      needed: true,
    },
    priority: { label: 'Priority', schema: choice(['routine', 'urgent', 'stat']), needed: true },
    notesToSpecialist: { label: 'Notes to specialist', schema: text(4000) },
    includeVisitNote: { label: 'Include the visit note', schema: Type.Boolean() },
    internalComment: { label: 'Internal comment', schema: text(1024) },
  },
});
