// Lab Order: requests tests from a laboratory.

import type { CodeableConcept, ServiceRequest } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, text } from '#kit/schema.ts';
import { ICD10CM, LOINC, SNOMED } from '#kit/systems.ts';
import { concept, conceptOf } from './concepts.ts';
import { diagnosisCodes } from './diagnosis-codes.ts';
import { maybeNamed, namedRecord } from './named-record.ts';
import { laboratory } from './organizations.ts';
import { practitioner } from './staff.ts';
import { annotations, visitOf } from './visit.ts';

const LABORATORY = concept(SNOMED, '108252007', 'Laboratory procedure');

/** One order is one record and one event, for any number of tests. Each test is a coding, so that a search by code finds it. */
function testsOf(options: readonly Option[]): CodeableConcept {
  const tests = options.map((option) => conceptOf(option, LOINC));
  return filled({ coding: tests.flatMap(({ coding = [] }) => coding), text: tests.map(({ text }) => text).join('; ') });
}

export const LabOrder = defineCommand(
  {
    key: 'labOrder',
    prefix: 'LAB_ORDER',
    label: 'Lab Order',
    paper: 'Laboratory order',
    summary: 'Tests are asked of a laboratory.',
    review: true,
    actions: ['review', 'make-changes', 'sign', 'send'],
    fields: {
      labPartner: { label: 'Laboratory', ...laboratory },
      testsOrderCodes: {
        label: 'Tests',
        schema: Type.Array(Option, { minItems: 1, maxItems: 50 }),
        needed: true,
        search: { from: 'terms', systems: [LOINC], prefer: 'laboratory' },
      },
      diagnosisCodes: diagnosisCodes(12),
      orderingProvider: { label: 'Ordered by', ...practitioner, needed: true, initial: 'author' },
      fastingRequired: { label: 'Fasting', schema: Type.Boolean() },
      comment: { label: 'Comment', schema: text(128) },
    },
  },
  async (values, desk) => {
    const { subject, encounter } = visitOf(desk);
    const partner = await maybeNamed(desk, 'labPartner', values.labPartner, ['Organization']);
    desk.draft.create(
      filled<ServiceRequest>({
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        category: [LABORATORY],
        code: testsOf(values.testsOrderCodes),
        subject,
        encounter,
        authoredOn: desk.at,
        requester: await namedRecord(desk, 'orderingProvider', values.orderingProvider, ['Practitioner']),
        performer: partner && [partner],
        reasonCode: values.diagnosisCodes?.map((option) => conceptOf(option, ICD10CM)),
        note: annotations(desk, values.comment),
        patientInstruction: values.fastingRequired ? 'Come fasting.' : undefined,
      }),
    );
  },
);
