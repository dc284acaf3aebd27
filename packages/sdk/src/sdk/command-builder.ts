// The builder of each command: `prescribe.originate({ note, fields: { ... } })`.

import type { Static, TSchema } from 'typebox';
import type { AnyCommand, CommandKey } from '#commands/index.ts';
import type { Effect } from './effect.ts';

/** Command keys and their fields. */
type CommandFields = { [C in AnyCommand as C['key']]: C['fields'] };

/** Fields in a plugin's effect: an option may be given by its value alone, and null clears a field. */
export type GivenFields<K extends CommandKey> = {
  readonly [F in keyof CommandFields[K]]?: Given<CommandFields[K][F]> | null;
};

type Given<F> = F extends { readonly schema: infer S extends TSchema } ? Static<S> | Shorter<F, Static<S>> : never;

/** For fields with a search: a code or an id may replace an option. */
type Shorter<F, V> = F extends { readonly search: object }
  ? V extends readonly unknown[]
    ? readonly string[]
    : string
  : never;

/** What `originate` takes: a note, and fields by name. */
export interface OriginateArgument<K extends CommandKey> {
  /** FHIR id of a note that isn't locked or signed. */
  readonly note: string;
  readonly fields?: GivenFields<K>;
  /** An id of your choice (a FHIR id), to refer to the command in later effects of the same list. */
  readonly id?: string;
  /** Commits the command at once. */
  readonly commit?: boolean;
}

/** The effects on one type of command. Each method returns an effect and changes nothing by itself. */
export interface CommandBuilder<K extends CommandKey> {
  /** Enters the command into a note. */
  originate(argument: OriginateArgument<K>): Effect<'ORIGINATE_COMMAND'>;
  /** Changes the named fields of a staged command and keeps the others. */
  edit(argument: { readonly command: string; readonly fields: GivenFields<K> }): Effect<'EDIT_COMMAND'>;
  commit(argument: { readonly command: string }): Effect<'COMMIT_COMMAND'>;
  delete(argument: { readonly command: string }): Effect<'DELETE_COMMAND'>;
  /** `reason`: why it was an error; shown with the command. */
  enterInError(argument: { readonly command: string; readonly reason?: string }): Effect<'ENTER_COMMAND_IN_ERROR'>;
  executeAction(argument: { readonly command: string; readonly action: string }): Effect<'EXECUTE_COMMAND_ACTION'>;
}

export function commandBuilder<const K extends CommandKey>(key: K): CommandBuilder<K> {
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
