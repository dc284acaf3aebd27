// What is typed and not yet at the server, kept in this browser until it is: by user, so that nobody sends another's words.

/** All of them begin with it. */
const PREFIX = 'chartwire.unsent.';

export interface JournalPage {
  read(): string | null;
  write(text: string): void;
  remove(): void;
}

/** Of one note or command: `Command/123`. */
export function journalPage(user: string, reference: string): JournalPage {
  const key = `${PREFIX}${user}.${reference}`;
  return {
    read: () => localStorage.getItem(key),
    write: (text) => localStorage.setItem(key, text),
    remove: () => localStorage.removeItem(key),
  };
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
  return Object.keys(localStorage).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
}

/** Nothing of a patient stays behind when somebody has left. */
export function clearJournal(user: string): void {
  for (const reference of unsentBy(user)) journalPage(user, reference).remove();
}
