// From a change of a note or a command to its events. Doors never name an event here either.

import { commandByKey } from '#commands/index.ts';
import type { Operation } from '#kit/command-kind.ts';
import type { CommandEntry } from '#records/command-entry.ts';
import type { Note, NoteState } from '#records/note.ts';
import type { DerivedEvent } from './derive.ts';

/** The events of one note's or command's change, given that something changed. */
export function deriveEntryEvents(
  before: Note | CommandEntry | null,
  after: Note | CommandEntry | null,
): DerivedEvent[] {
  const entry = after ?? before;
  if (entry === null) return [];
  const target = { type: entry.resourceType, id: entry.id };
  const types =
    entry.resourceType === 'Note'
      ? noteEvents(before as Note | null, after as Note | null)
      : commandEvents(before as CommandEntry | null, after as CommandEntry | null);
  return types.map((type) => ({ type, target, detail: {} }));
}

const ON_STATE: Readonly<Record<NoteState, string>> = {
  open: 'NOTE_UNLOCKED',
  locked: 'NOTE_LOCKED',
  signed: 'NOTE_SIGNED',
  deleted: 'NOTE_DELETED',
};

function noteEvents(before: Note | null, after: Note | null): string[] {
  if (before === null) return ['NOTE_CREATED'];
  if (after === null || before.state === after.state) return ['NOTE_UPDATED'];
  const restored = before.state === 'deleted';
  return ['NOTE_UPDATED', restored ? 'NOTE_RESTORED' : ON_STATE[after.state]];
}

function commandEvents(before: CommandEntry | null, after: CommandEntry | null): string[] {
  const key = (after ?? before)!.command;
  const prefix = commandByKey(key)?.prefix;
  if (prefix === undefined) throw new Error(`there is no command ${key}`);
  // The generic event first, then the command's own.
  return operations(before, after).flatMap((operation) => [
    `POST_COMMAND_${operation}`,
    `${prefix}_COMMAND__POST_${operation}`,
  ]);
}

/** What happened to a command, in the order in which it can happen within one unit of work. */
function operations(before: CommandEntry | null, after: CommandEntry | null): Operation[] {
  if (after === null) return ['DELETE'];
  const done: Operation[] = [];
  if (before === null) done.push('ORIGINATE');
  else if (changedFields(before.fields, after.fields).length > 0) done.push('UPDATE');
  if (after.actions.length > (before?.actions.length ?? 0)) done.push('EXECUTE_ACTION');
  if (after.state === 'committed' && before?.state !== 'committed') done.push('COMMIT');
  if (after.state === 'entered-in-error' && before?.state !== 'entered-in-error') done.push('ENTER_IN_ERROR');
  return done;
}

/** Names of the fields that differ. */
export function changedFields(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
