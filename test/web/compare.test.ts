// A signed note beside the note of today: what its commands say, in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Questionnaire } from '@medplum/fhirtypes';
import { commandByKey } from '#commands/index.ts';
import type { Kind } from '#web/note/kinds.ts';
import { compare } from '#web/note/compare.ts';

const QUESTIONNAIRE: Questionnaire = {
  resourceType: 'Questionnaire',
  id: 'mood',
  status: 'active',
  item: [
    {
      linkId: 'interest',
      type: 'choice',
      text: 'Little interest or pleasure:',
      answerOption: [{ valueCoding: { code: 'LA6568-5', display: 'Not at all' } }],
    },
    { linkId: 'sleep', type: 'decimal', text: 'Hours of sleep' },
  ],
};

test('answers to a questionnaire are compared in the words of its questions', () => {
  const shown = (hours: number) => ({
    body: [{ command: 'c' }],
    commands: [
      {
        id: 'c',
        command: 'questionnaire',
        state: 'committed',
        fields: {
          questionnaire: { value: 'mood', text: 'Mood' },
          answers: { interest: 'LA6568-5', sleep: hours },
        },
        note: 'n',
        patient: 'p',
        version: 1,
        made: [],
        overrides: [],
        unanswered: [],
        actions: [],
      },
    ],
  });
  const words = {
    kinds: new Map([['questionnaire', commandByKey('questionnaire') as unknown as Kind]]),
    questionnaires: new Map([['mood', QUESTIONNAIRE]]),
  };
  const [pair] = compare(shown(7), shown(5), words);
  assert.equal(pair!.changed, true);
  assert.deepEqual(pair!.was!.parts, [
    { label: 'Questionnaire', text: 'Mood' },
    { label: 'Little interest or pleasure', text: 'Not at all' },
    { label: 'Hours of sleep', text: '7' },
  ]);
  assert.deepEqual(pair!.is!.parts.at(-1), { label: 'Hours of sleep', text: '5' });
});
