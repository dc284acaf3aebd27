// The history of notes from before they stored it: signatures, locks, and unlocks, read from their versions.

import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { Note, NoteState } from '@chartwire/sdk/internal/records/note';
import { isSame, type NoteStep, type Signature, SIGNING, type Who } from '@chartwire/sdk/internal/records/signatures';
import type { Store, StoredVersion } from '#store/contract.ts';

/** For a change whose event is no longer in the log. */
const NOT_KNOWN: Who = { type: 'system', id: 'unknown', display: 'somebody who is not on record' };

/** The note with its signatures and steps; unchanged if it stores them. */
export async function withEarlier(store: Pick<Store, 'stateChanges'>, note: Note): Promise<Note> {
  const [found] = await allWithEarlier(store, [note]);
  return found!;
}

/** The same for several, in one round trip. */
export async function allWithEarlier(
  store: Pick<Store, 'stateChanges'>,
  notes: readonly Note[],
): Promise<readonly Note[]> {
  const older = notes.filter(({ signatures }) => signatures === undefined).map(({ id }) => id);
  if (older.length === 0) return notes;
  const changes = await store.stateChanges('Note', older);
  return notes.map((note) => {
    if (note.signatures) return note;
    const upTo = Number((note.meta as { versionId?: string } | undefined)?.versionId ?? Number.MAX_SAFE_INTEGER);
    return { ...note, ...toldBy(changes.filter(({ id, version }) => id === note.id && version <= upTo)) };
  });
}

type Change = StoredVersion<Note> & { readonly by: Actor | null };

function toldBy(changes: readonly Change[]): Pick<Note, 'signatures' | 'history'> {
  const signatures: Signature[] = [];
  const history: NoteStep[] = [];
  let before: NoteState | undefined;
  for (const { record: note, version, at, by } of changes) {
    if (!note) continue;
    const { state, signedBy, signedAt } = note;
    if (state === 'signed' && signedBy) {
      const display = by && isSame(by, signedBy) ? by.display : undefined;
      const signer = { ...signedBy, ...(display !== undefined && { display }) };
      signatures.push({ by: signer, at: signedAt ?? at, role: SIGNING.author, version });
    } else if (before !== undefined && state !== 'signed') {
      const what = state === 'open' ? (before === 'deleted' ? 'restored' : 'unlocked') : state;
      history.push({ what, by: by ? { type: by.type, id: by.id, ...named(by) } : NOT_KNOWN, at, version });
    }
    before = state;
  }
  return { signatures, history };
}

function named({ display }: Actor): { display?: string } {
  return display === undefined ? {} : { display };
}
