// Reason for Visit, History of Present Illness, Plan, Questionnaire, Vitals.

import type { Questionnaire } from '@medplum/fhirtypes';
import { ICD10CM, LOINC, OBSERVATION_CATEGORY, SNOMED, UCUM } from '#kit/systems.ts';
import { DOCTOR, NOW, P1, VISIT } from '../practice.ts';
import { type Case, coded, icd10, type RefusalCase, record } from './case.ts';

const NOT_AT_ALL = { system: LOINC, code: 'LA6568-5', display: 'Not at all' };
const NEARLY_EVERY_DAY = { system: LOINC, code: 'LA6571-9', display: 'Nearly every day' };

export const SURVEY: Questionnaire & { id: string } = {
  resourceType: 'Questionnaire',
  id: 'survey',
  url: 'https://example.org/survey',
  version: '2',
  title: 'Survey',
  status: 'active',
  code: [{ system: LOINC, code: '55757-9' }],
  item: [
    {
      linkId: 'mood',
      text: 'Feeling down',
      type: 'choice',
      required: true,
      answerOption: [{ valueCoding: NOT_AT_ALL }, { valueCoding: NEARLY_EVERY_DAY }],
    },
    {
      linkId: 'since',
      text: 'Since',
      type: 'date',
      enableWhen: [{ question: 'mood', operator: '=', answerCoding: NEARLY_EVERY_DAY }],
    },
    {
      linkId: 'habits',
      type: 'group',
      text: 'Habits',
      item: [
        { linkId: 'cups', text: 'Cups a day', type: 'integer' },
        {
          linkId: 'sleeps',
          text: 'Sleeps badly',
          type: 'boolean',
          enableWhen: [{ question: 'cups', operator: '>', answerInteger: 3 }],
        },
        {
          linkId: 'drinks',
          text: 'Drinks',
          type: 'open-choice',
          repeats: true,
          answerOption: [{ valueString: 'tea' }],
        },
        { linkId: 'words', text: 'More', type: 'string', maxLength: 5 },
      ],
    },
  ],
};

const vital = (loinc: string) => ({
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ code: 'vital-signs' }] }],
  code: coded(LOINC, loinc),
  subject: P1,
  encounter: VISIT,
  effectiveDateTime: NOW,
  performer: [DOCTOR],
});
const quantity = (value: number, code: string) => ({ value, system: UCUM, code });

