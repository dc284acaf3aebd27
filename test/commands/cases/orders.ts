// Lab Order, Imaging Order, Refer, Task, Instruct.

import { ICD10CM, LOINC, SNOMED, TASK_LABEL } from '#kit/systems.ts';
import { DOCTOR, NOW, P1, VISIT } from '../practice.ts';
import { type Case, coded, hl7, icd10, loinc, type RefusalCase, record } from './case.ts';

const HYPERTENSION = icd10('I10', 'Essential (primary) hypertension');
const UNEXPLAINED = {
  imaging: loinc('36643-5', 'XR Chest 2 Views'),
  priority: 'urgent',
  orderingProvider: record('d1'),
};
const IMAGING = { ...UNEXPLAINED, diagnosisCodes: [icd10('R05.9', 'Cough, unspecified')] };
const REFERRAL = {
  serviceProvider: record('cardiology'),
  diagnosisCodes: [HYPERTENSION],
  clinicalQuestion: 'diagnostic-uncertainty',
  priority: 'stat',
};

export const ORDERS: readonly Case[] = [
  {
    command: 'labOrder',
    rule: 'is one request, found by the code of each of its tests',
    fields: {
      labPartner: record('lab'),
      testsOrderCodes: [loinc('4548-4', 'Hemoglobin A1c'), loinc('24331-1', 'Lipid panel')],
      diagnosisCodes: [HYPERTENSION],
      orderingProvider: record('d1'),
      fastingRequired: true,
      comment: 'Before nine',
    },
    writes: [
      {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        category: [coded(SNOMED, '108252007')],
        code: {
          coding: [
            { system: LOINC, code: '4548-4' },
            { system: LOINC, code: '24331-1' },
          ],
          text: 'Hemoglobin A1c; Lipid panel',
        },
        subject: P1,
        encounter: VISIT,
        authoredOn: NOW,
        requester: DOCTOR,
        performer: [{ reference: 'Organization/lab' }],
        reasonCode: [coded(ICD10CM, 'I10')],
        note: [{ text: 'Before nine' }],
        patientInstruction: 'Come fasting.',
      },
    ],
    events: ['LAB_ORDER_CREATED'],
  },
  {
    command: 'imagingOrder',
    rule: 'is a request that does not tell the center what is internal',
    fields: { ...IMAGING, noteToRadiologist: 'Rule out pneumonia', internalComment: 'Call her' },
    writes: [
      {
        resourceType: 'ServiceRequest',
        category: [coded(SNOMED, '363679005')],
        priority: 'urgent',
        code: coded(LOINC, '36643-5'),
        requester: DOCTOR,
        reasonCode: [coded(ICD10CM, 'R05.9')],
        note: [{ text: 'Rule out pneumonia' }],
      },
    ],
    events: ['SERVICE_REQUEST_CREATED'],
  },
  {
    command: 'refer',
    rule: 'is a request to whoever was picked, with the visit where it is to be included',
    fields: { ...REFERRAL, notesToSpecialist: 'Please advise', includeVisitNote: true },
    writes: [
      {
        resourceType: 'ServiceRequest',
        category: [coded(SNOMED, '3457005')],
        priority: 'stat',
        orderDetail: [{ text: 'Diagnostic uncertainty' }],
        requester: DOCTOR,
        performer: [{ reference: 'HealthcareService/cardiology' }],
        reasonCode: [coded(ICD10CM, 'I10')],
        supportingInfo: [VISIT],
        note: [{ text: 'Please advise' }],
      },
    ],
    events: ['SERVICE_REQUEST_CREATED'],
  },
  {
    command: 'task',
    rule: 'is a task as effects write them, with its comment and labels told',
    fields: {
      title: 'Call the patient',
      assignTo: record('nurses'),
      dueDate: '2026-09-01',
      priority: 'urgent',
      comment: 'After six',
      labels: ['phone'],
      linkedItems: ['Condition/asthma', 'Goal/walk'],
    },
    writes: [
      {
        resourceType: 'Task',
        meta: { tag: [{ system: TASK_LABEL, code: 'phone' }] },
        status: 'requested',
        intent: 'order',
        priority: 'urgent',
        description: 'Call the patient',
        focus: { reference: 'Condition/asthma' },
        for: P1,
        encounter: VISIT,
        authoredOn: NOW,
        requester: DOCTOR,
        owner: { reference: 'CareTeam/nurses' },
        restriction: { period: { end: '2026-09-01' } },
        note: [{ authorReference: DOCTOR, text: 'After six' }],
        input: [{ valueReference: { reference: 'Goal/walk' } }],
      },
    ],
    events: ['TASK_CREATED', 'TASK_COMMENT_CREATED', 'TASK_LABELS_ADJUSTED'],
  },
  {
    command: 'task',
    rule: 'may name its owner with the type',
    fields: { title: 'Call', assignTo: record('Practitioner/d2') },
    writes: [{ resourceType: 'Task', owner: { reference: 'Practitioner/d2' } }],
    events: ['TASK_CREATED'],
  },
  {
    command: 'instruct',
    rule: 'is an instruction to the patient, by code and in words',
    fields: {
      coding: { value: '304549008', text: 'Giving encouragement to exercise' },
      narrative: 'Walk half an hour a day',
    },
    writes: [
      {
        resourceType: 'CommunicationRequest',
        status: 'active',
        category: [hl7('communication-category', 'instruction'), coded(SNOMED, '304549008')],
        subject: P1,
        encounter: VISIT,
        recipient: [P1],
        requester: DOCTOR,
        payload: [{ contentString: 'Giving encouragement to exercise' }, { contentString: 'Walk half an hour a day' }],
      },
    ],
    events: ['INSTRUCTION_CREATED'],
  },
];

export const ORDER_REFUSALS: readonly RefusalCase[] = [
  {
    command: 'labOrder',
    rule: 'an order without tests',
    fields: { testsOrderCodes: [], orderingProvider: record('d1') },
    at: 'testsOrderCodes',
    says: /1 items/,
  },
  {
    command: 'labOrder',
    rule: 'a laboratory that does not exist',
    fields: {
      labPartner: record('nowhere'),
      testsOrderCodes: [loinc('4548-4', 'Hemoglobin A1c')],
      orderingProvider: record('d1'),
    },
    at: 'labPartner',
    says: /does not exist/,
  },
  {
    command: 'imagingOrder',
    rule: 'an order without a diagnosis',
    fields: UNEXPLAINED,
    at: 'diagnosisCodes',
    says: /needed/,
  },
  {
    command: 'refer',
    rule: 'a provider of a type that cannot be referred to',
    fields: { ...REFERRAL, serviceProvider: record('Patient/p2') },
    at: 'serviceProvider',
    says: /Practitioner or Organization/,
  },
  {
    command: 'task',
    rule: 'a linked record of another patient',
    fields: { title: 'Call', assignTo: record('unassigned'), linkedItems: ['Condition/foreign'] },
    at: 'linkedItems',
    says: /another patient/,
  },
  {
    command: 'task',
    rule: 'a link to what is no record',
    fields: { title: 'Call', assignTo: record('unassigned'), linkedItems: ['Wish/1'] },
    at: 'linkedItems',
    says: /not a FHIR R4 resource type/,
  },
  { command: 'instruct', rule: 'an instruction that says nothing', fields: {}, at: 'coding', says: /needed/ },
];
