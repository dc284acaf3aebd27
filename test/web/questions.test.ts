// Which answers stay while a questionnaire is answered in the browser, and which it begins with.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionnaireItem } from '@medplum/fhirtypes';
import { proposed, stillAsked } from '#web/note/question-levels.ts';

const when = (question: string) => ({ enableWhen: [{ question, operator: '=' as const, answerBoolean: true }] });
const ITEMS: readonly QuestionnaireItem[] = [
  { linkId: 'smokes', type: 'boolean' },
  { linkId: 'often', type: 'boolean', ...when('smokes') },
  { linkId: 'packs', type: 'integer', ...when('often') },
  {
    linkId: 'kid',
    type: 'group',
    repeats: true,
    item: [
      { linkId: 'ill', type: 'boolean' },
      { linkId: 'what', type: 'string', initial: [{ valueString: 'a cold' }], ...when('ill') },
    ],
  },
  {
    linkId: 'drug',
    type: 'string',
    repeats: true,
    item: [
      {
        linkId: 'why',
        type: 'string',
        enableWhen: [{ question: 'drug', operator: '=', answerString: 'opium' }],
      },
    ],
  },
  { linkId: 'home', type: 'group', item: [{ linkId: 'stairs', type: 'integer', initial: [{ valueInteger: 0 }] }] },
  {
    linkId: 'pain',
    type: 'choice',
    answerOption: [{ valueString: 'no', initialSelected: true }, { valueString: 'yes' }],
  },
  { linkId: 'langs', type: 'string', repeats: true, initial: [{ valueString: 'English' }, { valueString: 'Spanish' }] },
];

test('an answer goes with the one that called for it, and so does what it called for', () => {
  const all = { smokes: true, often: true, packs: 2 };
  assert.deepEqual(stillAsked(ITEMS, all, new Map()), all);
  assert.deepEqual(stillAsked(ITEMS, { ...all, smokes: false }, new Map()), { smokes: false });
});

test('each repetition and each answer keeps what it calls for itself', () => {
  const answers = {
    kid: [{ ill: true, what: 'cough' }, { ill: false, what: 'rash' }, {}],
    drug: [
      { answer: 'opium', items: { why: 'pain' } },
      { answer: 'tea', items: { why: 'thirst' } },
    ],
  };
  assert.deepEqual(stillAsked(ITEMS, answers, new Map()), {
    kid: [{ ill: true, what: 'cough' }, { ill: false }, {}],
    drug: [
      { answer: 'opium', items: { why: 'pain' } },
      { answer: 'tea', items: {} },
    ],
  });
});

test('answers to another questionnaire do not stay', () => {
  assert.deepEqual(stillAsked(ITEMS, { mood: 'LA6568-5', smokes: true }, new Map()), { smokes: true });
});

test('initial values and options are proposed where they belong', () => {
  const initial = proposed(ITEMS, new Map());
  assert.deepEqual(initial, { kid: [{ what: 'a cold' }], stairs: 0, pain: 'no', langs: ['English', 'Spanish'] });
  // What isn't asked yet is not answered yet.
  assert.deepEqual(stillAsked(ITEMS, initial, new Map()).kid, [{}]);
});
