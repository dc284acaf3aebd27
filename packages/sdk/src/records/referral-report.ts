// Reports of specialists a patient was referred to.

import { defineRecord } from '#kit/record-kind.ts';
import { LOINC } from '#kit/systems.ts';
import { hasCoding } from './codings.ts';

/** LOINC: Consult note. */
const CONSULT_NOTE: ReadonlySet<string> = new Set(['11488-4']);

export const ReferralReport = defineRecord({
  prefix: 'REFERRAL_REPORT',
  resource: 'DocumentReference',
  label: 'Referral report',
  summary: 'What a specialist wrote about the patient.',
  where: 'type is LOINC 11488-4, consult note',
  is: ({ type }) => hasCoding(type, LOINC, CONSULT_NOTE),
});
