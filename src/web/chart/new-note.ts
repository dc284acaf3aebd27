// Beginning a note of a patient, with its visit.

import type { NoteShape } from '#server/api/entries.ts';
import { send } from '../api/client.ts';

/** Its id. The key makes a request that was repeated on the way begin one note only. */
export async function beginNote(patient: string): Promise<string> {
  const idempotencyKey = crypto.randomUUID();
  const note = await send<NoteShape>('POST', '/api/notes', { body: { patient }, idempotencyKey });
  return note.id;
}
