// Questionnaire: questions are asked and their answers kept.

import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { Coding, Option, text } from '#kit/schema.ts';

/** A text, number, yes or no, a choice, or several. */
const Answer = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Coding, Type.Array(Coding)]);

export const Questionnaire = defineCommand({
  key: 'questionnaire',
  prefix: 'QUESTIONNAIRE',
  label: 'Questionnaire',
  summary: 'Questions are asked, and their answers kept by linkId.',
  fields: {
    questionnaire: {
      label: 'Questionnaire',
      schema: Option,
      needed: true,
      search: { from: 'records', types: ['Questionnaire'], filter: 'status=active' },
    },
    answers: { label: 'Answers', schema: Type.Record(Type.String({ maxLength: 255 }), Answer) },
    result: { label: 'Result', schema: text(2048) },
  },
});
