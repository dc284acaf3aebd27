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

/** Nothing of a patient stays behind when somebody leaves. */
export function clearJournal(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
