// The port for a command's commit: the chart it writes to, and the facts of the visit. Implemented by chart/commands.

import type { ExtractResource, Reference, ResourceType } from '@medplum/fhirtypes';
import type { Draft } from './draft.ts';

/** An option as stored in a field with a search. */
interface Chosen {
  readonly value: string;
  readonly text: string;
}

export interface CommandDesk {
  readonly draft: Draft;
  /** The patient of the chart: `Patient/123`. */
  readonly subject: Reference & { readonly reference: string };
  /** The visit, `Encounter/123`; undefined if the note has none. */
  readonly encounter: Reference | undefined;
  /** The practitioner who commits; undefined if it isn't one. */
  readonly author: Reference | undefined;
  /** Time of the commit, ISO 8601 in UTC. */
  readonly at: string;
  /** Local day of the commit, `2026-08-23`, in the time zone of the visit's location or else the practice. */
  readonly today: string;
  /** Converts a FHIR date or dateTime to a local date. Anything less precise than a day is kept. */
  dateOf(written: string): string;
  /**
   * The record that an option refers to.
   *
   * @throws {Refusal} naming the field, when it doesn't exist or belongs to another patient
   */
  chosen<T extends ResourceType>(
    type: T,
    field: string,
    option: Chosen,
  ): Promise<ExtractResource<T> & { readonly id: string }>;
  /** Whether the committing user may read records of a type. Refusals must not reveal their content to anyone else. */
  mayRead(type: ResourceType): boolean;
  /** Makes the error for a field, for the commit to throw. */
  refused(field: string, message: string): Error;
}
