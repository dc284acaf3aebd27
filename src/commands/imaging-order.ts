// Imaging Order: an imaging study is asked for.

import { defineCommand } from '#kit/command-kind.ts';
import { choice, Option, text } from '#kit/schema.ts';
import { LOINC } from '#kit/systems.ts';
import { diagnosisCodes } from './diagnosis-codes.ts';
import { practitioner } from './staff.ts';

export const ImagingOrder = defineCommand({
  key: 'imagingOrder',
  prefix: 'IMAGING_ORDER',
  label: 'Imaging Order',
  summary: 'An imaging study is asked for.',
  review: true,
  actions: ['review', 'make-changes', 'sign', 'delegate'],
  fields: {
    imaging: { label: 'Study', schema: Option, needed: true, search: { from: 'terms', systems: [LOINC] } },
    diagnosisCodes: { ...diagnosisCodes(12), needed: true },
    imagingCenter: { label: 'Imaging center', schema: Option, search: { from: 'records', types: ['Organization'] } },
    priority: { label: 'Priority', schema: choice(['routine', 'urgent', 'stat']), needed: true },
    orderingProvider: { label: 'Ordered by', ...practitioner, needed: true, initial: 'author' },
    noteToRadiologist: { label: 'Note to radiologist', schema: text(1024) },
    internalComment: { label: 'Internal comment', schema: text(1024) },
  },
});
