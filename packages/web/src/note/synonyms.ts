// What people call the commands besides their labels.

import type { CommandKey } from '@chartwire/sdk/internal/commands/index';
import { tableOf } from '../table-of.ts';

export const SYNONYMS: Readonly<Record<string, readonly string[]>> = tableOf({
  allergy: ['allergic', 'intolerance', 'reaction'],
  assess: ['assessment', 'a&p', 'problem', 'follow up'],
  closeGoal: ['goal done', 'goal achieved'],
  diagnose: ['dx', 'diagnosis', 'new problem', 'icd'],
  familyHistory: ['fhx', 'fh', 'mother', 'father'],
  goal: ['target', 'aim'],
  hpi: ['history', 'subjective', 'story'],
  imagingOrder: ['xray', 'x-ray', 'ct', 'mri', 'ultrasound', 'radiology', 'scan'],
  immunizationStatement: ['vaccine history', 'shot elsewhere'],
  immunize: ['vaccine', 'vaccination', 'shot', 'imm'],
  instruct: ['instructions', 'patient education', 'advice'],
  labOrder: ['labs', 'blood', 'test', 'cbc', 'a1c'],
  medicationStatement: ['med', 'meds', 'home medication', 'takes'],
  pastMedicalHistory: ['pmh', 'pmhx', 'had before'],
  perform: ['procedure', 'cpt', 'done here'],
  plan: ['follow-up', 'fu', 'a&p'],
  prescribe: ['rx', 'med', 'drug', 'medication', 'script', 'refill'],
  questionnaire: ['phq', 'gad', 'screening', 'survey', 'form', 'score'],
  reasonForVisit: ['rfv', 'cc', 'chief complaint'],
  refer: ['referral', 'consult', 'specialist'],
  removeAllergy: ['delete allergy', 'no longer allergic'],
  resolveCondition: ['resolved', 'close problem', 'problem over'],
  stopMedication: ['dc', 'discontinue', 'stop med'],
  task: ['todo', 'to do', 'reminder', 'assign'],
  updateGoal: ['goal progress'],
  vitals: ['vs', 'bp', 'blood pressure', 'weight', 'temp', 'pulse'],
} satisfies Partial<Record<CommandKey, readonly string[]>>);
