// Opens a note: reads it, keeps it while it is on the screen, hears what happens in it, and sends what is kept when the
// server is back.

import { useEffect, useState } from 'react';
import { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { live } from '../api/live.ts';
import { problemOf } from '../api/problem-of.ts';
import { holdOpen, whenLeaving } from './journal.ts';
import type { Kinds } from './kinds.ts';
import { NoteDoc } from './note-doc.ts';
import type { NoteWithCommands } from './note-view.ts';
import type { User } from '../api/session.tsx';
import { isBegunHere, patientOfUnmade, unmadeNote } from './unmade.ts';

/** As a query is, so that a place can show that it is read or failed. */
interface Opening {
  readonly data: NoteDoc | undefined;
  readonly error: Problem | null;
  readonly refetch: () => void;
}

const OPENING = { data: undefined, error: null };

export function useNote(
  note: string,
  patient: string,
  user: Pick<User, 'id' | 'name'>,
  kinds: Kinds | undefined,
  mayDiscard: boolean,
): Opening {
  const { id, name } = user;
  const [found, setFound] = useState<Pick<Opening, 'data' | 'error'>>(OPENING);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads again
  useEffect(() => {
    if (!kinds) return;
    const left = new AbortController();
    let doc: NoteDoc | undefined;
    setFound(OPENING);
    holdOpen(note, left.signal)
      .then(() => readOrBegin(note, patient, { id, name }, left.signal))
      .then((read) => {
        if (left.signal.aborted) return;
        doc = new NoteDoc(read, id, kinds);
        follow(doc, left.signal);
        setFound({ data: doc, error: null });
      })
      .catch((error: unknown) => {
        if (!left.signal.aborted) setFound({ data: undefined, error: problemOf(error) });
      });
    return () => {
      left.abort();
      // What can't be put into the bin now stays as it is: an empty note that anybody may delete.
      doc?.leave(mayDiscard).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error;
      });
    };
  }, [note, patient, id, name, kinds, mayDiscard, attempt]);
  return { ...found, refetch: () => setAttempt((before) => before + 1) };
}

/** A note that is only begun is nowhere but here. */
async function readOrBegin(
  note: string,
  patient: string,
  { id, name }: Pick<User, 'id' | 'name'>,
  left: AbortSignal,
): Promise<NoteWithCommands> {
  const begun = { ...unmadeNote(note, patient, { type: 'user', id, display: name }), commands: [] };
  if (isBegunHere(note)) return begun;
  try {
    return await api.notes.get({ params: { id: note }, signal: left });
  } catch (error) {
    const missing = error instanceof Problem && error.status === 404;
    const wasBegun = (history.state as { beginning?: string } | null)?.beginning === note;
    if (missing && (wasBegun || patientOfUnmade(id, note) === patient)) return begun;
    throw error;
  }
}

/** Until it is left. What cannot be read now is read with the next event, or when the line is back. */
function follow(doc: NoteDoc, left: AbortSignal): void {
  const again = (error: unknown): void => {
    if (!(error instanceof Problem)) throw error;
  };
  const forget = live.listen((events) => void doc.hear(events).catch(again));
  let line = live.line;
  const unwatch = live.watch(() => {
    const back = line === 'away' && live.line === 'live';
    line = live.line;
    if (!back) return;
    doc.flush();
    void doc.refresh().catch(again);
  });
  const stay = whenLeaving(() => doc.settle());
  window.addEventListener('online', doc.flush, { signal: left });
  left.addEventListener('abort', () => {
    forget();
    unwatch();
    stay();
  });
}
