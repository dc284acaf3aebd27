// Assess, Diagnose, Resolve Condition, Past Medical History, Family History, Allergy, Remove Allergy.

import { ICD10CM, RXNORM, SNOMED } from '#kit/systems.ts';
import { DOCTOR, NOW, P1, TODAY, VISIT } from '../practice.ts';
import { type Case, coded, hl7, icd10, type RefusalCase, record, rxnorm } from './case.ts';

const DIABETES = icd10('E11.9', 'Type 2 diabetes mellitus without complications');
const TOMORROW = '2026-08-24';

export const CONDITIONS: readonly Case[] = [
  {
    command: 'assess',
    rule: 'is a completed impression of the condition, which is thereby assessed',
    fields: { condition: record('asthma'), background: 'Worse in spring', status: 'improved', narrative: 'Better' },
    writes: [
      {
        resourceType: 'ClinicalImpression',
        status: 'completed',
        subject: P1,
        encounter: VISIT,
        assessor: DOCTOR,
        effectiveDateTime: NOW,
        problem: [{ reference: 'Condition/asthma' }],
        description: 'Worse in spring',
        summary: 'Better',
        finding: [{ itemCodeableConcept: coded(SNOMED, '268910001') }],
      },
    ],
    events: ['CLINICAL_IMPRESSION_CREATED', 'CONDITION_ASSESSED'],
  },
  {
    command: 'diagnose',
    rule: 'puts an active, confirmed condition on the list',
    fields: { diagnose: DIABETES, background: 'Found by screening', approximateDateOfOnset: '2026-01-01' },
    writes: [
      {
        resourceType: 'Condition',
        clinicalStatus: hl7('condition-clinical', 'active'),
        verificationStatus: hl7('condition-ver-status', 'confirmed'),
        category: [hl7('condition-category', 'problem-list-item'), hl7('condition-category', 'encounter-diagnosis')],
        code: { ...coded(ICD10CM, 'E11.9'), text: DIABETES.text },
        subject: P1,
        encounter: VISIT,
        onsetDateTime: '2026-01-01',
        recordedDate: NOW,
        recorder: DOCTOR,
        note: [{ authorReference: DOCTOR, time: NOW, text: 'Found by screening' }],
      },
    ],
    events: ['CONDITION_CREATED'],
  },
  {
    command: 'diagnose',
    rule: 'with today’s assessment, assesses the condition it makes',
    fields: { diagnose: { value: 'E11.9', text: 'Diabetes' }, todayAssessment: 'New' },
    writes: [
      { resourceType: 'Condition', code: coded(ICD10CM, 'E11.9') },
      { resourceType: 'ClinicalImpression', summary: 'New' },
    ],
    events: ['CONDITION_CREATED', 'CLINICAL_IMPRESSION_CREATED', 'CONDITION_ASSESSED'],
  },
  {
    command: 'resolveCondition',
    rule: 'ends the condition today and keeps what was noted of it',
    fields: { condition: record('asthma'), rationale: 'No attack for years' },
    writes: [
      {
        resourceType: 'Condition',
        id: 'asthma',
        clinicalStatus: hl7('condition-clinical', 'resolved'),
        abatementDateTime: TODAY,
        note: [{ text: 'since childhood' }, { text: 'No attack for years' }],
      },
    ],
    events: ['CONDITION_UPDATED', 'CONDITION_RESOLVED'],
  },
  {
    command: 'resolveCondition',
    rule: 'ends the condition in the year that is known',
    fields: { condition: record('asthma'), approximateEndDate: '2019' },
    writes: [{ resourceType: 'Condition', id: 'asthma', abatementDateTime: '2019' }],
    events: ['CONDITION_UPDATED', 'CONDITION_RESOLVED'],
  },
  {
    command: 'pastMedicalHistory',
    rule: 'keeps a month and a year as exact as they are known, also where one is within the other',
    fields: {
      pastMedicalHistory: icd10('K35.80', 'Acute appendicitis'),
      approximateStartDate: '1999-05',
      approximateEndDate: '1999',
    },
    writes: [{ resourceType: 'Condition', onsetDateTime: '1999-05', abatementDateTime: '1999' }],
    events: ['CONDITION_CREATED'],
  },
  {
    command: 'allergy',
    rule: 'may have begun this month, and in the year of birth',
    fields: { allergy: rxnorm('7980', 'penicillin G'), approximateDate: '2026-08' },
    writes: [{ resourceType: 'AllergyIntolerance', onsetDateTime: '2026-08' }],
    events: ['ALLERGY_INTOLERANCE_CREATED'],
  },
  {
    command: 'diagnose',
    rule: 'may have begun in the year of birth',
    fields: { diagnose: DIABETES, approximateDateOfOnset: '1970' },
    writes: [{ resourceType: 'Condition', onsetDateTime: '1970' }],
    events: ['CONDITION_CREATED'],
  },
  {
    command: 'pastMedicalHistory',
    rule: 'is a resolved condition where its end is known',
    fields: {
      pastMedicalHistory: icd10('K35.80', 'Acute appendicitis'),
      approximateStartDate: '1999-05-01',
      approximateEndDate: '1999-05-20',
      showOnConditionList: true,
      comments: 'Appendectomy',
    },
    writes: [
      {
        resourceType: 'Condition',
        clinicalStatus: hl7('condition-clinical', 'resolved'),
        category: [coded(SNOMED, '417662000'), hl7('condition-category', 'problem-list-item')],
        onsetDateTime: '1999-05-01',
        abatementDateTime: '1999-05-20',
        note: [{ text: 'Appendectomy' }],
      },
    ],
    events: ['CONDITION_CREATED'],
  },
  {
    command: 'pastMedicalHistory',
    rule: 'is an inactive condition where nobody knows its end',
    fields: { pastMedicalHistory: icd10('B05.9', 'Measles') },
    writes: [
      {
        resourceType: 'Condition',
        clinicalStatus: hl7('condition-clinical', 'inactive'),
        category: [coded(SNOMED, '417662000')],
      },
    ],
    events: ['CONDITION_CREATED'],
  },
  {
    command: 'familyHistory',
    rule: 'is a condition of a relative',
    fields: { familyHistory: DIABETES, relative: 'MTH', note: 'From her fifties' },
    writes: [
      {
        resourceType: 'FamilyMemberHistory',
        status: 'completed',
        patient: P1,
        relationship: hl7('v3-RoleCode', 'MTH'),
        condition: [{ code: coded(ICD10CM, 'E11.9'), note: [{ text: 'From her fifties' }] }],
      },
    ],
    events: ['FAMILY_MEMBER_HISTORY_CREATED'],
  },
  {
    command: 'allergy',
    rule: 'of a drug is of the category medication',
    fields: {
      allergy: rxnorm('7980', 'penicillin G'),
      severity: 'severe',
      narrative: 'Hives',
      approximateDate: '2001-01-01',
    },
    writes: [
      {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: hl7('allergyintolerance-clinical', 'active'),
        verificationStatus: hl7('allergyintolerance-verification', 'confirmed'),
        category: ['medication'],
        code: coded(RXNORM, '7980'),
        patient: P1,
        encounter: VISIT,
        onsetDateTime: '2001-01-01',
        reaction: [{ manifestation: [{ text: 'Hives' }], severity: 'severe' }],
      },
    ],
    events: ['ALLERGY_INTOLERANCE_CREATED'],
  },
  {
    command: 'allergy',
    rule: 'in words has no code, and a severity alone says that the reaction is unknown',
    fields: { allergy: { value: 'blue pill', text: 'Blue pill' }, severity: 'mild' },
    writes: [
      {
        resourceType: 'AllergyIntolerance',
        code: { text: 'Blue pill' },
        reaction: [{ manifestation: [hl7('data-absent-reason', 'unknown')], severity: 'mild' }],
      },
    ],
    events: ['ALLERGY_INTOLERANCE_CREATED'],
  },
  {
    command: 'allergy',
    rule: 'of a food has its code and category, its reactions are coded and beside the words, and a risk is its criticality',
    fields: {
      allergy: { value: 'peanut', text: 'Peanut' },
      reactions: [
        { value: 'hives', text: 'Hives', coding: [{ system: SNOMED, code: '126485001', display: 'Urticaria' }] },
        { value: 'throat-tightness', text: 'Throat tightness' },
      ],
      narrative: 'Within minutes',
      severity: 'moderate',
      criticality: 'high',
    },
    writes: [
      {
        resourceType: 'AllergyIntolerance',
        category: ['food'],
        criticality: 'high',
        code: { ...coded(SNOMED, '762952008'), text: 'Peanut' },
        reaction: [
          {
            manifestation: [{ ...coded(SNOMED, '126485001'), text: 'Hives' }, { text: 'Throat tightness' }],
            description: 'Within minutes',
            severity: 'moderate',
          },
        ],
      },
    ],
    events: ['ALLERGY_INTOLERANCE_CREATED'],
  },
  {
    command: 'allergy',
    rule: 'that none is known of a kind is an assertion of that kind, without a reaction',
    fields: { allergy: { value: 'no-known-food-allergies', text: 'No known food allergies' } },
    writes: [
      {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: hl7('allergyintolerance-clinical', 'active'),
        verificationStatus: hl7('allergyintolerance-verification', 'confirmed'),
        category: ['food'],
        code: { ...coded(SNOMED, '429625007'), text: 'No known food allergies' },
      },
    ],
    events: ['ALLERGY_INTOLERANCE_CREATED'],
  },
  {
    command: 'removeAllergy',
    rule: 'makes the allergy inactive, with the reason',
    fields: { allergy: record('penicillin'), narrative: 'Tolerated amoxicillin' },
    writes: [
      {
        resourceType: 'AllergyIntolerance',
        id: 'penicillin',
        clinicalStatus: hl7('allergyintolerance-clinical', 'inactive'),
        note: [{ text: 'Tolerated amoxicillin' }],
      },
    ],
    events: ['ALLERGY_INTOLERANCE_UPDATED'],
  },
];

