// Derives events from the change of a note or a command. API handlers never name an event.

import { commandByKey } from '#commands/index.ts';
import type { Operation } from '#kit/command-kind.ts';
import type { DraftEvent } from '#kit/event.ts';
import { isRewritten } from '#kit/json/literals.ts';
import { printJson } from '#kit/json/print.ts';
import type { Change } from '#kit/record-kind.ts';
import type { Entry } from '#records/chart-record.ts';
import type { CommandEntry } from '#records/command-entry.ts';
import type { Note, NoteState } from '#records/note.ts';
import type { CosignatureRequest } from '#records/signatures.ts';

/** The events of one note's or command's change, provided that something changed. */
export function deriveEntryEvents({ before, after }: Change<Entry>): DraftEvent[] {
  const entry = after ?? before;
  if (entry === null) return [];
  const target = { type: entry.resourceType, id: entry.id };
  const types =
    entry.resourceType === 'Note'
      ? noteEvents(before as Note | null, after as Note | null)
      : commandEvents(before as CommandEntry | null, after as CommandEntry | null);
  return types.map((type) => ({ type, target }));
}

type NoteMoment = (before: Note, after: Note) => object | undefined;

/**
 * What can happen to a note, in the order of its events. Each returns what the context adds to the note before and after the
 * change, or undefined if it didn't happen.
 */
const NOTE_MOMENTS: Readonly<Record<string, NoteMoment>> = {
  NOTE_LOCKED: (before, after) => became('locked', before, after) && {},
  NOTE_UNLOCKED: (before, after) =>
    became('open', before, after) && before.state !== 'deleted' ? { unlock: after.history?.at(-1) } : undefined,
  NOTE_SIGNED: (before, after) => became('signed', before, after) && { signature: after.signatures?.at(-1) },
  NOTE_DELETED: (before, after) => became('deleted', before, after) && {},
  NOTE_RESTORED: (before, after) => (became('open', before, after) && before.state === 'deleted' ? {} : undefined),
  NOTE_COSIGNED: (before, after) => {
    const signature = after.signatures?.at(-1);
    const isNew = signature !== undefined && signature.version === versionOf(after);
    return isNew && before.state === 'signed' && after.state === 'signed' ? { signature } : undefined;
  },
  NOTE_ADDENDUM_CREATED: ({ addenda }, after) => named('addendum', newIn(addenda, after.addenda)),
  NOTE_ADDENDUM_ENTERED_IN_ERROR: ({ addenda = [] }, after) =>
    named(
      'addendum',
      after.addenda?.find(
        ({ id, enteredInError }) => enteredInError && addenda.some((one) => one.id === id && !one.enteredInError),
      ),
    ),
  NOTE_COSIGNATURE_REQUESTED: ({ cosignatureRequests }, after) =>
    named('request', newIn(cosignatureRequests, after.cosignatureRequests)),
  NOTE_COSIGNATURE_WITHDRAWN: (before, after) => named('request', ended('withdrawn', before, after)),
  NOTE_COSIGNATURE_RETURNED: (before, after) => named('request', ended('returned', before, after)),
  NOTE_STATE_CHANGE_EVENT_CREATED: (before, after) =>
    before.state === after.state ? undefined : { state: after.state, from: before.state },
};

function noteEvents(before: Note | null, after: Note | null): string[] {
  if (before === null) return ['NOTE_CREATED'];
  if (after === null) return ['NOTE_UPDATED'];
  return ['NOTE_UPDATED', ...Object.keys(NOTE_MOMENTS).filter((type) => NOTE_MOMENTS[type]!(before, after))];
}

/** What the context of a note's event adds to the note: for a signed note, the signature. */
export function noteDetail(type: string, before: Note | null, after: Note | null): object {
  return (before && after && Object.hasOwn(NOTE_MOMENTS, type) && NOTE_MOMENTS[type]!(before, after)) || {};
}

function became(state: NoteState, before: Note, after: Note): true | undefined {
  return before.state !== state && after.state === state ? true : undefined;
}

function named(name: string, value: object | undefined): object | undefined {
  return value && { [name]: value };
}

function newIn<T extends { readonly id: string }>(before: readonly T[] = [], after: readonly T[] = []): T | undefined {
  return after.find(({ id }) => !before.some((one) => one.id === id));
}

function ended(
  state: CosignatureRequest['state'],
  { cosignatureRequests = [] }: Note,
  after: Note,
): CosignatureRequest | undefined {
  const was = (id: string) => cosignatureRequests.find((one) => one.id === id)?.state;
  return after.cosignatureRequests?.find((one) => one.state === state && was(one.id) !== state);
}

function versionOf({ meta }: Note): number {
  return Number((meta as { versionId?: string } | undefined)?.versionId);
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

/** The operations on a command, in the order in which they can occur in one unit of work. */
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
  return [...names].filter(
    (name) => isRewritten(before, after, name) || printJson(before[name]) !== printJson(after[name]),
  );
}
