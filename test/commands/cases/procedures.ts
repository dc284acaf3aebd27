// Perform, Immunize, Immunization Statement.

import { CPT, CVX, HCPCS } from '#kit/systems.ts';
import { DOCTOR, NOW, P1, VISIT } from '../practice.ts';
import { type Case, coded, cvx, hcpcs, hl7, type RefusalCase, record } from './case.ts';

const FLU = cvx('150', 'influenza, injectable, quadrivalent, preservative free');
const SHOT = { immunization: FLU, lotNumber: 'A1234', consentGiven: true };

export const PROCEDURES: readonly Case[] = [
  {
    command: 'perform',
    rule: 'is a procedure and its billing line',
    fields: { perform: hcpcs('G0444', 'Annual depression screening'), notes: 'Negative' },
    writes: [
      {
        resourceType: 'Procedure',
        status: 'completed',
        code: coded(HCPCS, 'G0444'),
        subject: P1,
        encounter: VISIT,
        performedDateTime: NOW,
        performer: [{ actor: DOCTOR }],
        note: [{ text: 'Negative' }],
      },
      {
        resourceType: 'ChargeItem',
        status: 'billable',
        code: coded(HCPCS, 'G0444'),
        subject: P1,
        context: VISIT,
        quantity: { value: 1 },
      },
    ],
    events: ['PROCEDURE_CREATED', 'BILLING_LINE_ITEM_CREATED'],
  },
  {
    command: 'perform',
    rule: 'takes a code that is named alone for CPT, where it looks like one',
    fields: { perform: { value: '10060', text: 'Incision and drainage' } },
    writes: [
      { resourceType: 'Procedure', code: coded(CPT, '10060') },
      { resourceType: 'ChargeItem', code: coded(CPT, '10060') },
    ],
    events: ['PROCEDURE_CREATED', 'BILLING_LINE_ITEM_CREATED'],
  },
  {
    command: 'immunize',
    rule: 'is an immunization told by who gave it',
    fields: {
      ...SHOT,
      manufacturer: 'Sanofi',
      expirationDate: '2027-06-30',
      sig: '0.5 mL left deltoid',
      givenBy: record('d2'),
    },
    writes: [
      {
        resourceType: 'Immunization',
        status: 'completed',
        primarySource: true,
        vaccineCode: coded(CVX, '150'),
        patient: P1,
        encounter: VISIT,
        occurrenceDateTime: NOW,
        lotNumber: 'A1234',
        manufacturer: { display: 'Sanofi' },
        expirationDate: '2027-06-30',
        performer: [{ function: hl7('v2-0443', 'AP'), actor: { reference: 'Practitioner/d2' } }],
        note: [{ text: '0.5 mL left deltoid' }],
      },
    ],
    events: ['IMMUNIZATION_CREATED'],
  },
  {
    command: 'immunize',
    rule: 'is billed where the vaccine has a billing code',
    fields: { ...SHOT, immunization: { ...FLU, coding: [...FLU.coding, { system: CPT, code: '90686' }] } },
    writes: [{ resourceType: 'Immunization' }, { resourceType: 'ChargeItem', code: coded(CPT, '90686') }],
    events: ['IMMUNIZATION_CREATED', 'BILLING_LINE_ITEM_CREATED'],
  },
  {
    command: 'immunizationStatement',
    rule: 'is an immunization that somebody tells of',
    fields: { immunization: FLU, approximateDate: '2025-10-01', comment: 'At work' },
    writes: [
      {
        resourceType: 'Immunization',
        status: 'completed',
        primarySource: false,
        occurrenceDateTime: '2025-10-01',
        reportOrigin: hl7('immunization-origin', 'recall'),
        note: [{ text: 'At work' }],
      },
    ],
    events: ['IMMUNIZATION_STATEMENT_CREATED'],
  },
  {
    command: 'immunizationStatement',
    rule: 'is of the year that somebody remembers',
    fields: { immunization: FLU, approximateDate: '1998' },
    writes: [{ resourceType: 'Immunization', occurrenceDateTime: '1998' }],
    events: ['IMMUNIZATION_STATEMENT_CREATED'],
  },
  {
    command: 'immunize',
    rule: 'takes a vaccine that is good until the end of this month',
    fields: { ...SHOT, expirationDate: '2026-08' },
    writes: [{ resourceType: 'Immunization', expirationDate: '2026-08' }],
    events: ['IMMUNIZATION_CREATED'],
  },
  {
    command: 'immunizationStatement',
    rule: 'says why a vaccine was not given, on a day that nobody knows',
    fields: { immunization: FLU, reasonNotGiven: 'PATOBJ' },
    writes: [
      {
        resourceType: 'Immunization',
        status: 'not-done',
        statusReason: hl7('v3-ActReason', 'PATOBJ'),
        occurrenceString: 'unknown',
      },
    ],
    events: ['IMMUNIZATION_STATEMENT_CREATED'],
  },
];

export const PROCEDURE_REFUSALS: readonly RefusalCase[] = [
  {
    command: 'perform',
    rule: 'a procedure that cannot be billed',
    fields: { perform: { value: 'massage', text: 'Massage' } },
    at: 'perform',
    says: /HCPCS or CPT/,
  },
  {
    command: 'immunize',
    rule: 'a vaccine without consent',
    fields: { ...SHOT, consentGiven: false },
    at: 'consentGiven',
    says: /consent/,
  },
  {
    command: 'immunize',
    rule: 'a vaccine that has expired',
    fields: { ...SHOT, expirationDate: '2026-08-22' },
    at: 'expirationDate',
    says: /expired/,
  },
  {
    command: 'immunize',
    rule: 'a vaccine that expired with last month',
    fields: { ...SHOT, expirationDate: '2026-07' },
    at: 'expirationDate',
    says: /expired/,
  },
  {
    command: 'immunizationStatement',
    rule: 'a day that is still to come',
    fields: { immunization: FLU, approximateDate: '2026-09-01' },
    at: 'approximateDate',
    says: /in the future/,
  },
];
