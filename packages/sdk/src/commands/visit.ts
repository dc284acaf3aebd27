// References of a commit's records: who, where, and by whom.

import type { Annotation, Encounter, Patient, Practitioner, Reference, Resource } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import { filled } from '#kit/filled.ts';

export interface Visit {
  readonly subject: Reference<Patient>;
  readonly encounter: Reference<Encounter> | undefined;
  readonly author: Reference<Practitioner> | undefined;
}

export function visitOf({ subject, encounter, author }: CommandDesk): Visit {
  return {
    subject: { reference: subject.reference },
    encounter: encounter && narrowed<Encounter>(encounter),
    author: author && narrowed<Practitioner>(author),
  };
}

/** Text entered next to the coded elements, with author and time. Empty for an empty field. */
export function annotations(desk: CommandDesk, ...texts: readonly (string | undefined)[]): Annotation[] {
  const authorReference = visitOf(desk).author;
  return texts.flatMap((text) => (text ? filled<Annotation>({ authorReference, time: desk.at, text }) : []));
}

/** The desk guarantees the type; without an embedded resource no cast is needed. */
function narrowed<R extends Resource>({ reference, display }: Reference): Reference<R> {
  return filled({ reference, display });
}
