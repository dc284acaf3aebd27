// A command as the API shows it, and the pieces of requests about one.

import { type Static, Type } from 'typebox';
import { Coding } from '@chartwire/sdk/internal/kit/schema';
import {
  Action,
  COMMAND_LIFECYCLE,
  EnteredInError,
  Made,
  Override,
  Unanswered,
} from '@chartwire/sdk/internal/records/command-entry';
import { Check as Told } from './execution.ts';
import { FhirId, only, orNull } from './parameters.ts';

export const Fields = Type.Record(Type.String(), Type.Unknown(), {
  description: 'By name. An option by its value alone will do; null takes a field away.',
});

export const Overrides = Type.Optional(
  Type.Array(
    only({
      check: Type.String({ minLength: 1, maxLength: 255, description: '`plugin/Handler`, as in `checks`.' }),
      reason: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S', description: 'Kept and shown.' }),
    }),
    { maxItems: 50, description: 'Answers to checks that ask for confirmation.' },
  ),
);

const ResultShape = Type.Object({
  id: Type.String({ description: 'Of the Observation.' }),
  code: orNull(Coding),
  score: orNull(Type.Number()),
  abnormal: orNull(Type.Boolean()),
  narrative: orNull(Type.String()),
});

/** Computed by the scoring of a shipped questionnaire. */
export const ScoreShape = Type.Object({
  interview: Type.String({ ...FhirId, description: 'The answers, a QuestionnaireResponse.' }),
  name: Type.String({ description: '`PHQ-9`' }),
  code: Type.String({ description: 'LOINC’s, of the total score.' }),
  at: orNull(Type.String()),
  score: orNull(Type.Number({ description: 'Null while a question that counts is not answered.' })),
  sum: Type.Number({ description: 'Of the answers there are.' }),
  max: Type.Number(),
  answered: Type.Integer(),
  asked: Type.Integer({ description: 'Questions that count and are asked, given the other answers.' }),
  band: orNull(Type.String({ description: 'What the score means: `severe depression`.' })),
  abnormal: Type.Boolean(),
  critical: Type.Array(Type.Object({ question: Type.String(), answer: Type.String() }), {
    description: 'Answers that call for action whatever the score is.',
  }),
});

export const CommandShape = Type.Object({
  id: FhirId,
  command: Type.String({ description: 'Key of its type: `prescribe`.' }),
  state: Type.Enum(Object.keys(COMMAND_LIFECYCLE)),
  fields: Type.Record(Type.String(), Type.Unknown()),
  note: FhirId,
  patient: FhirId,
  version: Type.Integer(),
  made: Type.Array(Made, { description: 'The records its commit wrote.' }),
  overrides: Type.Array(Override),
  unanswered: Type.Array(Unanswered, { description: 'Checks that did not run, and what was done all the same.' }),
  enteredInError: Type.Optional(EnteredInError),
  actions: Type.Array(Action, { description: 'What was done with it, oldest first.' }),
  results: Type.Optional(Type.Array(ResultShape, { description: 'What the answers to a questionnaire came to.' })),
  scores: Type.Optional(
    Type.Array(ScoreShape, { description: 'Of a questionnaire that ships: score, meaning and critical answers.' }),
  ),
  checks: Type.Optional(Type.Array(Told, { description: 'What plugins said to this very request.' })),
});
export type CommandShape = Static<typeof CommandShape>;
