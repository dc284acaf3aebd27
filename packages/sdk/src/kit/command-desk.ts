// Where a command commits: the chart it writes to, and what it knows of the visit. A port: chart/commands implements it.

import type { ExtractResource, Reference, ResourceType } from '@medplum/fhirtypes';
import type { Draft } from './draft.ts';

/** An option as a field with a search holds it. */
interface Chosen {
  readonly value: string;
  readonly text: string;
}

export interface CommandDesk {
  readonly draft: Draft;
  /** `Patient/123`: whose chart it is. */
  readonly subject: Reference & { readonly reference: string };
  /** The visit, as `Encounter/123`; undefined in a note without one. */
  readonly encounter: Reference | undefined;
  /** Who commits, when that is a practitioner. */
  readonly author: Reference | undefined;
  /** ISO 8601 time of the commit, in UTC. */
  readonly at: string;
  /** The day of the commit, `2026-08-23`, where the visit is: in the time zone of its place, else of the practice. */
  readonly today: string;
  /** A FHIR date or dateTime as a date there; what is less exact than a day stays so. */
  dateOf(written: string): string;
  /** The record that an option names. Refuses one that does not exist or is of another patient, naming the field. */
  chosen<T extends ResourceType>(
    type: T,
    field: string,
    option: Chosen,
  ): Promise<ExtractResource<T> & { readonly id: string }>;
  /** Whether whoever commits may read records of a type: a refusal tells nobody else what they say. */
  mayRead(type: ResourceType): boolean;
  /** A refusal of the commit, at a field: thrown by the commit. */
  refused(field: string, message: string): Error;
}
