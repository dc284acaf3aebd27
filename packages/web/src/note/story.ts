// What became of a note, in the order in which it happened: signed, locked, unlocked and why, sent for a co-signature.

import type { NoteShape } from '@chartwire/client/internal/contract/note';
import { isSame, type NoteStep, ownersOf, standing } from '@chartwire/sdk/internal/records/signatures';

type Signature = NoteShape['signatures'][number];
type Step = NoteShape['history'][number];
export type Request = NoteShape['cosignatureRequests'][number];
type Who = NoteShape['author'];

export type Moment = { readonly at: string } /** `stands`: it is for the text as it is now. */ & (
  | { readonly of: 'signature'; readonly signature: Signature; readonly stands: boolean }
  | { readonly of: 'step'; readonly step: Step }
  | { readonly of: 'request'; readonly request: Request }
);

/** A request that was answered is told by its signature. */
export function storyOf(note: NoteShape): readonly Moment[] {
  const stands = standingIn(note);
  return [
    ...note.signatures.map(
      (signature): Moment => ({ of: 'signature', at: signature.at, signature, stands: stands.includes(signature) }),
    ),
    ...note.history.map((step): Moment => ({ of: 'step', at: step.at, step })),
    ...note.cosignatureRequests
      .filter(({ state }) => state !== 'signed')
      .map((request): Moment => ({ of: 'request', at: request.ended?.at ?? request.at, request })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The signatures for the text as it is now. */
export function standingIn(note: NoteShape): readonly Signature[] {
  return standing({ ...note, history: historyOf(note) }) as readonly Signature[];
}

export function nameOf({ display, id }: Who): string {
  return display ?? id;
}

/** Whether somebody may unlock the note because it is theirs. */
export function isTheirs(note: NoteShape, user: string): boolean {
  const cosignatureRequests = note.cosignatureRequests.map(({ by, state, ended }) => ({
    by,
    state,
    ...(ended && { ended: { by: ended.by, at: ended.at } }),
  }));
  const owners = ownersOf({ ...note, history: historyOf(note), cosignatureRequests });
  return owners.some((one) => isSame(one, { type: 'user', id: user }));
}

function historyOf(note: NoteShape): readonly NoteStep[] {
  return note.history.map(({ reason: _, ...step }) => step);
}
