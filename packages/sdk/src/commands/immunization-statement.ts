// Immunization Statement: a vaccination given elsewhere, or not given.

import type { Immunization } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { choice, Option, PartialDate, text } from '#kit/schema.ts';
import { CVX } from '#kit/systems.ts';
import { codedConcept, concept } from './concepts.ts';
import { refuseOutsideLife } from './days.ts';
import { annotations, visitOf } from './visit.ts';

const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const ORIGIN = 'http://terminology.hl7.org/CodeSystem/immunization-origin';
const RECALLED = concept(ORIGIN, 'recall', 'Parent/Guardian/Patient Recall');

export const ImmunizationStatement = defineCommand(
  {
    key: 'immunizationStatement',
    prefix: 'IMMUNIZATION_STATEMENT',
    label: 'Immunization Statement',
    summary: 'A vaccination that the patient reports, or a vaccination not given and why.',
    fields: {
      immunization: { label: 'Vaccine', schema: Option, needed: true, search: { from: 'terms', systems: [CVX] } },
      approximateDate: { label: 'Given', schema: PartialDate },
      reasonNotGiven: { label: 'Not given because', schema: choice(['IMMUNE', 'MEDPREC', 'OSTOCK', 'PATOBJ']) },
      comment: { label: 'Comment', schema: text(255) },
    },
  },
  async ({ immunization, approximateDate, reasonNotGiven, comment }, desk) => {
    await refuseOutsideLife(desk, 'approximateDate', approximateDate);
    const { subject, encounter } = visitOf(desk);
    desk.draft.create(
      filled<Immunization>({
        resourceType: 'Immunization',
        status: reasonNotGiven ? 'not-done' : 'completed',
        statusReason: reasonNotGiven && { coding: [{ system: ACT_REASON, code: reasonNotGiven }] },
        vaccineCode: codedConcept(desk, 'immunization', immunization, CVX),
        patient: subject,
        encounter,
        ...(approximateDate ? { occurrenceDateTime: approximateDate } : { occurrenceString: 'unknown' }),
        recorded: desk.at,
        primarySource: false,
        reportOrigin: RECALLED,
        note: annotations(desk, comment),
      }),
    );
  },
);
