// The shape of an event, before it is known which event. `events/` adds the names and the typed contexts.

/** notice: told after the commit. gate: asked before it, may refuse. ask: answers are wanted (searches). */
export type EventKind = 'notice' | 'gate' | 'ask';

/** What an event is about. `version` is the record's version, where the target is a record. */
export interface Target {
  readonly type: string;
  readonly id: string;
  readonly version?: number;
}

/** Who did it. `display` never holds a patient's name. */
export interface Actor {
  readonly type: 'user' | 'client' | 'plugin' | 'system';
  readonly id: string;
  readonly display?: string;
  /** FHIR id of the Practitioner that a user is: who the records they write have as their author. */
  readonly practitioner?: string;
}

/** In whose name something is counted and limited: `user/1`, `client/2`, `plugin/x`. */
export function callerOf({ type, id }: Actor): string {
  return `${type}/${id}`;
}

/** The door a change came through. */
export type Source = 'fhir' | 'api' | 'web' | 'hl7' | 'effect' | 'clock' | 'cli' | 'system';

/** Why a change happened, when an event did it: the effect of an execution that answered it. */
export interface Cause {
  /** The event that was answered. */
  readonly event: string;
  readonly execution: string;
  readonly plugin: string;
  readonly handler: string;
  /** Position of the effect in the execution's list, from 0. */
  readonly effect: number;
}

/** Events caused by events caused by events: the longest chain that is still carried out. */
export const MAX_DEPTH = 8;

/** Every event, whichever its type: the one shape in which the log, the API and plugins have it. `events/` types it further. */
export interface EventEnvelope<Type extends string = string, Context extends object = object> {
  /** UUIDv7. */
  readonly id: string;
  readonly type: Type;
  readonly target: Target;
  /** FHIR id of the patient whose chart it happened in; null outside any chart. */
  readonly patient: string | null;
  /** Id of the note it happened in, when it happened in one. */
  readonly note: string | null;
  readonly actor: Actor;
  readonly source: Source;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Version of the chart after the change; grows by one a unit of work. Null outside any chart. */
  readonly chartVersion: number | null;
  readonly cause: Cause | null;
  /** 0 for what a person or another system did; one more than the event that caused it otherwise. */
  readonly depth: number;
  readonly context: Context;
}

/** An event that is yet to be logged: the unit of work that it happens in gives it the rest. */
export interface DraftEvent
  extends Pick<EventEnvelope, 'type' | 'target'>,
    Partial<Pick<EventEnvelope, 'patient' | 'note'>> {
  /** What its context holds beside the record that changed, where one did. */
  readonly context?: Readonly<Record<string, unknown>>;
}