export const CONDITION_REFUSALS: readonly RefusalCase[] = [
  {
    command: 'assess',
    rule: 'a condition of another patient',
    fields: { condition: record('foreign') },
    at: 'condition',
    says: /another patient/,
  },
  {
    command: 'assess',
    rule: 'a condition that was entered in error',
    fields: { condition: record('mistake') },
    at: 'condition',
    says: /entered in error/,
  },
  {
    command: 'diagnose',
    rule: 'words without a code of ICD-10-CM',
    fields: { diagnose: { value: 'sugar', text: 'Sugar' } },
    at: 'diagnose',
    says: /ICD-10-CM/,
  },
  {
    command: 'diagnose',
    rule: 'an onset that is still to come',
    fields: { diagnose: DIABETES, approximateDateOfOnset: TOMORROW },
    at: 'approximateDateOfOnset',
    says: /in the future/,
  },
  {
    command: 'diagnose',
    rule: 'a month that is still to come',
    fields: { diagnose: DIABETES, approximateDateOfOnset: '2026-09' },
    at: 'approximateDateOfOnset',
    says: /This month is in the future/,
  },
  {
    command: 'diagnose',
    rule: 'a year before the patient was born',
    fields: { diagnose: DIABETES, approximateDateOfOnset: '1969' },
    at: 'approximateDateOfOnset',
    says: /This year is before the patient was born, 1970-05-01/,
  },
  {
    command: 'diagnose',
    rule: 'a day that no calendar has',
    fields: { diagnose: DIABETES, approximateDateOfOnset: '2025-02-29' },
    at: 'approximateDateOfOnset',
    says: /a day, a month or a year/,
  },
  {
    command: 'resolveCondition',
    rule: 'an end that is still to come',
    fields: { condition: record('asthma'), approximateEndDate: '2027' },
    at: 'approximateEndDate',
    says: /This year is in the future/,
  },
  {
    command: 'resolveCondition',
    rule: 'a condition that is resolved',
    fields: { condition: record('resolved') },
    at: 'condition',
    says: /already over/,
  },
  {
    command: 'pastMedicalHistory',
    rule: 'an end before the beginning',
    fields: { pastMedicalHistory: DIABETES, approximateStartDate: '2000-02-01', approximateEndDate: '2000-01-31' },
    at: 'approximateEndDate',
    says: /before the day it began/,
  },
  {
    command: 'pastMedicalHistory',
    rule: 'a month of the end before that of the beginning',
    fields: { pastMedicalHistory: DIABETES, approximateStartDate: '2000-02-01', approximateEndDate: '2000-01' },
    at: 'approximateEndDate',
    says: /This month is before the day it began/,
  },
  {
    command: 'familyHistory',
    rule: 'words without a code',
    fields: { familyHistory: { value: 'sugar', text: 'Sugar' }, relative: 'MTH' },
    at: 'familyHistory',
    says: /ICD-10-CM/,
  },
  {
    command: 'allergy',
    rule: 'a day that is still to come',
    fields: { allergy: rxnorm('7980', 'penicillin G'), approximateDate: TOMORROW },
    at: 'approximateDate',
    says: /in the future/,
  },
  {
    command: 'allergy',
    rule: 'that none is known where the chart has one',
    fields: { allergy: { value: 'no-known-allergies', text: 'No known allergies' } },
    at: 'allergy',
    says: /The chart has an allergy: Penicillin/,
  },
  {
    command: 'allergy',
    rule: 'that none is known with a reaction',
    fields: { allergy: { value: 'no-known-food-allergies', text: 'No known food allergies' }, severity: 'mild' },
    at: 'severity',
    says: /has no reaction/,
  },
  {
    command: 'removeAllergy',
    rule: 'an allergy that is inactive',
    fields: { allergy: record('outgrown') },
    at: 'allergy',
    says: /already over/,
  },
];
