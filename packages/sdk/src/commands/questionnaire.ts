// Questionnaire: asks questions and keeps the answers.

import type { Observation, QuestionnaireResponse, Questionnaire as R4Questionnaire } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, text } from '#kit/schema.ts';
import { SURVEY } from '#records/questionnaire-result.ts';
import { AnswersSchema, answeredItems } from './questionnaire-answers.ts';
import { choicesOf } from './questionnaire-choices.ts';
import { type Finder, findCanonical, searchNamed } from './canonicals.ts';
import { observed } from './questionnaire-observations.ts';
import { visitOf } from './visit.ts';

/** By its url if it has one, in the version that was asked. */
function canonicalOf({ id, url, version }: R4Questionnaire): string {
  if (url === undefined) return `Questionnaire/${id}`;
  return version === undefined ? url : `${url}|${version}`;
}

export const Questionnaire = defineCommand(
  {
    key: 'questionnaire',
    prefix: 'QUESTIONNAIRE',
    label: 'Questionnaire',
    summary: 'Questions are asked, and their answers kept by linkId.',
    fields: {
      questionnaire: {
        label: 'Questionnaire',
        schema: Option,
        needed: true,
        search: { from: 'records', types: ['Questionnaire'], filters: { Questionnaire: 'status=active' } },
      },
      answers: { label: 'Answers', schema: AnswersSchema },
      result: { label: 'Result', schema: text(2048) },
    },
  },
  async ({ questionnaire: option, answers = {}, result }, desk) => {
    const questionnaire = await desk.chosen('Questionnaire', 'questionnaire', option);
    const { draft } = desk;
    const finder: Finder = { read: (...one) => draft.read(...one), named: (...one) => searchNamed(draft, ...one) };
    const sets = await choicesOf(questionnaire, (canonical) => findCanonical(finder, 'ValueSet', canonical));
    const item = answeredItems(questionnaire, answers, (message) => desk.refused('answers', message), sets);
    if (item.length === 0) throw desk.refused('answers', 'Answer at least one question.');
    const { subject, encounter, author } = visitOf(desk);
    const response = desk.draft.create(
      filled<QuestionnaireResponse>({
        resourceType: 'QuestionnaireResponse',
        questionnaire: canonicalOf(questionnaire),
        status: 'completed',
        subject,
        encounter,
        authored: desk.at,
        author,
        item,
      }),
    );
    const code = filled({ coding: questionnaire.code, text: questionnaire.title ?? option.text });
    const said = result === undefined ? [] : [{ category: [SURVEY], code, valueString: result }];
    for (const one of [...observed(questionnaire, item), ...said]) {
      desk.draft.create(
        filled<Observation>({
          resourceType: 'Observation',
          status: 'final',
          ...one,
          subject,
          encounter,
          effectiveDateTime: desk.at,
          performer: author && [author],
          derivedFrom: [{ reference: `QuestionnaireResponse/${response.id}` }],
        }),
      );
    }
  },
);
