// A note: where a visit is written down. Not a FHIR resource, but kept like one: every version, in the patient's chart.

import { type Static, Type } from 'typebox';
import type { Lifecycle } from '#kit/lifecycle.ts';
import { closed, fhirId, text } from '#kit/schema.ts';
import { Addendum, CosignatureRequest, NoteStep, Signature, Who } from './signatures.ts';

export const NOTE_STATES = ['open', 'locked', 'signed', 'deleted'] as const;
export type NoteState = (typeof NOTE_STATES)[number];

/** A deleted note can be restored, and is then open again. */
export const NOTE_LIFECYCLE: Lifecycle<NoteState> = {
  open: ['locked', 'signed', 'deleted'],
  locked: ['open', 'signed'],
  signed: ['open'],
  deleted: ['open'],
};

/** A line of a note: a command, or free text. */
export const NoteLine = Type.Union([
  closed({ command: fhirId('id of a command') }),
  closed({ text: Type.String({ maxLength: 20_000 }) }),
]);
export type NoteLine = Static<typeof NoteLine>;

export const Note = closed({
  resourceType: Type.Literal('Note'),
  id: fhirId('the note'),
  meta: Type.Optional(Type.Object({})),
  patient: fhirId('whose chart it is in'),
  encounter: Type.Union([fhirId('the visit'), Type.Null()]),
  title: text(255),
  type: text(50),
  state: Type.Enum([...NOTE_STATES]),
  /** In the order of the page. */
  body: Type.Array(NoteLine, { maxItems: 1_000 }),
  author: Who,
  createdAt: Type.String(),
  lockedAt: Type.Optional(Type.String()),
  /** The first signature for the current text; undefined if it isn't signed. */
  signedBy: Type.Optional(Signature.properties.by),
  signedAt: Type.Optional(Type.String()),
  /** Oldest first, like the lists below; empty for a note last written before they were stored. */
  signatures: Type.Optional(Type.Array(Signature)),
  history: Type.Optional(Type.Array(NoteStep)),
  addenda: Type.Optional(Type.Array(Addendum)),
  cosignatureRequests: Type.Optional(Type.Array(CosignatureRequest)),
});
export type Note = Static<typeof Note>;
