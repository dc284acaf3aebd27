// AUDIT-C: alcohol use. Its answers are part of the social history. https://loinc.org/72109-2, answer lists LL2179-1, LL2180-9,
// LL2181-7

import {
  LOINC,
  OBSERVATION_CATEGORY,
  OBSERVATION_EXTRACT,
  OBSERVATION_EXTRACT_CATEGORY,
} from '@chartwire/sdk/internal/kit/systems';
import { instrument, question, scale } from './instrument.ts';

const NEVER = { code: 'LA6270-8', display: 'Never' };
const DRINKS = '68518-0';

/** Patients who never drink aren't asked how much. */
const ifDrinking = {
  enableWhen: [
    { question: DRINKS, operator: 'exists' as const, answerBoolean: true },
    { question: DRINKS, operator: '!=' as const, answerCoding: { system: LOINC, ...NEVER } },
  ],
  enableBehavior: 'all' as const,
};

export const AUDIT_C = instrument({
  id: 'audit-c',
  title: 'AUDIT-C: alcohol, three questions',
  codes: { '72109-2': 'Alcohol Use Disorder Identification Test - Consumption [AUDIT-C]' },
  copyright: 'The AUDIT was developed by the World Health Organization.',
  extension: [
    { url: OBSERVATION_EXTRACT, valueBoolean: true },
    {
      url: OBSERVATION_EXTRACT_CATEGORY,
      valueCodeableConcept: { coding: [{ system: OBSERVATION_CATEGORY, code: 'social-history' }] },
    },
  ],
  questions: [
    question(
      DRINKS,
      'How often do you have a drink containing alcohol',
      'How often do you have a drink containing alcohol?',
      scale({
        [NEVER.code]: NEVER.display,
        'LA18926-8': 'Monthly or less',
        'LA18927-6': '2-4 times a month',
        'LA18928-4': '2-3 times a week',
        'LA18929-2': '4 or more times a week',
      }),
    ),
    {
      ...question(
        '68519-8',
        'How many standard drinks containing alcohol do you have on a typical day',
        'How many standard drinks containing alcohol do you have on a typical day?',
        scale({
          'LA15694-5': '1 or 2',
          'LA15695-2': '3 or 4',
          'LA18930-0': '5 or 6',
          'LA18931-8': '7 to 9',
          'LA18932-6': '10 or more',
        }),
      ),
      ...ifDrinking,
    },
    {
      ...question(
        '68520-6',
        'How often do you have 6 or more drinks on 1 occasion',
        'How often do you have six or more drinks on one occasion?',
        scale({
          [NEVER.code]: NEVER.display,
          'LA18933-4': 'Less than monthly',
          'LA18876-5': 'Monthly',
          'LA18891-4': 'Weekly',
          'LA18934-2': 'Daily or almost daily',
        }),
      ),
      ...ifDrinking,
    },
  ],
  // https://doi.org/10.1001/archinte.158.16.1789 (men), https://doi.org/10.1001/archinte.163.7.821 (women)
  scoring: {
    name: 'AUDIT-C',
    code: '75626-2',
    bands: [
      { from: 0, text: 'negative' },
      // Also if the sex is unknown: better to ask once too often.
      { from: 3, text: 'positive, hazardous drinking is likely', abnormal: true, notFor: 'male' },
      { from: 4, text: 'positive, hazardous drinking is likely', abnormal: true },
    ],
  },
});