export const VISITS: readonly Case[] = [
  {
    command: 'reasonForVisit',
    rule: 'is a reason of the visit, by code and in words',
    fields: { coding: icd10('R05.9', 'Cough, unspecified'), comment: 'Cough for a week' },
    writes: [
      {
        resourceType: 'Encounter',
        id: 'e1',
        reasonCode: [{ ...coded(ICD10CM, 'R05.9'), text: 'Cough for a week' }],
      },
    ],
    events: ['ENCOUNTER_UPDATED'],
  },
  {
    command: 'reasonForVisit',
    rule: 'may be in words alone',
    fields: { comment: 'Cough' },
    writes: [{ resourceType: 'Encounter', reasonCode: [{ text: 'Cough' }] }],
    events: ['ENCOUNTER_UPDATED'],
  },
  {
    command: 'hpi',
    rule: 'is read in its note: no record',
    fields: { narrative: 'It began on Monday' },
    writes: [],
    events: [],
  },
  { command: 'plan', rule: 'is read in its note: no record', fields: { narrative: 'Rest' }, writes: [], events: [] },
  {
    command: 'questionnaire',
    rule: 'keeps each answer in the type of its question, nested as the questions are',
    fields: {
      questionnaire: record('survey'),
      answers: { mood: 'LA6571-9', since: '2026-08-01', cups: 4, sleeps: true, drinks: 'mate', words: 'fine' },
    },
    writes: [
      {
        resourceType: 'QuestionnaireResponse',
        questionnaire: 'https://example.org/survey|2',
        status: 'completed',
        subject: P1,
        encounter: VISIT,
        authored: NOW,
        author: DOCTOR,
        item: [
          { linkId: 'mood', text: 'Feeling down', answer: [{ valueCoding: NEARLY_EVERY_DAY }] },
          { linkId: 'since', answer: [{ valueDate: '2026-08-01' }] },
          {
            linkId: 'habits',
            item: [
              { linkId: 'cups', answer: [{ valueInteger: 4 }] },
              { linkId: 'sleeps', answer: [{ valueBoolean: true }] },
              { linkId: 'drinks', answer: [{ valueString: 'mate' }] },
              { linkId: 'words', answer: [{ valueString: 'fine' }] },
            ],
          },
        ],
      },
    ],
    events: ['INTERVIEW_CREATED'],
  },
  {
    command: 'questionnaire',
    rule: 'with a result is an observation beside its answers',
    fields: {
      questionnaire: record('survey'),
      answers: { mood: { system: LOINC, code: 'LA6568-5' } },
      result: 'No depression',
    },
    writes: [
      { resourceType: 'QuestionnaireResponse', item: [{ linkId: 'mood', answer: [{ valueCoding: NOT_AT_ALL }] }] },
      { resourceType: 'Observation', code: coded(LOINC, '55757-9'), valueString: 'No depression' },
    ],
    events: ['INTERVIEW_CREATED', 'OBSERVATION_CREATED'],
  },
  {
    command: 'questionnaire',
    rule: 'of social history has an observation of it for each coded answer',
    fields: {
      questionnaire: record('audit-c'),
      answers: { '68518-0': 'LA18928-4', '68519-8': 'LA15695-2' },
    },
    writes: [
      {
        resourceType: 'QuestionnaireResponse',
        questionnaire: 'https://chartwire.org/fhir/Questionnaire/audit-c|1',
        item: [{ linkId: '68518-0' }, { linkId: '68519-8' }],
      },
      {
        resourceType: 'Observation',
        category: [coded(OBSERVATION_CATEGORY, 'social-history')],
        code: coded(LOINC, '68518-0'),
        subject: P1,
        encounter: VISIT,
        valueCodeableConcept: coded(LOINC, 'LA18928-4'),
      },
      { resourceType: 'Observation', code: coded(LOINC, '68519-8'), valueCodeableConcept: coded(LOINC, 'LA15695-2') },
    ],
    events: ['INTERVIEW_CREATED', 'OBSERVATION_CREATED', 'OBSERVATION_CREATED'],
  },
  {
    command: 'vitals',
    rule: 'are one reading each in metric units, the body mass index that follows, and one panel',
    fields: {
      height: 70,
      weightLbs: 180,
      weightOz: 8,
      waistCircumference: 35,
      bodyTemperature: 98.6,
      bodyTemperatureSite: 'oral',
      bloodPressureSystole: 120,
      bloodPressureDiastole: 80,
      bloodPressurePositionAndSite: 'sitting-left-arm',
      pulse: 72,
      pulseRhythm: 'irregularly-irregular',
      respirationRate: 16,
      oxygenSaturation: 97,
      supplementalOxygen: 'LA9633-4',
      note: 'After rest',
    },
    writes: [
      {
        ...vital('8302-2'),
        extension: [{ valueQuantity: quantity(70, '[in_i]') }],
        valueQuantity: quantity(177.8, 'cm'),
      },
      {
        ...vital('29463-7'),
        extension: [{ valueQuantity: quantity(180, '[lb_av]') }, { valueQuantity: quantity(8, '[oz_av]') }],
        valueQuantity: quantity(81.87, 'kg'),
      },
      { ...vital('8280-0'), valueQuantity: quantity(88.9, 'cm') },
      {
        ...vital('8310-5'),
        code: {
          coding: [
            { system: LOINC, code: '8310-5' },
            { system: LOINC, code: '8331-1' },
          ],
        },
        valueQuantity: quantity(37, 'Cel'),
      },
      {
        ...vital('85354-9'),
        extension: [{ valueCodeableConcept: coded(SNOMED, '33586001') }],
        bodySite: coded(SNOMED, '80768000'),
        component: [
          { code: coded(LOINC, '8480-6'), valueQuantity: quantity(120, 'mm[Hg]') },
          { code: coded(LOINC, '8462-4'), valueQuantity: quantity(80, 'mm[Hg]') },
        ],
      },
      {
        ...vital('8867-4'),
        valueQuantity: quantity(72, '/min'),
        component: [{ code: coded(LOINC, '8884-9'), valueCodeableConcept: { text: 'irregularly irregular' } }],
      },
      { ...vital('9279-1'), valueQuantity: quantity(16, '/min') },
      {
        ...vital('2708-6'),
        valueQuantity: quantity(97, '%'),
        component: [{ valueCodeableConcept: coded(LOINC, 'LA9633-4') }],
      },
      { ...vital('39156-5'), valueQuantity: quantity(25.9, 'kg/m2') },
      { ...vital('85353-1'), note: [{ text: 'After rest' }] },
    ],
    events: [...Array.from({ length: 9 }, () => 'VITAL_SIGN_CREATED'), 'OBSERVATION_CREATED'],
  },
  {
    command: 'vitals',
    rule: 'say of a pressure that was not heard that it is unknown',
    fields: { bloodPressureSystole: 90 },
    writes: [
      {
        ...vital('85354-9'),
        component: [{ valueQuantity: quantity(90, 'mm[Hg]') }, { dataAbsentReason: { coding: [{ code: 'unknown' }] } }],
      },
      vital('85353-1'),
    ],
    events: ['VITAL_SIGN_CREATED', 'OBSERVATION_CREATED'],
  },
];

