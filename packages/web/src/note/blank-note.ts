// Whether a note that was begun here still holds nothing, so that it can go when nobody looks at it any more.

import type { NoteLine } from '@chartwire/sdk/internal/records/note';
import type { CommandShape } from '@chartwire/client/internal/contract/command';
import type { NoteWithCommands } from './note-view.ts';
import { same } from './same.ts';
import { UNTITLED } from './unmade.ts';

/** What commands that were entered here without a word had in them, by id. */
export type BlankCommands = ReadonlyMap<string, CommandShape['fields']>;

/** No text, no title of its own, and only commands that were entered here and in which nothing was filled in. */
export function isBlank(note: NoteWithCommands, body: readonly NoteLine[], entered: BlankCommands): boolean {
  const { state, title, commands, signatures, addenda } = note;
  const blank = ({ id, state, fields }: CommandShape): boolean => {
    const begun = entered.get(id);
    return state === 'staged' && begun !== undefined && (Object.keys(fields).length === 0 || same(fields, begun));
  };
  return (
    state === 'open' &&
    title === UNTITLED &&
    body.every((line) => 'command' in line) &&
    commands.every(blank) &&
    [signatures, addenda].every((list) => list.length === 0)
  );
}
