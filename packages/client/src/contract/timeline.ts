// An item of a chart’s timeline.

import { type Static, Type } from 'typebox';
import { OTHER_TYPES, othersAt } from '@chartwire/sdk/internal/records/other-records';
import { FhirId, orNull, Time } from './parameters.ts';

/** Billing isn't part of a timeline. */
export const OTHER_ON_TIMELINE = OTHER_TYPES.filter((type) => !othersAt('accounts').includes(type));

export const TIMELINE_TYPES = [
  'Note',
  'DiagnosticReport',
  'DocumentReference',
  'Communication',
  'Appointment',
  'QuestionnaireResponse',
  'Encounter',
  'Observation',
  ...OTHER_ON_TIMELINE,
] as const;

const ScoreLines = Type.Array(
  Type.Object({
    text: Type.String({ description: '`PHQ-9 27 of 27: severe depression`' }),
    abnormal: Type.Boolean(),
    critical: Type.Array(Type.String(), { description: 'Answers that call for action, with their questions.' }),
  }),
  { description: 'What the answers to a questionnaire that ships come to.' },
);

const Done = Type.Object({
  id: FhirId,
  command: Type.String({ description: 'Key of its type: `prescribe`.' }),
  label: Type.String(),
  state: Type.String(),
  text: Type.String({ description: 'What its fields say, in one line.' }),
  scores: ScoreLines,
});

const Value = Type.Object({
  name: Type.String(),
  text: Type.String({ description: 'The value with its unit.' }),
  flag: orNull(
    Type.Object({ word: Type.String(), critical: Type.Boolean() }, { description: 'Null if it isn’t abnormal.' }),
  ),
});

/** Maximum number of a report's values in an item; critical and abnormal ones come first. */
export const TIMELINE_VALUES = 8;

export const Item = Type.Object({
  type: Type.Enum([...TIMELINE_TYPES]),
  id: FhirId,
  version: Type.Integer(),
  at: Time,
  date: orNull(Type.String({ description: 'The day, the month or the year, where no time of it is known.' })),
  title: Type.String(),
  status: orNull(Type.String({ description: 'A note’s state; the status of a record.' })),
  author: orNull(Type.String()),
  text: orNull(Type.String({ description: 'The beginning of what it says.' })),
  commands: Type.Array(Done, { description: 'Of a note, in the order of its page.' }),
  scores: ScoreLines,
  values: Type.Array(Value, {
    description: `Of a report or a finding: critical and abnormal ones first, ${TIMELINE_VALUES} at most.`,
  }),
  results: Type.Integer({ description: 'How many values it has.' }),
});
export type Item = Static<typeof Item>;

const ONE_TYPE = `(${TIMELINE_TYPES.join('|')})`;

export const Types = Type.String({
  pattern: `^${ONE_TYPE}(,${ONE_TYPE})*$`,
  description: 'Of these types only, with commas between.',
});
