// Effects on commands: a plugin can do what a clinician can do in a note, behind the same gates.

import { Type } from 'typebox';
import { closed, fhirId, text } from '#kit/schema.ts';
import { ErrorReason } from '#records/command-entry.ts';
import { defineEffect, needs } from './definition.ts';

const Command = fhirId('the command');
const Fields = Type.Record(Type.String(), Type.Unknown(), {
  description: 'fields by name; an option by its value alone will do',
});

const Originated = closed({
  note: fhirId('an open note'),
  command: text(64, 'key of a command, as prescribe'),
  fields: Type.Optional(Fields),
  id: Type.Optional(fhirId('an id of your own, for what follows in the same list')),
  commit: Type.Optional(Type.Boolean({ description: 'commit it at once' })),
});

// A commit also needs the scopes of the records that it writes: to prescribe, a plugin needs patient/MedicationRequest.c as well.
const ORIGINATES = [...needs('Command', 'c'), ...needs('Note', 'u')];
const CHANGES = needs('Command', 'u');

export const OriginateCommand = defineEffect({
  type: 'ORIGINATE_COMMAND',
  summary: 'Enters a command into a note; commits it when asked.',
  writes: 'The command, and what its commit writes.',
  payload: Originated,
  example: { note: 'n1', command: 'plan', fields: { narrative: 'Recheck in two weeks.' } },
  scopes: () => ORIGINATES,
  apply: async (wish, _draft, { commands }) => [`Command/${(await commands.originate(wish)).id}`],
});

export const OriginateCommands = defineEffect({
  type: 'ORIGINATE_COMMANDS',
  summary: 'Enters several commands into notes, in order, all or none.',
  writes: 'The commands, and what their commits write.',
  payload: closed({ commands: Type.Array(Originated, { minItems: 1, maxItems: 50 }) }),
  example: { commands: [{ note: 'n1', command: 'plan', fields: { narrative: 'Recheck in two weeks.' } }] },
  scopes: () => ORIGINATES,
  apply: async (wish, _draft, { commands }) => {
    const references: string[] = [];
    for (const one of wish.commands) references.push(`Command/${(await commands.originate(one)).id}`);
    return references;
  },
});

export const EditCommand = defineEffect({
  type: 'EDIT_COMMAND',
  summary: 'Changes fields of a staged command; those that are not named stay, null takes one away.',
  writes: 'The command.',
  payload: closed({ command: Command, fields: Fields }),
  example: { command: 'c1', fields: { narrative: 'Recheck in one week.' } },
  scopes: () => CHANGES,
  apply: async ({ command, fields }, _draft, { commands }) => {
    await commands.update(command, fields);
    return [`Command/${command}`];
  },
});

const one = closed({ command: Command });

export const CommitCommand = defineEffect({
  type: 'COMMIT_COMMAND',
  summary: 'Commits a staged command.',
  writes: 'The command, and what its commit writes.',
  payload: one,
  example: { command: 'c1' },
  scopes: () => CHANGES,
  apply: async ({ command }, _draft, { commands }) => {
    await commands.commit(command);
    return [`Command/${command}`];
  },
});

export const DeleteCommand = defineEffect({
  type: 'DELETE_COMMAND',
  summary: 'Deletes a staged command.',
  writes: 'The command is gone from its note.',
  payload: one,
  example: { command: 'c1' },
  scopes: () => [...needs('Command', 'd'), ...needs('Note', 'u')],
  apply: async ({ command }, _draft, { commands }) => {
    await commands.delete(command);
    return [`Command/${command}`];
  },
});

export const EnterCommandInError = defineEffect({
  type: 'ENTER_COMMAND_IN_ERROR',
  summary: 'Enters a committed command in error.',
  writes: 'The command, and what its commit had written: marked as an error, or as it was before.',
  payload: closed({ command: Command, reason: Type.Optional(ErrorReason) }),
  example: { command: 'c1', reason: 'Meant for another patient.' },
  scopes: () => CHANGES,
  apply: async ({ command, reason }, _draft, { commands }) => {
    await commands.enterInError(command, reason);
    return [`Command/${command}`];
  },
});

export const ExecuteCommandAction = defineEffect({
  type: 'EXECUTE_COMMAND_ACTION',
  summary: 'Executes one of a command’s actions.',
  writes: 'The command, and what the action does.',
  payload: closed({ command: Command, action: text(64, 'as print or carry-forward') }),
  example: { command: 'c1', action: 'print' },
  scopes: () => CHANGES,
  apply: async ({ command, action }, _draft, { commands }) => {
    await commands.execute(command, action);
    return [`Command/${command}`];
  },
});
