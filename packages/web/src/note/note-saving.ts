// A note's own text as it is saved: its title and its lines.

import type { NoteLine } from '@chartwire/sdk/internal/records/note';
import type { NoteShape } from '@chartwire/client/internal/contract/note';
import type { Problem } from '@chartwire/client/internal/client/index';
import { server } from '../api/client.ts';
import { outcomeOf } from './refusals.ts';
import type { Fields, Outcome, Stored } from './saving.ts';

export interface StoredNote extends Stored {
  readonly note: NoteShape;
}

export function storedNote(note: NoteShape): StoredNote {
  const { version, title, body } = note;
  return { version, note, fields: { title, ...(body.length > 0 && { body }) } };
}

export function linesIn(value: unknown): readonly NoteLine[] {
  return (value ?? []) as readonly NoteLine[];
}

/** `versionNow` makes the note first where it isn't there yet. */
export async function saveNote(
  id: string,
  fields: Fields,
  versionNow: () => Promise<number>,
): Promise<Outcome<StoredNote, Problem>> {
  try {
    const version = await versionNow();
    const { title, body } = fields;
    const change = {
      ...(title !== undefined && { title: String(title ?? 'Visit') }),
      ...('body' in fields && { body: linesIn(body) }),
    };
    const now = await server.notes.write({ params: { id }, body: { ...change, version } });
    return { type: 'saved', now: storedNote(now) };
  } catch (error) {
    return outcomeOf(error, Object.keys(fields), ({ current }) => storedNote(current as NoteShape));
  }
}
