// Sends what is kept of notes that are not open, as if they were opened once more; and tells what cannot be sent.

import { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { journalPage, unlessOpen, unsentBy } from './journal.ts';
import type { Kinds } from './kinds.ts';
import { NoteDoc } from './note-doc.ts';
import type { NoteWithCommands } from './note-view.ts';
import { patientOfUnmade, unmadeNote } from './unmade.ts';

/** What was not sent, though the server is there. */
export interface Remainder {
  /** Notes in which somebody has to choose or correct something. */
  readonly stuck: readonly { readonly note: string; readonly patient: string }[];
  /** What was written in a note or command that is no more, by reference. */
  readonly gone: readonly string[];
  /** Whether anything was sent. */
  readonly sent: boolean;
}

export async function sendKept(user: string, kinds: Kinds): Promise<Remainder> {
  const stuck: { note: string; patient: string }[] = [];
  const { notes, gone } = await placesOf(user, unsentBy(user));
  let sent = false;
  for (const id of notes) {
    await unlessOpen(id, async () => {
      const note = await foundOrBegun(user, id);
      if (typeof note === 'string') return;
      const doc = new NoteDoc(note, user, kinds);
      if (await doc.settle()) sent = true;
      else if (doc.standing === 'stuck') stuck.push({ note: id, patient: note.patient });
      doc.close();
    });
  }
  return { stuck, sent, gone: gone.filter((reference) => journalPage(user, reference).read() !== null) };
}

/** The notes that references are about, and those references that lead nowhere. */
async function placesOf(
  user: string,
  references: readonly string[],
): Promise<{ notes: ReadonlySet<string>; gone: string[] }> {
  const notes = new Set<string>();
  const gone: string[] = [];
  for (const reference of references) {
    const [type, id = ''] = reference.split('/');
    if (type === 'NewNote') continue;
    const params = { id };
    const place = await (type === 'Note'
      ? found(api.notes.get({ params }).then((note) => ({ note: note.id })))
      : found(api.commands.get({ params })));
    const unmade = type === 'Note' && patientOfUnmade(user, id) !== null;
    if (place === 'gone' && !unmade) gone.push(reference);
    else if (place === 'gone') notes.add(id);
    else if (place !== 'unknown') notes.add(place.note);
  }
  return { notes, gone };
}

/** One that was written in before it was ever made is made now. */
async function foundOrBegun(user: string, id: string): Promise<NoteWithCommands | 'gone' | 'unknown'> {
  const note = await found(api.notes.get({ params: { id } }));
  const patient = patientOfUnmade(user, id);
  if (note !== 'gone' || patient === null) return note;
  return { ...unmadeNote(id, patient, { type: 'user', id: user }), commands: [] };
}

/** What is there, that it is no more, or that nothing is known of it now. */
async function found<T>(asked: Promise<T>): Promise<T | 'gone' | 'unknown'> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.status === 404 || error.status === 410 ? 'gone' : 'unknown';
  }
}
