// Beginning a note of a patient, with its visit, and what a protocol recommends in a note.

import type { CommandShape, NoteShape } from '#server/api/entries.ts';
import { send } from '../api/client.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';

/** Its id. The key makes a request that was repeated on the way begin one note only. */
export async function beginNote(patient: string): Promise<string> {
  const idempotencyKey = newIdempotencyKey();
  const note = await send<NoteShape>('POST', '/api/notes', { body: { patient }, idempotencyKey });
  return note.id;
}

export interface Recommended {
  readonly command: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** It says all there is to say: it is committed at once. */
  readonly commit?: boolean;
}

/** Enters the commands, all or none, into the note, or into a new one. The id of the note. */
export async function beginRecommended(
  patient: string,
  note: string | undefined,
  commands: readonly Recommended[],
): Promise<string> {
  const into = note ?? (await beginNote(patient));
  const idempotencyKey = newIdempotencyKey();
  await send<{ readonly items: readonly CommandShape[] }>('POST', `/api/notes/${into}/commands`, {
    body: { commands },
    idempotencyKey,
  });
  return into;
}
