// Immunize: a vaccine given here.

import type { Immunization } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { lastDay } from '#kit/partial-date.ts';
import { Option, PartialDate, text } from '#kit/schema.ts';
import { CVX } from '#kit/systems.ts';
import { writeCharge } from './charge.ts';
import { codedConcept, concept } from './concepts.ts';
import { maybeNamed } from './named-record.ts';
import { practitioner } from './staff.ts';
import { annotations, visitOf } from './visit.ts';

/** HL7 v2 table 0443 */
const ADMINISTERED = concept('http://terminology.hl7.org/CodeSystem/v2-0443', 'AP', 'Administering Provider');

export const Immunize = defineCommand(
  {
    key: 'immunize',
    prefix: 'IMMUNIZE',
    label: 'Immunize',
    summary: 'A vaccine is given here.',
    fields: {
      immunization: { label: 'Vaccine', schema: Option, needed: true, search: { from: 'terms', systems: [CVX] } },
      lotNumber: { label: 'Lot', schema: text(20), needed: true },
      manufacturer: { label: 'Manufacturer', schema: text(100) },
      expirationDate: { label: 'Expires', schema: PartialDate },
      sig: { label: 'Sig', schema: text(75) },
      givenBy: { label: 'Given by', ...practitioner, initial: 'author' },
      consentGiven: { label: 'Consent was given', schema: Type.Boolean(), needed: true },
    },
  },
  async (values, desk) => {
    if (!values.consentGiven)
      throw desk.refused('consentGiven', 'A vaccine is given with consent: say that it was given.');
    if (values.expirationDate && lastDay(values.expirationDate) < desk.today) {
      throw desk.refused('expirationDate', 'This vaccine has expired: give another, or correct the day.');
    }
    const { subject, encounter } = visitOf(desk);
    const vaccineCode = codedConcept(desk, 'immunization', values.immunization, CVX);
    const actor = await maybeNamed(desk, 'givenBy', values.givenBy, ['Practitioner']);
    const { id } = desk.draft.create(
      filled<Immunization>({
        resourceType: 'Immunization',
        status: 'completed',
        vaccineCode,
        patient: subject,
        encounter,
        occurrenceDateTime: desk.at,
        recorded: desk.at,
        primarySource: true,
        manufacturer: values.manufacturer ? { display: values.manufacturer } : undefined,
        lotNumber: values.lotNumber,
        expirationDate: values.expirationDate,
        performer: actor && [{ function: ADMINISTERED, actor }],
        note: annotations(desk, values.sig),
      }),
    );
    writeCharge(desk, vaccineCode, { reference: `Immunization/${id}` });
  },
);
