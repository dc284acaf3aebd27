// Answered questionnaires.

import { defineRecord } from '#kit/record-kind.ts';

export const Interview = defineRecord({
  prefix: 'INTERVIEW',
  resource: 'QuestionnaireResponse',
  label: 'Interview',
  summary: 'The answers to a questionnaire, by linkId.',
});
