// /api/notes: create, read, write, lock, sign, delete, and restore notes.

import { Type } from 'typebox';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { NOTE_STATES, NoteLine } from '@chartwire/sdk/internal/records/note';
import { NoteAtVersion, NoteShape, NoteWithCommands, SeenCommands } from './note.ts';
import { ADDENDA, COSIGNATURE_REQUESTS } from './note-signatures.ts';
import { FhirId, limit, Named, only, pageOf, Version } from './parameters.ts';
import { row } from './row.ts';

const Title = text(255, 'What the note is called.');

const NOW = { status: 200, description: 'The note.', schema: NoteShape } as const;

export const NOTES = {
  list: row({
    method: 'GET',
    path: '/api/notes',
    operation: 'notes.list',
    summary: 'A patient’s notes, newest first',
    needs: 'Note.s',
    query: only({
      patient: FhirId,
      state: Type.Optional(Type.Enum([...NOTE_STATES], { description: 'All states unless given.' })),
      after: Type.Optional(FhirId),
      limit: limit(50, 500),
    }),
    answer: { status: 200, description: 'A page of notes, without their commands.', schema: pageOf(NoteShape) },
  }),
  get: row({
    method: 'GET',
    path: '/api/notes/:id',
    operation: 'notes.get',
    summary: 'A note with its commands',
    needs: 'Note.r',
    about: 'Note',
    params: Named,
    answer: { status: 200, description: 'The note.', schema: NoteWithCommands },
  }),
  version: row({
    method: 'GET',
    path: '/api/notes/:id/versions/:version',
    operation: 'notes.version',
    summary: 'A note as it was at a version, with its commands as they were then: what a signature covers',
    needs: 'Note.r',
    about: 'Note',
    params: only({ id: FhirId, version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }),
    answer: { status: 200, description: 'The note as it was.', schema: NoteAtVersion },
  }),
  create: row({
    method: 'POST',
    path: '/api/notes',
    operation: 'notes.create',
    summary: 'Begins a note, and its visit with it',
    needs: 'Note.c',
    idempotent: true,
    body: only({
      patient: FhirId,
      title: Type.Optional(Title),
      type: Type.Optional(text(50, '`visit` unless given; a note of another type has no visit of its own.')),
      encounter: Type.Optional(
        Type.String({ ...FhirId, description: 'A visit of the patient that is there already.' }),
      ),
      id: Type.Optional(
        Type.String({ ...FhirId, description: 'An id of your own: a UUIDv7, by which notes are listed in order.' }),
      ),
    }),
    answer: { status: 201, description: 'The note.', schema: NoteShape },
  }),
  write: row({
    method: 'PATCH',
    path: '/api/notes/:id',
    operation: 'notes.write',
    summary: 'Changes the title, the free text and the order of an open note',
    needs: 'Note.u',
    about: 'Note',
    params: Named,
    body: only({
      title: Type.Optional(Title),
      body: Type.Optional(
        Type.Array(NoteLine, { maxItems: 1_000, description: 'All lines: text, and each command of the note once.' }),
      ),
      version: Version,
    }),
    answer: { status: 200, description: 'The note.', schema: NoteShape },
  }),
  lock: row({
    method: 'POST',
    path: '/api/notes/:id/lock',
    operation: 'notes.lock',
    summary: 'Locks a note; its visit is finished with the first lock',
    needs: 'Note.u',
    about: 'Note',
    params: Named,
    body: only({ version: Version }),
    answer: NOW,
  }),
  restore: row({
    method: 'POST',
    path: '/api/notes/:id/restore',
    operation: 'notes.restore',
    summary: 'Takes a note out of the bin',
    needs: 'Note.u',
    about: 'Note',
    params: Named,
    body: only({ version: Version }),
    answer: NOW,
  }),
  unlock: row({
    method: 'POST',
    path: '/api/notes/:id/unlock',
    operation: 'notes.unlock',
    summary:
      'Opens a locked or signed note again, with a reason: for whoever wrote it, locked it, or signed it while it was open, co-signed it when asked, or may unlock others’ notes',
    needs: 'Note.u',
    about: 'Note',
    params: Named,
    body: only({ reason: text(1_000, 'Why: kept with the note, and shown.'), version: Version }),
    answer: NOW,
  }),
  sign: row({
    method: 'POST',
    path: '/api/notes/:id/sign',
    operation: 'notes.sign',
    summary: 'Signs a note; it is locked by that. A signed one is signed by somebody else too',
    needs: 'Note.u',
    about: 'Note',
    params: Named,
    body: only({
      role: Type.Optional(
        text(
          50,
          'A role of the practice’s own. Unless given: `author`, `co-author` beside another, `co-signer` for a supervisor who was asked; each of these is refused to whoever has another of them.',
        ),
      ),
      version: Version,
      commands: SeenCommands,
    }),
    answer: NOW,
  }),
  delete: row({
    method: 'DELETE',
    path: '/api/notes/:id',
    operation: 'notes.delete',
    summary: 'Puts an open note into the bin, from which it can be restored',
    needs: 'Note.d',
    about: 'Note',
    params: Named,
    answer: { status: 204, description: 'It is in the bin.' },
  }),
  addenda: ADDENDA,
  cosignatureRequests: COSIGNATURE_REQUESTS,
};
