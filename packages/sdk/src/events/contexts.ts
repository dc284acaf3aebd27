// The typed context of each event, computed from the declarations of records, commands, and the platform.

import type { ExtractResource, ResourceType } from '@medplum/fhirtypes';
import type { AnyCommand, CommandKey } from '#commands/index.ts';
import type {
  BASE_ACTIONS,
  CommandKind,
  CommandState,
  CommittedValues,
  FieldValues,
  Operation,
} from '#kit/command-kind.ts';
import type { ConstantCase } from '#kit/constant-case.ts';
import type { Actor } from '#kit/event.ts';
import type { Option } from '#kit/schema.ts';
import type { Made } from '#records/command-entry.ts';
import type { GenericKind, NamedKind } from '#records/index.ts';
import type { PlatformContexts } from './platform.ts';

// ── records

/** A record in an event. It has been written, so it has an id. */
export type Written<T extends ResourceType> = ExtractResource<T> & { readonly id: string };

export interface RecordCreated<T extends ResourceType> {
  readonly record: Written<T>;
  /** Paths of what changed, such as `Task.status`; for a new record only its type. */
  readonly changed: readonly string[];
}

export interface RecordUpdated<T extends ResourceType> extends RecordCreated<T> {
  readonly previous: Written<T>;
}

/** The record in its last version. */
export interface RecordDeleted<T extends ResourceType> extends RecordCreated<T> {}

/** `previous` is absent if the record is new. */
export interface RecordTransition<T extends ResourceType> extends RecordCreated<T> {
  readonly previous?: Written<T>;
}

type RecordEntry<K> = K extends { prefix: infer P extends string; resource: infer T extends ResourceType }
  ?
      | { type: `${P}_CREATED`; context: RecordCreated<T> }
      | { type: `${P}_UPDATED`; context: RecordUpdated<T> }
      | { type: `${P}_DELETED`; context: RecordDeleted<T> }
      | (K extends { transitions: infer X } ? TransitionEntry<P, T, X> : never)
  : never;

type TransitionEntry<P extends string, T extends ResourceType, X> = {
  [N in keyof X & string]: {
    type: `${P}_${N}`;
    context: RecordTransition<X[N] extends { on: infer On extends ResourceType } ? On : T> & Detail<X[N]>;
  };
}[keyof X & string];

/** What a transition's `when` adds to the context. */
type Detail<X> = X extends { when: (...change: never) => readonly { detail?: infer D extends object }[] } ? D : object;

// ── commands

export interface CommandRef<Key extends string = string> {
  readonly id: string;
  readonly key: Key;
  readonly state: CommandState;
  /** Increases by one with each change of the command. */
  readonly version: number;
}

interface InNote<Key extends string> {
  readonly command: CommandRef<Key>;
  /** FHIR ids. */
  readonly note: string;
  readonly patient: string;
}

type ActionOf<K> = (typeof BASE_ACTIONS)[number] | (K extends { actions: readonly (infer A)[] } ? A : never);

/** The contexts of an operation's two events. `V`: fields of a command in progress; `C`: fields of a committed command. */
interface Phases<V, C, Action> {
  ORIGINATE: { PRE: { readonly fields: V; readonly proposed: V }; POST: { readonly fields: V } };
  UPDATE: {
    /** `fields`: current values. `proposed`: values after the change. `changed`: names of the fields that differ. */
    PRE: { readonly fields: V; readonly proposed: V; readonly changed: readonly (keyof V & string)[] };
    POST: { readonly fields: V; readonly previous: V; readonly changed: readonly (keyof V & string)[] };
  };
  /** `made`: the records that the commit wrote. */
  COMMIT: { PRE: { readonly fields: V }; POST: { readonly fields: C; readonly made: readonly Made[] } };
  DELETE: { PRE: { readonly fields: V }; POST: { readonly fields: V } };
  /** `reason`: why it was an error, if given. */
  ENTER_IN_ERROR: {
    PRE: { readonly fields: C; readonly reason?: string };
    POST: { readonly fields: C; readonly made: readonly Made[]; readonly reason?: string };
  };
  EXECUTE_ACTION: {
    PRE: { readonly fields: V; readonly action: Action };
    POST: { readonly fields: V; readonly action: Action };
  };
}

type Moment = 'PRE' | 'POST';

type PhaseEntry<K> = K extends CommandKind
  ? {
      [O in Operation]: {
        [M in Moment]: {
          type: `${K['prefix']}_COMMAND__${M}_${O}`;
          context: InNote<K['key']> & Phases<FieldValues<K>, CommittedValues<K>, ActionOf<K>>[O][M];
        };
      }[Moment];
    }[Operation]
  : never;

type AnyFields = Readonly<Record<string, unknown>>;

type GenericEntry = {
  [O in Operation]: {
    [M in Moment]: {
      type: `${M}_COMMAND_${O}`;
      context: InNote<CommandKey> & Phases<AnyFields, AnyFields, string>[O][M];
    };
  }[Moment];
}[Operation];

/** One option in a search's results. */
export interface SearchResult extends Option {
  readonly description?: string;
  /** Shown but not selectable. */
  readonly disabled?: boolean;
  readonly annotations?: readonly string[];
}

interface Searching<K extends CommandKind, F> extends InNote<K['key']> {
  readonly field: F;
  readonly fields: FieldValues<K>;
  readonly user: Actor;
}

export interface BeforeSearch<K extends CommandKind, F> extends Searching<K, F> {
  readonly query: string;
  readonly results: null;
}

export interface AfterSearch<K extends CommandKind, F> extends Searching<K, F> {
  readonly query: string;
  readonly results: readonly SearchResult[];
}

export interface Selected<K extends CommandKind, F> extends Searching<K, F> {
  readonly option: Option;
}

type FieldEntry<K> = K extends CommandKind
  ? {
      [F in keyof K['fields'] & string]: K['fields'][F] extends { search: infer S }
        ?
            | { type: `${K['prefix']}__${ConstantCase<F>}__PRE_SEARCH`; context: BeforeSearch<K, F> }
            | { type: `${K['prefix']}__${ConstantCase<F>}__POST_SEARCH`; context: AfterSearch<K, F> }
            | {
                type: S extends { selected: infer Name extends string }
                  ? Name
                  : `${K['prefix']}__${ConstantCase<F>}__SELECTED`;
                context: Selected<K, F>;
              }
        : never;
    }[keyof K['fields'] & string]
  : never;

// ── all of them

type Entry = RecordEntry<NamedKind | GenericKind> | PhaseEntry<AnyCommand> | GenericEntry | FieldEntry<AnyCommand>;

/** Event types to their contexts. */
export type Contexts = { [E in Entry as E['type']]: E['context'] } & PlatformContexts;
