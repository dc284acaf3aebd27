// The grammar of records: a kind of record is an R4 resource type, how it is told apart, and its named transitions.
// Its events follow: <PREFIX>_CREATED, _UPDATED, _DELETED, and <PREFIX>_<TRANSITION> for each transition.

import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';

/** One record before and after a unit of work; null before its creation and after its deletion. */
export interface Change<R extends object = Resource> {
  readonly before: R | null;
  readonly after: R | null;
}

/** One time that a transition took place. */
export interface Occurrence<Detail extends object = object> {
  /** What the event is about, when it is not the record that changed. */
  readonly target?: { readonly type: string; readonly id: string };
  /** What the event's context holds beside record, previous and changed. */
  readonly detail?: Detail;
}

/** A change of a record with a name of its own. Its event fires besides the record's UPDATED (or CREATED). */
export interface Transition<R extends Resource = Resource> {
  /** The resource type whose change is looked at, when it is not the kind's own. */
  readonly on?: ResourceType;
  /** The event's target type, when it is not the kind's own resource. */
  readonly target?: string;
  readonly summary: string;
  /** What makes it happen. */
  readonly occurs: string;
  /** What its context holds beside record, previous and changed, in words. */
  readonly adds?: string;
  /** Pure. Whether, or how often and with which details, the change is this transition. */
  when(change: Change<R>): boolean | readonly Occurrence[];
}

export interface RecordKind<T extends ResourceType = ResourceType> {
  /** `LAB_REPORT`: how its events begin. */
  readonly prefix: string;
  readonly resource: T;
  /** `Lab report`. */
  readonly label: string;
  readonly summary: string;
  /** How its records are told apart from others of the resource type, in words; goes with `is`. */
  readonly where?: string;
  /** Without it, the kind takes every record of the type that no kind before it took. */
  is?(record: ExtractResource<T>): boolean;
  readonly transitions?: Readonly<Record<string, Transition>>;
  /** Pure but for `newId`. What the chart adds to a record before it is compared and written: ids of its parts. */
  complete?(record: ExtractResource<T>, before: ExtractResource<T> | null, newId: () => string): ExtractResource<T>;
}

/** Declares a kind of record; keeps the literal types from which event names and contexts are computed. */
export function defineRecord<const T extends ResourceType, const K extends RecordKind<T>>(
  kind: K & { readonly resource: T },
): K {
  return kind;
}

/** True when an existing record comes to satisfy `holds`. A record created that way (an import) makes no transition. */
export function became<R extends Resource>({ before, after }: Change<R>, holds: (record: R) => boolean): boolean {
  return before !== null && after !== null && !holds(before) && holds(after);
}
