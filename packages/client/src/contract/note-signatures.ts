// What comes after a note is signed: addenda and co-signatures.

import { type Static, Type } from 'typebox';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { AddendumShape, CosignatureRequestShape, NoteShape, SeenCommands } from './note.ts';
import { FhirId, limit, Named, only, orNull, pageOf, Version } from './parameters.ts';
import { row } from './row.ts';

const Reason = text(1_000, 'Why: kept with the note, and shown.');

const OfAddendum = only({ id: FhirId, addendum: FhirId });

const OfRequest = only({ id: FhirId, request: FhirId });

const NOTE = { status: 200, description: 'The note.', schema: NoteShape } as const;

const Waiting = Type.Object({
  note: Type.Object({
    id: FhirId,
    title: NoteShape.properties.title,
    state: NoteShape.properties.state,
    author: NoteShape.properties.author,
    createdAt: NoteShape.properties.createdAt,
    signedAt: NoteShape.properties.signedAt,
    signedBy: NoteShape.properties.signedBy,
    version: NoteShape.properties.version,
  }),
  patient: Type.Object({ id: FhirId, name: orNull(Type.String()), birthDate: orNull(Type.String()) }),
  request: CosignatureRequestShape,
});
export type Waiting = Static<typeof Waiting>;

export const ADDENDA = {
  create: row({
    method: 'POST',
    path: '/api/notes/:id/addenda',
    operation: 'notes.addenda.create',
    summary: 'Adds text below a locked or signed note, signed by itself; nobody edits it',
    needs: 'Note.u',
    about: 'Note',
    idempotent: true,
    params: Named,
    body: only({ text: text(20_000, 'What is added.') }),
    answer: { status: 201, description: 'The addendum.', schema: AddendumShape },
  }),
  enterInError: row({
    method: 'POST',
    path: '/api/notes/:id/addenda/:addendum/enter-in-error',
    operation: 'notes.addenda.enter-in-error',
    summary: 'Enters an addendum in error: it stays below the note, struck through, with the reason',
    needs: 'Note.u',
    about: 'Note',
    params: OfAddendum,
    body: only({ reason: Reason }),
    answer: NOTE,
  }),
};

export const COSIGNATURE_REQUESTS = {
  create: row({
    method: 'POST',
    path: '/api/notes/:id/cosignature-requests',
    operation: 'notes.cosignature-requests.create',
    summary: 'Asks a supervisor to sign a note that you signed',
    needs: 'Note.u',
    about: 'Note',
    idempotent: true,
    params: Named,
    body: only({
      practitioner: Type.String({ ...FhirId, description: 'Who is asked: a Practitioner.' }),
      message: Type.Optional(text(1_000, 'What they should know.')),
    }),
    answer: { status: 201, description: 'The request.', schema: CosignatureRequestShape },
  }),
  sign: row({
    method: 'POST',
    path: '/api/notes/:id/cosignature-requests/:request/sign',
    operation: 'notes.cosignature-requests.sign',
    summary: 'Co-signs: for the supervisor who was asked',
    needs: 'Note.u',
    about: 'Note',
    params: OfRequest,
    body: only({ version: Version, commands: SeenCommands }),
    answer: NOTE,
  }),
  withdraw: row({
    method: 'POST',
    path: '/api/notes/:id/cosignature-requests/:request/withdraw',
    operation: 'notes.cosignature-requests.withdraw',
    summary: 'Takes a request for a co-signature back: for whoever asked',
    needs: 'Note.u',
    about: 'Note',
    params: OfRequest,
    body: only({}),
    answer: NOTE,
  }),
  return: row({
    method: 'POST',
    path: '/api/notes/:id/cosignature-requests/:request/return',
    operation: 'notes.cosignature-requests.return',
    summary: 'Returns a note without a co-signature, and says why: for the supervisor who was asked',
    needs: 'Note.u',
    about: 'Note',
    params: OfRequest,
    body: only({ reason: Reason }),
    answer: NOTE,
  }),
  list: row({
    method: 'GET',
    path: '/api/cosignature-requests',
    operation: 'cosignature-requests.list',
    summary: 'Notes that wait for a supervisor’s signature, newest note first; or those for which you asked',
    needs: 'Note.s',
    query: only({
      of: Type.Optional(
        Type.String({
          pattern: '^(me|[A-Za-z0-9\\-.]{1,64})$',
          description: 'The id of a Practitioner, or `me`, which it is unless `by` is given.',
        }),
      ),
      by: Type.Optional(
        Type.Literal('me', { description: 'Instead of `of`: what you asked for, those that were returned too.' }),
      ),
      after: Type.Optional(FhirId),
      limit: limit(50, 200),
    }),
    answer: { status: 200, description: 'A page of requests.', schema: pageOf(Waiting) },
  }),
};
