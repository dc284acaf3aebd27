// The shape of every event. `events/` adds the names and the typed contexts.

/** notice: sent after the commit. gate: sent before it, and may refuse. ask: a search, which collects answers. */
export type EventKind = 'notice' | 'gate' | 'ask';

/** The target of an event. `version` is the record's version, if the target is a record. */
export interface Target {
  readonly type: string;
  readonly id: string;
  readonly version?: number;
}

/** Who did it. `display` never contains a patient's name. */
export interface Actor {
  readonly type: 'user' | 'client' | 'plugin' | 'system';
  readonly id: string;
  readonly display?: string;
  /** FHIR id of the user's Practitioner, the author of the records that they write. */
  readonly practitioner?: string;
}

/** The key for counting and limiting a caller: `user/1`, `client/2`, `plugin/x`. */
export function callerOf({ type, id }: Actor): string {
  return `${type}/${id}`;
}

/** Where a change came from. */
export type Source = 'fhir' | 'api' | 'web' | 'hl7' | 'effect' | 'clock' | 'cli' | 'system';

/** A handler in a chain of events, and the type of the event that it answered. */
export interface ChainStep {
  readonly type: string;
  readonly plugin: string;
  readonly handler: string;
}

/** Events that caused one another, each by a handler's effects. */
export interface Chain {
  /** The event that started it. */
  readonly root: string;
  /** The handlers since then, in order. */
  readonly path: readonly ChainStep[];
}

/** The event and effect that caused a change. */
export interface Cause extends Partial<Chain> {
  /** The event that the handler answered. */
  readonly event: string;
  readonly execution: string;
  readonly plugin: string;
  readonly handler: string;
  /** Index of the effect in the execution's list, from 0. */
  readonly effect: number;
  /** How often the handler had already run in this chain; missing when it had not. */
  readonly turn?: number;
}

/** The longest chain of events whose handlers all differ. A chain in which a handler runs again and again ends earlier: as a loop. */
export const MAX_DEPTH = 64;

/** The shape of every event in the log, the API, and plugins. `events/` adds types. */
export interface EventEnvelope<Type extends string = string, Context extends object = object> {
  /** UUIDv7. */
  readonly id: string;
  readonly type: Type;
  readonly target: Target;
  /** FHIR id of the patient whose chart it belongs to; null outside any chart. */
  readonly patient: string | null;
  /** Id of its note, if any. */
  readonly note: string | null;
  readonly actor: Actor;
  readonly source: Source;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The chart's version after the change, which increases by one per unit of work. Null outside any chart. */
  readonly chartVersion: number | null;
  readonly cause: Cause | null;
  /** 0 for a change by a person or another system, otherwise one more than the event that caused it. */
  readonly depth: number;
  readonly context: Context;
}

/** An event before it is logged. The unit of work adds the rest. */
export interface DraftEvent
  extends Pick<EventEnvelope, 'type' | 'target'>,
    Partial<Pick<EventEnvelope, 'patient' | 'note'>> {
  /** What its context adds to the changed record. */
  readonly context?: Readonly<Record<string, unknown>>;
}
