// A command in a chart: its fields, its state, and what its commit wrote.

import { type Static, Type } from 'typebox';
import { type CommandState, OPERATIONS } from '#kit/command-kind.ts';
import type { Lifecycle } from '#kit/lifecycle.ts';
import { closed, fhirId, text } from '#kit/schema.ts';

const STATES = ['staged', 'in-review', 'committed', 'entered-in-error'] as const satisfies readonly CommandState[];

/** Deletion isn't a state: a deleted staged command is gone, and its versions are kept. */
export const COMMAND_LIFECYCLE: Lifecycle<CommandState> = {
  staged: ['in-review', 'committed'],
  'in-review': ['staged', 'committed'],
  committed: ['entered-in-error'],
  'entered-in-error': [],
};

const Who = closed({ type: text(20), id: text(255), display: Type.Optional(text(255)) });

/** A record that the commit wrote: its version, and whether it was created. */
export const Made = closed({
  type: text(64),
  id: fhirId('the record'),
  version: Type.Integer({ minimum: 1 }),
  created: Type.Boolean(),
});
export type Made = Static<typeof Made>;

/** A check that asked for confirmation, and the reason given for proceeding. */
export const Override = closed({
  check: text(255),
  message: Type.String(),
  reason: text(1_000),
  by: Who,
  at: Type.String(),
});
export type Override = Static<typeof Override>;

/** A check that didn't run, and what was done anyway. */
export const Unanswered = closed({
  check: text(255),
  operation: Type.Enum([...OPERATIONS]),
  message: Type.String(),
  by: Who,
  at: Type.String(),
});
export type Unanswered = Static<typeof Unanswered>;

/** Why a command was entered in error, as its user put it. */
export const ErrorReason = text(1_000, 'why it was an error, shown beside the command');

export const EnteredInError = closed({ by: Who, at: Type.String(), reason: Type.Optional(ErrorReason) });

/** An action that was executed. */
export const Action = closed({ action: text(64), by: Who, at: Type.String() });

export const CommandEntry = closed({
  resourceType: Type.Literal('Command'),
  id: fhirId('the command'),
  meta: Type.Optional(Type.Object({})),
  patient: fhirId('whose chart it is in'),
  note: fhirId('the note it is in'),
  command: text(64),
  state: Type.Enum([...STATES]),
  fields: Type.Record(Type.String(), Type.Unknown()),
  originator: Who,
  originatedAt: Type.String(),
  committer: Type.Optional(Who),
  committedAt: Type.Optional(Type.String()),
  enteredInError: Type.Optional(EnteredInError),
  made: Type.Array(Made),
  overrides: Type.Array(Override),
  /** Oldest first; empty for a command last written before they were stored. */
  unanswered: Type.Optional(Type.Array(Unanswered)),
  /** Oldest first. */
  actions: Type.Array(Action),
});
export type CommandEntry = Static<typeof CommandEntry>;
