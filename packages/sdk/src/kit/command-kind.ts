// The declaration of a command: one structured entry in a note with fields, searches, and actions. Its events are derived: twelve
// phases, and PRE_SEARCH, POST_SEARCH, and SELECTED for each field with a search.

import type { ResourceType } from '@medplum/fhirtypes';
import type { Static, TSchema } from 'typebox';
import type { CommandDesk } from './command-desk.ts';

/** Operations on a command. Each has a gate before it (PRE_) and a notice after it (POST_). */
export const OPERATIONS = ['ORIGINATE', 'UPDATE', 'COMMIT', 'DELETE', 'ENTER_IN_ERROR', 'EXECUTE_ACTION'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** State of a command. `in-review` occurs only if the kind has `review`. */
export type CommandState = 'staged' | 'in-review' | 'committed' | 'entered-in-error';

/** Actions of every command. */
export const BASE_ACTIONS = ['print', 'carry-forward'] as const;

/** Where a field's options come from. */
export type Search = (
  | {
      readonly from: 'terms';
      readonly systems: readonly string[];
      /**
       * Allows an option without a coding, in words. `narrative`: the words are the entry and a code is optional, so text is kept
       * even if no option is selected.
       */
      readonly words?: true | 'narrative';
      /** Terms to list first. */
      readonly prefer?: 'laboratory' | 'imaging' | 'disease';
      /** For drugs: `ingredient` searches substances; otherwise drug products. */
      readonly of?: 'ingredient';
    }
  /** Records of the note's patient; `filter` is FHIR search parameters. */
  | { readonly from: 'chart'; readonly type: ResourceType; readonly filter?: string }
  /** Records outside any chart; `filters` by type, for types that need one. */
  | {
      readonly from: 'records';
      readonly types: readonly ResourceType[];
      readonly filters?: Readonly<Partial<Record<ResourceType, string>>>;
      /** Kinds of `records/parties.ts` that the user can add if one is missing. */
      readonly adds?: readonly string[];
    }
) & {
  /** Name of its SELECTED event, if it isn't `<PREFIX>__<FIELD>__SELECTED`. */
  readonly selected?: string;
};

export interface Field {
  readonly label: string;
  readonly schema: TSchema;
  /** Required for a commit, or required unless one of the named fields is filled. */
  readonly needed?: true | { readonly unless: readonly string[] };
  readonly search?: Search;
  /** UCUM unit of a number. */
  readonly unit?: string;
  /** Its initial value. */
  readonly initial?: 'today' | 'author';
}

export interface CommandKind {
  /** `prescribe`: its name in the API. */
  readonly key: string;
  /** `PRESCRIBE`: the prefix of its events. */
  readonly prefix: string;
  readonly label: string;
  readonly summary: string;
  /** Its title when printed on its own for someone else: `Prescription`. */
  readonly paper?: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Actions beyond the base actions. */
  readonly actions?: readonly string[];
  /** Another person can review it before the commit. */
  readonly review?: true;
}

/**
 * Writes records to the draft and does nothing else. The draft tracks what the command made or changed, and an undo starts from
 * there.
 */
export type Commit<K extends CommandKind> = (values: CommittedValues<K>, desk: CommandDesk) => Promise<void> | void;

/** A command with its commit. */
export type Command<K extends CommandKind = CommandKind> = K & { readonly commit: Commit<K> };

/** Declares a command and keeps its literal types, from which event names and contexts are computed. */
export function defineCommand<const K extends CommandKind>(kind: K, commit?: Commit<K>): Command<K> {
  return { ...kind, commit: commit ?? (() => {}) };
}

export function actionsOf(kind: CommandKind): readonly string[] {
  return [...BASE_ACTIONS, ...(kind.actions ?? [])];
}

/** Inferred, so that the compiler compares two commands by their fields and doesn't evaluate whole TypeBox schemas. */
type ValueOf<F> = F extends { readonly schema: infer S extends TSchema } ? Static<S> : never;

/** The fields of a command in progress; any may be missing. */
export type FieldValues<K extends CommandKind> = {
  readonly [F in keyof K['fields']]?: ValueOf<K['fields'][F]>;
};

/** The fields of a committed command; required ones are present. */
export type CommittedValues<K extends CommandKind> = FieldValues<K> & {
  readonly [F in keyof K['fields'] as K['fields'][F] extends { needed: true } ? F : never]: ValueOf<K['fields'][F]>;
};
