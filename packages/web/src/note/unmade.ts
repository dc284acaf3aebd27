// A note that somebody opened and nobody wrote in yet: it is on the screen only. The first thing that is written makes it at
// the server, with its visit, under the id that it has here; an empty one is not kept.

import type { NoteShape } from '@chartwire/client/internal/contract/note';
import { server } from '../api/client.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { journalPage, type JournalPage } from './journal.ts';

type Unmade = Pick<NoteShape, 'id' | 'patient' | 'version'>;

/** By id: how those that are open are made. */
const open = new Map<string, () => Promise<void>>();
const underway = new Map<string, Promise<NoteShape>>();
/** Begun in this window, and not made as far as is known: nobody needs to ask the server for them. */
const begunHere = new Set<string>();

/** An id for a note that is begun here. */
export function beginNote(): string {
  const id = newIdempotencyKey();
  begunHere.add(id);
  return id;
}

export function isBegunHere(id: string): boolean {
  return begunHere.has(id);
}

/** What a note is called until somebody gives it a title. */
export const UNTITLED = 'Visit';

export function unmadeNote(id: string, patient: string, author: NoteShape['author']): NoteShape {
  return {
    id,
    patient,
    encounter: null,
    title: UNTITLED,
    type: 'visit',
    state: 'open',
    body: [],
    author,
    createdAt: new Date().toISOString(),
    lockedAt: null,
    signedAt: null,
    signedBy: null,
    signatures: [],
    history: [],
    addenda: [],
    cosignatureRequests: [],
    version: 0,
  };
}

export function isUnmade({ version }: Pick<NoteShape, 'version'>): boolean {
  return version === 0;
}

/** Once, however many things in it are written at the same time. Its id is the key that makes a repeat safe. */
export function makeNote({ id, patient }: Unmade): Promise<NoteShape> {
  const known = underway.get(id);
  if (known) return known;
  const making = server.notes.create({ body: { patient, id }, idempotencyKey: id });
  underway.set(id, making);
  making.then(
    () => begunHere.delete(id),
    () => underway.delete(id),
  );
  return making;
}

/** Called by whoever has it open. */
export function whenMaking(id: string, make: () => Promise<void>): void {
  open.set(id, make);
}

export function forgetUnmade(id: string): void {
  open.delete(id);
  underway.delete(id);
}

/** Before something is written in a note from beside it. */
export async function madeFirst(id: string): Promise<void> {
  await open.get(id)?.();
}

const begunPage = (user: string, id: string): JournalPage => journalPage(user, `NewNote/${id}`);

/** What is typed in it is kept with the patient whose it will be, so that it can be made later from that alone. */
export function unmadeJournal(user: string, { id, patient }: Unmade): JournalPage {
  const page = journalPage(user, `Note/${id}`);
  const begun = begunPage(user, id);
  return {
    read: page.read,
    write: (text) => {
      page.write(text);
      begun.write(patient);
    },
    remove: () => {
      page.remove();
      begun.remove();
    },
  };
}

/** The patient of a note that was written in and never made; null for any other. */
export function patientOfUnmade(user: string, id: string): string | null {
  return begunPage(user, id).read();
}
