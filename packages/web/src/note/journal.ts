// What is typed and not yet at the server, kept in this browser until it is: by user, so that nobody sends another's words,
// and encrypted with a key that the server gives to that user alone, so that nobody reads them either.

import { sessionEnd } from '../api/session-end.ts';
import { bytesOf, sealed, sealedAt, unsealed } from './sealed.ts';

/** All of them begin with it. */
const PREFIX = 'chartwire.unsent.';
/** Milliseconds after which what was never sent is thrown away, and between looks for it. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const LOOK_MS = 60 * 60 * 1000;

/** Whose drafts can be read and written now. The key is in memory only, and only as long as the session. */
let holder: { readonly user: string; readonly base64: string; readonly key: Uint8Array } | undefined;

sessionEnd.forgetting(() => {
  holder = undefined;
  dropExpired();
});
dropExpired();
window.setInterval(dropExpired, LOOK_MS);

export interface JournalPage {
  read(): string | null;
  write(text: string): void;
  remove(): void;
}

/** Told by the session: 32 bytes in base64. Drafts of this user that it doesn't open are of no use to anybody, and go. */
export function holdJournalKey(user: string, base64: string): void {
  if (holder?.user === user && holder.base64 === base64) return;
  holder = { user, base64, key: bytesOf(base64) };
  for (const reference of unsentBy(user)) journalPage(user, reference).read();
}

/** Of one note or command: `Command/123`. While its user isn't signed in, nothing is read or written. */
export function journalPage(user: string, reference: string): JournalPage {
  const name = `${PREFIX}${user}.${reference}`;
  const keyNow = (): Uint8Array | undefined => (holder?.user === user ? holder.key : undefined);
  const remove = (): void => localStorage.removeItem(name);
  return {
    read: () => {
      const key = keyNow();
      const kept = localStorage.getItem(name);
      if (!key || kept === null) return null;
      const text = unsealed(name, kept, key);
      if (text === null) remove();
      return text;
    },
    write: (text) => {
      const key = keyNow();
      if (key) localStorage.setItem(name, sealed(name, text, key));
    },
    remove,
  };
}

/** Of all users. What has no time of writing, or one far in the future, goes as well. */
function dropExpired(): void {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(PREFIX)) continue;
    const age = Date.now() - sealedAt(localStorage.getItem(name) ?? '');
    if (!(Math.abs(age) < KEPT_MS)) localStorage.removeItem(name);
  }
}

/** Held while a note is open, by each tab that has it open. */
const lockOf = (note: string): string => `chartwire.note.${note}`;

/** Resolves once nobody sends what is kept of a note; until `left`, nobody does. Locks are there in secure contexts only. */
export function holdOpen(note: string, left: AbortSignal): Promise<void> {
  return new Promise((held) => {
    if (!navigator.locks) return held();
    const untilLeft = (): Promise<void> =>
      new Promise((done) => {
        held();
        if (left.aborted) done();
        left.addEventListener('abort', () => done());
      });
    // Left before it was its turn: nobody waits for it any more.
    void navigator.locks.request(lockOf(note), { mode: 'shared', signal: left }, untilLeft).catch(() => {});
  });
}

/** Runs, unless the note is open in some tab: there it is sent by who has it open. */
export async function unlessOpen(note: string, run: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return run();
  await navigator.locks.request(lockOf(note), { ifAvailable: true }, (lock) => (lock ? run() : undefined));
}

const open = new Set<() => Promise<unknown>>();

/** Something is open that may have more to send; called until the returned function is called. */
export function whenLeaving(settle: () => Promise<unknown>): () => void {
  open.add(settle);
  return () => void open.delete(settle);
}

/** Sends what can be sent, before somebody leaves. */
export async function settleJournal(): Promise<void> {
  await Promise.all([...open].map((settle) => settle()));
}

/** What a user wrote that has not come to the server, by reference: `Note/1`, `Command/2`. */
export function unsentBy(user: string): readonly string[] {
  const prefix = `${PREFIX}${user}.`;
  return Object.keys(localStorage).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}

/** Nothing of a patient stays behind when somebody has left. */
export function clearJournal(user: string): void {
  for (const reference of unsentBy(user)) journalPage(user, reference).remove();
}
