// Imaging Order: requests an imaging study.

import type { ServiceRequest } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { choice, Option, text } from '#kit/schema.ts';
import { ICD10CM, LOINC, SNOMED } from '#kit/systems.ts';
import { concept, conceptOf } from './concepts.ts';
import { diagnosisCodes } from './diagnosis-codes.ts';
import { maybeNamed, namedRecord } from './named-record.ts';
import { imagingCenter } from './organizations.ts';
import { practitioner } from './staff.ts';
import { annotations, visitOf } from './visit.ts';

const IMAGING = concept(SNOMED, '363679005', 'Imaging');

export const ImagingOrder = defineCommand(
  {
    key: 'imagingOrder',
    prefix: 'IMAGING_ORDER',
    label: 'Imaging Order',
    paper: 'Imaging order',
    summary: 'An imaging study is asked for.',
    review: true,
    actions: ['review', 'make-changes', 'sign', 'delegate'],
    fields: {
      imaging: {
        label: 'Study',
        schema: Option,
        needed: true,
        search: { from: 'terms', systems: [LOINC], prefer: 'imaging' },
      },
      diagnosisCodes: { ...diagnosisCodes(12), needed: true },
      imagingCenter: { label: 'Imaging center', ...imagingCenter },
      priority: { label: 'Priority', schema: choice(['routine', 'urgent', 'stat']), needed: true },
      orderingProvider: { label: 'Ordered by', ...practitioner, needed: true, initial: 'author' },
      noteToRadiologist: { label: 'Note to radiologist', schema: text(1024) },
      internalComment: { label: 'Internal comment', schema: text(1024) },
    },
  },
  // `internalComment` stays on the command, since the imaging center reads the request.
  async (values, desk) => {
    const { subject, encounter } = visitOf(desk);
    const center = await maybeNamed(desk, 'imagingCenter', values.imagingCenter, ['Organization']);
    desk.draft.create(
      filled<ServiceRequest>({
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        category: [IMAGING],
        priority: values.priority,
        code: conceptOf(values.imaging, LOINC),
        subject,
        encounter,
        authoredOn: desk.at,
        requester: await namedRecord(desk, 'orderingProvider', values.orderingProvider, ['Practitioner']),
        performer: center && [center],
        reasonCode: values.diagnosisCodes.map((option) => conceptOf(option, ICD10CM)),
        note: annotations(desk, values.noteToRadiologist),
      }),
    );
  },
);
