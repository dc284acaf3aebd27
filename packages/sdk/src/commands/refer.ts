// Refer: sends the patient to a specialist.

import type { ServiceRequest } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { choice, Option, text } from '#kit/schema.ts';
import { ICD10CM, SNOMED } from '#kit/systems.ts';
import { PARTY_KINDS } from '#records/parties.ts';
import { concept, conceptOf } from './concepts.ts';
import { diagnosisCodes } from './diagnosis-codes.ts';
import { namedRecord } from './named-record.ts';
import { annotations, visitOf } from './visit.ts';

const REFERRAL = concept(SNOMED, '3457005', 'Patient referral');
const PROVIDERS = ['Practitioner', 'Organization', 'HealthcareService', 'PractitionerRole'] as const;
/** What is asked of the specialist. */
const QUESTIONS = {
  'cognitive-assistance': 'Cognitive assistance',
  'assistance-with-ongoing-management': 'Assistance with ongoing management',
  'specialized-intervention': 'Specialized intervention',
  'diagnostic-uncertainty': 'Diagnostic uncertainty',
} as const;

export const Refer = defineCommand(
  {
    key: 'refer',
    prefix: 'REFER',
    label: 'Refer',
    paper: 'Referral',
    summary: 'The patient is sent to a specialist.',
    review: true,
    actions: ['review', 'make-changes', 'sign', 'delegate'],
    fields: {
      serviceProvider: {
        label: 'Refer to',
        schema: Option,
        needed: true,
        search: {
          from: 'records',
          // Records that describe a role come first.
          types: ['PractitionerRole', 'HealthcareService', 'Organization', 'Practitioner'],
          filters: { Organization: PARTY_KINDS.practice.filter },
          adds: ['specialist', 'service', 'practice'],
        },
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
  },
  // `internalComment` stays on the command, since the specialist reads the request.
  async (values, desk) => {
    const { subject, encounter, author } = visitOf(desk);
    desk.draft.create(
      filled<ServiceRequest>({
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        category: [REFERRAL],
        priority: values.priority,
        code: REFERRAL,
        orderDetail: [{ text: QUESTIONS[values.clinicalQuestion] }],
        subject,
        encounter,
        authoredOn: desk.at,
        requester: author,
        performer: [await namedRecord(desk, 'serviceProvider', values.serviceProvider, PROVIDERS)],
        reasonCode: values.diagnosisCodes.map((option) => conceptOf(option, ICD10CM)),
        supportingInfo: values.includeVisitNote && encounter ? [encounter] : [],
        note: annotations(desk, values.notesToSpecialist),
      }),
    );
  },
);
