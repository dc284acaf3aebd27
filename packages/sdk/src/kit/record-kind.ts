// The declaration of a kind of record: an R4 resource type, a condition, and named transitions. Its events are derived:
// <PREFIX>_CREATED, _UPDATED, _DELETED, and <PREFIX>_<TRANSITION> for each transition.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';

/** One record before and after a unit of work; null before its creation and after its deletion. */
export interface Change<R extends object = Resource> {
  readonly before: R | null;
  readonly after: R | null;
}

/** One occurrence of a transition. */
export interface Occurrence<Detail extends object = object> {
  /** The event's target, if it isn't the changed record. */
  readonly target?: { readonly type: string; readonly id: string };
  /** What the event's context adds to record, previous, and changed. */
  readonly detail?: Detail;
}

/** A named change of a record. Its event fires in addition to UPDATED (or CREATED). */
export interface Transition<R extends Resource = Resource> {
  /** The resource type to watch, if it isn't the kind's own. */
  readonly on?: ResourceType;
  /** Type of the event's target, if it isn't the kind's own. */
  readonly target?: string;
  readonly summary: string;
  /** When it occurs. */
  readonly occurs: string;
  /** What its context adds to record, previous, and changed, in words. */
  readonly adds?: string;
  /** Pure. Returns whether the change is this transition, or each occurrence with its details. */
  when(change: Change<R>): boolean | readonly Occurrence[];
}

export interface RecordKind<T extends ResourceType = ResourceType> {
  /** `LAB_REPORT`: the prefix of its events. */
  readonly prefix: string;
  readonly resource: T;
  /** `Lab report`. */
  readonly label: string;
  readonly summary: string;
  /** The condition `is`, in words. */
  readonly where?: string;
  /** If absent, the kind takes every record of the type that no earlier kind took. */
  is?(record: ExtractResource<T>): boolean;
  readonly transitions?: Readonly<Record<string, Transition>>;
  /** Pure except for `newId`. Adds what the chart generates, such as ids of parts, before the record is compared and written. */
  complete?(record: ExtractResource<T>, before: ExtractResource<T> | null, newId: () => string): ExtractResource<T>;
}

/** Declares a kind of record and keeps its literal types, from which event names and contexts are computed. */
export function defineRecord<const T extends ResourceType, const K extends RecordKind<T>>(
  kind: K & { readonly resource: T },
): K {
  return kind;
}

/** True if an existing record now satisfies `holds`. A record created in that state (such as by an import) is no transition. */
export function became<R extends Resource>({ before, after }: Change<R>, holds: (record: R) => boolean): boolean {
  return before !== null && after !== null && !holds(before) && holds(after);
}
