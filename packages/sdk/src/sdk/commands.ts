// Builders for commands in notes: `prescribe.originate({ note, fields: { ... } })`, one object a command.

import type { Static, TSchema } from 'typebox';
import type { AnyCommand, CommandKey } from '#commands/index.ts';
import type { Effect } from './effects.ts';

/** Keys of commands to their fields. */
type CommandFields = { [C in AnyCommand as C['key']]: C['fields'] };

/** Fields as a plugin gives them: an option by its value alone will do, and null takes a field away. */
export type GivenFields<K extends CommandKey> = {
  readonly [F in keyof CommandFields[K]]?: Given<CommandFields[K][F]> | null;
};

type Given<F> = F extends { readonly schema: infer S extends TSchema } ? Static<S> | Shorter<F, Static<S>> : never;

/** Where options are searched for: a code or an id in place of an option, a list of them in place of a list. */
type Shorter<F, V> = F extends { readonly search: object }
  ? V extends readonly unknown[]
    ? readonly string[]
    : string
  : never;

export interface OriginateArgument<K extends CommandKey> {
  /** Id of an open note. */
  readonly note: string;
  readonly fields?: GivenFields<K>;
  /** An id of your own, for what follows in the same list. */
  readonly id?: string;
  /** Commit it at once. */
  readonly commit?: boolean;
}

export interface CommandBuilder<K extends CommandKey> {
  /** Enters the command into a note. */
  originate(argument: OriginateArgument<K>): Effect<'ORIGINATE_COMMAND'>;
  /** Changes fields of a staged one; those that are not named stay. */
  edit(argument: { readonly command: string; readonly fields: GivenFields<K> }): Effect<'EDIT_COMMAND'>;
  commit(argument: { readonly command: string }): Effect<'COMMIT_COMMAND'>;
  delete(argument: { readonly command: string }): Effect<'DELETE_COMMAND'>;
  /** `reason`: why it was an error; it is shown beside the command. */
  enterInError(argument: { readonly command: string; readonly reason?: string }): Effect<'ENTER_COMMAND_IN_ERROR'>;
  executeAction(argument: { readonly command: string; readonly action: string }): Effect<'EXECUTE_COMMAND_ACTION'>;
}

function builders<const K extends CommandKey>(key: K): CommandBuilder<K> {
  return {
    originate: (payload) => ({
      type: 'ORIGINATE_COMMAND',
      payload: { ...payload, fields: { ...payload.fields }, command: key },
    }),
    edit: ({ command, fields }) => ({ type: 'EDIT_COMMAND', payload: { command, fields: { ...fields } } }),
    commit: (payload) => ({ type: 'COMMIT_COMMAND', payload }),
    delete: (payload) => ({ type: 'DELETE_COMMAND', payload }),
    enterInError: (payload) => ({ type: 'ENTER_COMMAND_IN_ERROR', payload }),
    executeAction: (payload) => ({ type: 'EXECUTE_COMMAND_ACTION', payload }),
  };
}

export const allergy: CommandBuilder<'allergy'> = builders('allergy');
export const assess: CommandBuilder<'assess'> = builders('assess');
export const closeGoal: CommandBuilder<'closeGoal'> = builders('closeGoal');
export const diagnose: CommandBuilder<'diagnose'> = builders('diagnose');
export const familyHistory: CommandBuilder<'familyHistory'> = builders('familyHistory');
export const goal: CommandBuilder<'goal'> = builders('goal');
export const hpi: CommandBuilder<'hpi'> = builders('hpi');
export const imagingOrder: CommandBuilder<'imagingOrder'> = builders('imagingOrder');
export const immunizationStatement: CommandBuilder<'immunizationStatement'> = builders('immunizationStatement');
export const immunize: CommandBuilder<'immunize'> = builders('immunize');
export const instruct: CommandBuilder<'instruct'> = builders('instruct');
export const labOrder: CommandBuilder<'labOrder'> = builders('labOrder');
export const medicationStatement: CommandBuilder<'medicationStatement'> = builders('medicationStatement');
export const pastMedicalHistory: CommandBuilder<'pastMedicalHistory'> = builders('pastMedicalHistory');
export const perform: CommandBuilder<'perform'> = builders('perform');
export const plan: CommandBuilder<'plan'> = builders('plan');
export const prescribe: CommandBuilder<'prescribe'> = builders('prescribe');
export const questionnaire: CommandBuilder<'questionnaire'> = builders('questionnaire');
export const reasonForVisit: CommandBuilder<'reasonForVisit'> = builders('reasonForVisit');
export const refer: CommandBuilder<'refer'> = builders('refer');
export const removeAllergy: CommandBuilder<'removeAllergy'> = builders('removeAllergy');
export const resolveCondition: CommandBuilder<'resolveCondition'> = builders('resolveCondition');
export const stopMedication: CommandBuilder<'stopMedication'> = builders('stopMedication');
export const task: CommandBuilder<'task'> = builders('task');
export const updateGoal: CommandBuilder<'updateGoal'> = builders('updateGoal');
export const vitals: CommandBuilder<'vitals'> = builders('vitals');
