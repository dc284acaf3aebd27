// Questionnaire results: what a plugin concludes from the answers.

import { Type } from 'typebox';
import { Coding, closed, fhirId, text } from '#kit/schema.ts';
import { LOINC, PLUGIN_KEY } from '#kit/systems.ts';
import { newResult } from '#records/questionnaire-result.ts';
import { defineEffect, needs } from './definition.ts';
import { existing, refused } from './existing.ts';
import { keyedId, keyOf } from './keyed.ts';

const TYPE = 'CREATE_QUESTIONNAIRE_RESULT';

export const CreateQuestionnaireResult = defineEffect({
  type: TYPE,
  summary:
    'Says what the answers to a questionnaire come to, or replaces that: a plugin has one result for the answers and code.',
  writes:
    'A final Observation of category survey, derived from the QuestionnaireResponse: score in valueQuantity, abnormal in interpretation, narrative in note. It is among what the command made, is shown with it, and is entered in error with it.',
  payload: closed({
    interview: fhirId('of the answers, a QuestionnaireResponse'),
    code: Type.Object(Coding.properties, {
      additionalProperties: false,
      description: 'what the score is; of LOINC unless it names a system',
    }),
    score: Type.Union([Type.Number(), Type.Null()], {
      description: 'null when it cannot be worked out; the narrative says why',
    }),
    abnormal: Type.Optional(Type.Boolean()),
    narrative: Type.Optional(text(2048, 'what it means, in words')),
  }),
  example: {
    interview: 'q1',
    code: { code: '55758-7', display: 'Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]' },
    score: 4,
    abnormal: true,
    narrative: 'Positive: ask the PHQ-9.',
  },
  scopes: () => needs('Observation', 'cu'),
  async apply({ interview: id, code, score, abnormal, narrative }, draft, { plugin, commands }) {
    if (score === null && narrative === undefined) throw refused(TYPE, 'without a score it needs a narrative');
    const interview = await existing(draft, TYPE, 'QuestionnaireResponse', id);
    if (interview.status === 'entered-in-error') {
      throw refused(TYPE, `QuestionnaireResponse/${id} was entered in error`);
    }
    const { system = LOINC } = code;
    const key = `${id}/${system}|${code.code}`;
    const result = newResult({
      id: keyedId('result', plugin, id, key),
      interview,
      code: { ...code, system },
      score,
      ...(abnormal !== undefined && { abnormal }),
      ...(narrative !== undefined && { narrative }),
      identifier: { system: PLUGIN_KEY, value: keyOf(plugin, key) },
      at: draft.at,
    });
    const { id: made } = await draft.update(result);
    await commands.adopt({ type: 'Observation', id: made }, { type: 'QuestionnaireResponse', id });
    return [`Observation/${made}`];
  },
});
