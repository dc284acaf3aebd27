// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Questionnaire, QuestionnaireResponse } from 'chartwire/sdk';
import { openPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const AT = '2026-08-23T10:00:00.000Z';
const ORDINAL = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';
const QUESTIONS = ['44250-9', '44255-8'];
const CODES = { 'phq-2': '58120-7', 'phq-9': '44249-1', 'gad-7': '69737-5' };
type Name = keyof typeof CODES;

const codingOf = (name: Name) => [{ system: 'http://loinc.org', code: CODES[name] }];
const questionnaire = (name: Name): Questionnaire => ({
  resourceType: 'Questionnaire',
  id: name,
  url: `https://example.org/${name}`,
  status: 'active',
  code: codingOf(name),
});

/** Answers that count this much, on a day. */
function interview(name: Name, counts: readonly number[], day = '2026-08-23'): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    id: `${name}-${day}`,
    questionnaire: `https://example.org/${name}|1`,
    status: 'completed',
    subject: { reference: 'Patient/p1' },
    authored: `${day}T09:59:00Z`,
    item: counts.map((valueDecimal, index) => ({
      linkId: QUESTIONS[index]!,
      answer: [{ valueCoding: { code: `LA${valueDecimal}`, extension: [{ url: ORDINAL, valueDecimal }] } }],
    })),
  };
}

/** What the plugin answers when the first interview was just committed, or entered in error. */
async function answer(moment: 'COMMIT' | 'ENTER_IN_ERROR', name: Name, ...interviews: QuestionnaireResponse[]) {
  const records = [questionnaire('phq-2'), questionnaire('phq-9'), ...interviews];
  await using plugin = await openPlugin(FOLDER, { records });
  const { effects, error } = await plugin.deliver(`QUESTIONNAIRE_COMMAND__POST_${moment}`, {
    patient: 'p1',
    at: AT,
    context: {
      fields: { questionnaire: { value: name, text: name, coding: codingOf(name) } },
      made: interviews
        .slice(0, 1)
        .map(({ id }) => ({ type: 'QuestionnaireResponse', id: id!, version: 1, created: true })),
    },
  });
  assert.equal(error, null);
  return effects;
}

/** The status and the narrative of the only card. */
function cardOf(effects: readonly { type: string; payload: unknown }[]): string[] {
  const cards = effects.filter(({ type }) => type === 'ADD_OR_UPDATE_PROTOCOL_CARD');
  assert.equal(cards.length, 1);
  const { status, narrative } = cards[0]!.payload as { status: string; narrative: string };
  return [status, narrative];
}

const POSITIVE = 'The PHQ-2 is positive: 4 of 6.';

test('a positive PHQ-2 has its score as a result, and a card whose button enters the PHQ-9', async () => {
  assert.deepEqual(await answer('COMMIT', 'phq-2', interview('phq-2', [3, 1])), [
    {
      type: 'CREATE_QUESTIONNAIRE_RESULT',
      payload: {
        interview: 'phq-2-2026-08-23',
        code: { code: '55758-7', display: 'Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]' },
        score: 4,
        abnormal: true,
        narrative: POSITIVE,
      },
    },
    {
      type: 'ADD_OR_UPDATE_PROTOCOL_CARD',
      payload: {
        patient: 'p1',
        key: 'phq',
        title: 'Depression screening',
        status: 'due',
        narrative: POSITIVE,
        recommendations: [
          {
            title: 'Ask the PHQ-9',
            button: 'Ask',
            commands: [{ command: 'questionnaire', fields: { questionnaire: 'phq-9' } }],
          },
        ],
      },
    },
  ]);
});

for (const [counts, abnormal, status, narrative] of [
  [[1, 1], false, 'satisfied', 'The PHQ-2 is negative: 2 of 6.'],
  [[0, 3], true, 'due', 'The PHQ-2 is positive: 3 of 6.'],
  [[3], false, 'pending', 'The PHQ-2 cannot be scored: an answer is missing.'],
] as const) {
  test(`answers that count ${counts.join(' and ')}: ${narrative}`, async () => {
    const effects = await answer('COMMIT', 'phq-2', interview('phq-2', counts));
    const result = effects[0]!.payload as { score: number | null; abnormal: boolean; narrative: string };
    const score = counts.length === 2 ? counts[0] + counts[1] : null;
    assert.deepEqual([result.score, result.abnormal, result.narrative], [score, abnormal, narrative]);
    assert.deepEqual(cardOf(effects), [status, narrative]);
  });
}

test('the PHQ-9 satisfies the card, and is not scored here', async () => {
  const effects = await answer('COMMIT', 'phq-9', interview('phq-9', [1, 1]), interview('phq-2', [3, 1]));
  assert.equal(effects.length, 1);
  assert.deepEqual(cardOf(effects), ['satisfied', 'The PHQ-9 was asked.']);
});

test('a PHQ-9 of the last 30 days does too, an older one does not', async () => {
  const after = (day: string) => answer('COMMIT', 'phq-2', interview('phq-2', [3, 1]), interview('phq-9', [], day));
  assert.deepEqual(cardOf(await after('2026-07-25')), ['satisfied', 'The PHQ-9 was asked.']);
  assert.deepEqual(cardOf(await after('2026-07-23')), ['due', POSITIVE]);
});

test('of several PHQ-2 the newest counts', async () => {
  const effects = await answer('COMMIT', 'phq-2', interview('phq-2', [0, 0]), interview('phq-2', [3, 3], '2026-08-01'));
  assert.deepEqual(cardOf(effects), ['satisfied', 'The PHQ-2 is negative: 0 of 6.']);
});

test('with a PHQ-2 that was an error the card is not due, with a PHQ-9 that was it is due again', async () => {
  const mistaken = (name: Name): QuestionnaireResponse => ({ ...interview(name, [3, 1]), status: 'entered-in-error' });
  const first = await answer('ENTER_IN_ERROR', 'phq-2', mistaken('phq-2'));
  assert.equal(first.length, 1);
  assert.deepEqual(cardOf(first), ['not_applicable', 'No PHQ-2 in the last 30 days.']);
  const second = await answer('ENTER_IN_ERROR', 'phq-9', mistaken('phq-9'), interview('phq-2', [3, 1]));
  assert.deepEqual(cardOf(second), ['due', POSITIVE]);
});

test('other questionnaires are left alone', async () => {
  assert.deepEqual(await answer('COMMIT', 'gad-7', interview('gad-7', [3])), []);
});
