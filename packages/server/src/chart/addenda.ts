// Addenda: text added below a locked or signed note without opening it. Each has its own author and time and is never edited; a
// wrong one is entered in error.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Note } from '@chartwire/sdk/internal/records/note';
import type { Addendum } from '@chartwire/sdk/internal/records/signatures';
import { requireTheirs } from './authority.ts';
import { who } from './commands/kept.ts';
import type { Origin } from './origin.ts';
import type { ChartDraft } from './draft.ts';
import { findNote } from './notes.ts';
import { signer } from './signing.ts';

export async function addAddendum(
  outside: ChartDraft,
  origin: Origin,
  note: string,
  wish: { readonly text: string; readonly id?: string | undefined },
): Promise<Addendum> {
  const { found, draft } = await annotated(outside, note);
  if (found.state !== 'locked' && found.state !== 'signed') {
    throw new Refusal('note.state', {
      reason: `the note is ${found.state}, and an addendum goes below a locked or signed one`,
    });
  }
  const addendum: Addendum = { id: wish.id ?? draft.newId(), by: signer(origin.actor), at: draft.at, text: wish.text };
  await draft.putEntry({ ...found, addenda: [...(found.addenda ?? []), addendum] });
  return addendum;
}

/** It stays below the note, struck through, with the reason. */
export async function enterAddendumInError(
  outside: ChartDraft,
  origin: Origin,
  note: string,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<void> {
  const { found, draft } = await annotated(outside, note);
  const addendum = found.addenda?.find((one) => one.id === id);
  if (!addendum) throw new Refusal('note.no-addendum', { id });
  requireTheirs(origin, [addendum.by], 'whoever wrote the addendum');
  if (addendum.enteredInError) throw new Refusal('note.state', { reason: 'the addendum is entered in error already' });
  const enteredInError = { by: who(origin.actor), at: draft.at, reason };
  await draft.putEntry({
    ...found,
    addenda: found.addenda!.map((one) => (one === addendum ? { ...one, enteredInError } : one)),
  });
}

/** A note to write next to, in any state, for callers who may write notes. */
export async function annotated(
  outside: ChartDraft,
  id: string,
): Promise<{ readonly found: Note; readonly draft: ChartDraft }> {
  const draft = outside.inNote(id);
  await draft.claim('Note', id, 'u');
  return { found: await findNote(draft, id), draft };
}
