// Who, where and by whom, as the records of a commit name it.

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

/** What was written beside the coded elements, with who wrote it and when. None for an empty field. */
export function annotations(desk: CommandDesk, ...texts: readonly (string | undefined)[]): Annotation[] {
  const authorReference = visitOf(desk).author;
  return texts.flatMap((text) => (text ? filled<Annotation>({ authorReference, time: desk.at, text }) : []));
}

/** The desk promises the type; what carries no resource needs no cast to say it. */
function narrowed<R extends Resource>({ reference, display }: Reference): Reference<R> {
  return filled({ reference, display });
}
