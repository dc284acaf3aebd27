// The grammar of commands: one structured entry in a note, its fields, their searches, its actions.
// Its events follow: twelve phases, and PRE_SEARCH, POST_SEARCH and SELECTED of each field with a search.

import type { ResourceType } from '@medplum/fhirtypes';
import type { Static, TSchema } from 'typebox';
import type { CommandDesk } from './command-desk.ts';

/** What may be done with a command. Each is asked about before (PRE_) and told after (POST_). */
export const OPERATIONS = ['ORIGINATE', 'UPDATE', 'COMMIT', 'DELETE', 'ENTER_IN_ERROR', 'EXECUTE_ACTION'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Where a command is in its life. `in-review` only where the kind says `review`. */
export type CommandState = 'staged' | 'in-review' | 'committed' | 'entered-in-error';

/** Actions of every command. */
export const BASE_ACTIONS = ['print', 'carry-forward'] as const;

/** Where a field's options come from. */
export type Search = (
  | {
      readonly from: 'terms';
      readonly systems: readonly string[];
      /**
       * What has no code in them is said in words: an option without a coding. `narrative`: the words are the entry, and
       * a code is an extra, so they are taken as they stand where no option is picked.
       */
      readonly words?: true | 'narrative';
      /** The terms that come before all others. */
      readonly prefer?: 'laboratory' | 'imaging' | 'disease';
      /** Of drugs, what they consist of; the drugs themselves unless given. */
      readonly of?: 'ingredient';
    }
  /** Records of the note's patient; `filter` as FHIR search parameters. */
  | { readonly from: 'chart'; readonly type: ResourceType; readonly filter?: string }
  /** Records outside any chart; `filters` of the types that have one. */
  | {
      readonly from: 'records';
      readonly types: readonly ResourceType[];
      readonly filters?: Readonly<Partial<Record<ResourceType, string>>>;
      /** Kinds of `records/parties.ts` that may be added where one is missing. */
      readonly adds?: readonly string[];
    }
) & {
  /** Its SELECTED event, where that is not named `<PREFIX>__<FIELD>__SELECTED`. */
  readonly selected?: string;
};

export interface Field {
  readonly label: string;
  readonly schema: TSchema;
  /** Without it the command cannot be committed; or it needs one of the fields named in `unless`. */
  readonly needed?: true | { readonly unless: readonly string[] };
  readonly search?: Search;
  /** UCUM code of what a number is measured in. */
  readonly unit?: string;
  /** What it holds from the beginning. */
  readonly initial?: 'today' | 'author';
}

export interface CommandKind {
  /** `prescribe`: how the API names it. */
  readonly key: string;
  /** `PRESCRIBE`: how its events begin. */
  readonly prefix: string;
  readonly label: string;
  readonly summary: string;
  /** What it is called when it is printed by itself, to be handed to somebody: `Prescription`. */
  readonly paper?: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Besides the base actions. */
  readonly actions?: readonly string[];
  /** It may be looked over by another before it is committed. */
  readonly review?: true;
}

/** What a commit writes: records of the draft, nothing else. What it made or changed is found there, and undone from there. */
export type Commit<K extends CommandKind> = (values: CommittedValues<K>, desk: CommandDesk) => Promise<void> | void;

/** A command with what its commit writes. */
export type Command<K extends CommandKind = CommandKind> = K & { readonly commit: Commit<K> };

/** Declares a command; keeps the literal types from which event names and contexts are computed. */
export function defineCommand<const K extends CommandKind>(kind: K, commit?: Commit<K>): Command<K> {
  return { ...kind, commit: commit ?? (() => {}) };
}

export function actionsOf(kind: CommandKind): readonly string[] {
  return [...BASE_ACTIONS, ...(kind.actions ?? [])];
}

/** Through `infer`: two commands' values are compared by their fields, not by TypeBox's whole evaluation of a schema. */
type ValueOf<F> = F extends { readonly schema: infer S extends TSchema } ? Static<S> : never;

/** What the fields of a command hold while it is written: any of them may still be missing. */
export type FieldValues<K extends CommandKind> = {
  readonly [F in keyof K['fields']]?: ValueOf<K['fields'][F]>;
};

/** The same once it is committed: what is needed is there. */
export type CommittedValues<K extends CommandKind> = FieldValues<K> & {
  readonly [F in keyof K['fields'] as K['fields'][F] extends { needed: true } ? F : never]: ValueOf<K['fields'][F]>;
};
