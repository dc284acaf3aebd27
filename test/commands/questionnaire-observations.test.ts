// Which answers are observations too, and of what: whatever type they are and however deep they were asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Extension, Questionnaire } from '@medplum/fhirtypes';
import { answeredItems } from '#commands/questionnaire-answers.ts';
import { observed } from '#commands/questionnaire-observations.ts';
import { OBSERVATION_CATEGORY, OBSERVATION_EXTRACT, OBSERVATION_EXTRACT_CATEGORY } from '#kit/systems.ts';

const SYSTEM = 'http://codes.example';
const code = (of: string) => [{ system: SYSTEM, code: of }];
const extract = (valueBoolean: boolean): Extension[] => [{ url: OBSERVATION_EXTRACT, valueBoolean }];
const category = (of: string): Extension => ({
  url: OBSERVATION_EXTRACT_CATEGORY,
  valueCodeableConcept: { coding: [{ system: OBSERVATION_CATEGORY, code: of }] },
});

const ASSESSMENT: Questionnaire = {
  resourceType: 'Questionnaire',
  status: 'active',
  extension: extract(true),
  item: [
    { linkId: 'falls', type: 'boolean', code: code('falls') },
    { linkId: 'uncoded', type: 'string' },
    { linkId: 'private', type: 'string', code: code('private'), extension: extract(false) },
    {
      linkId: 'exam',
      type: 'group',
      extension: [category('exam')],
      item: [
        { linkId: 'tone', type: 'integer', code: code('tone') },
        { linkId: 'pain', type: 'decimal', code: code('pain') },
        {
          linkId: 'gait',
          type: 'choice',
          repeats: true,
          code: code('gait'),
          answerOption: ['slow', 'uneven'].map((one) => ({ valueCoding: { system: SYSTEM, code: one } })),
          item: [{ linkId: 'since', type: 'date', code: code('since') }],
        },
      ],
    },
  ],
};
const fail = (message: string): Error => new Error(message);
const coding = (of: string) => ({ coding: [{ system: SYSTEM, code: of }] });

test('each answer to a coded question is one, in the category of the questionnaire or of the nearest item', () => {
  const answers = {
    falls: false,
    uncoded: 'a',
    private: 'b',
    tone: 0,
    pain: 2.5,
    gait: [{ code: 'slow' }, { code: 'uneven' }],
    since: '2026-08-01',
  };
  const found = observed(ASSESSMENT, answeredItems(ASSESSMENT, answers, fail)).map(({ category, code, ...value }) => [
    category?.[0]?.coding?.[0]?.code,
    code.coding?.[0]?.code,
    value,
  ]);
  assert.deepEqual(found, [
    ['survey', 'falls', { valueBoolean: false }],
    ['exam', 'tone', { valueInteger: 0 }],
    ['exam', 'pain', { valueQuantity: { value: 2.5 } }],
    ['exam', 'gait', { valueCodeableConcept: coding('slow') }],
    ['exam', 'gait', { valueCodeableConcept: coding('uneven') }],
    ['exam', 'since', { valueDateTime: '2026-08-01' }],
  ]);
});

test('without a word of it there are none', () => {
  const { extension: _, ...plain } = ASSESSMENT;
  assert.deepEqual(observed(plain, answeredItems(plain, { falls: true }, fail)), []);
});
