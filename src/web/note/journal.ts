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

/** Nothing of a patient stays behind when somebody has left. */
export function clearJournal(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