const asked = (answers: object) => ({ questionnaire: record('survey'), answers });

export const VISIT_REFUSALS: readonly RefusalCase[] = [
  {
    command: 'hpi',
    rule: 'an empty narrative',
    fields: { narrative: '  ' },
    at: 'narrative',
    says: /must not be blank/,
  },
  { command: 'plan', rule: 'no narrative', fields: {}, at: 'narrative', says: /needed/ },
  { command: 'reasonForVisit', rule: 'no reason', fields: {}, at: 'coding', says: /needed/ },
  {
    command: 'questionnaire',
    rule: 'a question that is not asked',
    fields: asked({ mood: 'LA6568-5', age: 3 }),
    at: 'answers',
    says: /linkId age/,
  },
  {
    command: 'questionnaire',
    rule: 'an answer that is none of the options',
    fields: asked({ mood: 'LA0000-0' }),
    at: 'answers',
    says: /mood takes one of its options/,
  },
  {
    command: 'questionnaire',
    rule: 'an answer of another type',
    fields: asked({ mood: 'LA6568-5', cups: 1.5 }),
    at: 'answers',
    says: /cups takes a whole number/,
  },
  {
    command: 'questionnaire',
    rule: 'how much somebody drinks who never does',
    fields: { questionnaire: record('audit-c'), answers: { '68518-0': 'LA6270-8', '68519-8': 'LA15694-5' } },
    at: 'answers',
    says: /68519-8 is not asked/,
  },
  {
    command: 'questionnaire',
    rule: 'text that is too long for its question',
    fields: asked({ mood: 'LA6568-5', words: 'too long' }),
    at: 'answers',
    says: /words takes text/,
  },
  {
    command: 'questionnaire',
    rule: 'several answers where one is asked for',
    fields: asked({ mood: [NOT_AT_ALL, NEARLY_EVERY_DAY] }),
    at: 'answers',
    says: /mood takes one answer/,
  },
  {
    command: 'questionnaire',
    rule: 'a day that the calendar does not have',
    fields: asked({ mood: 'LA6571-9', since: '2026-02-30' }),
    at: 'answers',
    says: /since takes a date, as/,
  },
  {
    command: 'questionnaire',
    rule: 'an answer that the other answers rule out',
    fields: asked({ mood: 'LA6568-5', since: '2026-08-01' }),
    at: 'answers',
    says: /since is not asked/,
  },
  {
    command: 'questionnaire',
    rule: 'a comparison that does not hold',
    fields: asked({ mood: 'LA6568-5', cups: 3, sleeps: true }),
    at: 'answers',
    says: /sleeps is not asked/,
  },
  {
    command: 'questionnaire',
    rule: 'a missing answer that is required',
    fields: asked({ cups: 1 }),
    at: 'answers',
    says: /mood must be answered/,
  },
  { command: 'vitals', rule: 'no reading', fields: { note: 'Refused' }, at: 'note', says: /at least one reading/ },
  {
    command: 'vitals',
    rule: 'a diastolic pressure above the systolic',
    fields: { bloodPressureSystole: 80, bloodPressureDiastole: 120 },
    at: 'bloodPressureDiastole',
    says: /lower than the systolic/,
  },
  {
    command: 'vitals',
    rule: 'ounces without pounds',
    fields: { weightOz: 3, pulse: 70 },
    at: 'weightOz',
    says: /weightLbs/,
  },
  { command: 'vitals', rule: 'a reading out of range', fields: { pulse: 300 }, at: 'pulse', says: /250/ },
];
