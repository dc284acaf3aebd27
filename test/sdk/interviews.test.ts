// What answers count, however deep they were asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionnaireResponse, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { ORDINAL_VALUE } from '#kit/systems.ts';
import { ordinalsOf } from '#sdk/index.ts';

const counting = (valueDecimal: number): QuestionnaireResponseItemAnswer => ({
  valueCoding: { code: 'x', extension: [{ url: ORDINAL_VALUE, valueDecimal }] },
});
const interview = (item: QuestionnaireResponse['item']): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  ...(item && { item }),
});

test('each answer that counts is by its linkId, nought too; several count together', () => {
  const found = ordinalsOf(
    interview([
      { linkId: 'none', answer: [counting(0)] },
      {
        linkId: 'group',
        item: [{ linkId: 'inner', answer: [{ ...counting(3), item: [{ linkId: 'deep', answer: [counting(1)] }] }] }],
      },
      { linkId: 'both', answer: [counting(1), counting(2)] },
      { linkId: 'text', answer: [{ valueString: 'a' }] },
      { linkId: 'uncounted', answer: [{ valueCoding: { code: 'y' } }] },
      { linkId: 'unanswered' },
    ]),
  );
  assert.deepEqual(Object.fromEntries(found), { none: 0, inner: 3, deep: 1, both: 3 });
});

test('answers to nothing count nothing', () => {
  assert.equal(ordinalsOf(interview(undefined)).size, 0);
});
