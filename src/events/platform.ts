// Events that follow from no record and no command.

import type { EventKind } from '#kit/event.ts';
import type { Note } from '#records/note.ts';

export const PLATFORM_EVENTS = [
  {
    type: 'CRON',
    kind: 'notice',
    summary: 'A minute has passed.',
    occurs:
      'The clock, at the beginning of each minute: once for all servers, and not at all while no handler responds to it. A CronTask is given the minutes of its SCHEDULE only, and every CRON emitted by hand. Minutes that passed while no server ran are not made up for.',
    target: 'Clock',
  },
  ...(
    [
      ['NOTE_CREATED', 'A note was begun.', 'A note is made for a patient.'],
      ['NOTE_UPDATED', 'A note changed.', 'Its title, text, order or state is another than before.'],
      ['NOTE_LOCKED', 'A note was locked.', 'Its state becomes locked: it takes no more changes.'],
      ['NOTE_UNLOCKED', 'A note was unlocked.', 'It is opened again after it was locked or signed.'],
      ['NOTE_SIGNED', 'A note was signed.', 'Its state becomes signed.'],
      ['NOTE_DELETED', 'A note was deleted.', 'Its state becomes deleted; it can be restored.'],
      ['NOTE_RESTORED', 'A deleted note was restored.', 'It is open again after it was deleted.'],
    ] as const
  ).map(([type, summary, occurs]) => ({ type, kind: 'notice' as const, summary, occurs, target: 'Note' })),
] as const satisfies readonly {
  type: string;
  kind: EventKind;
  summary: string;
  occurs: string;
  target: string;
}[];

interface NoteContext {
  /** The note as it became; of a deleted one, as it was. */
  readonly note: Note;
  readonly previous?: Note;
  /** Paths of what changed, as `Note.title`. */
  readonly changed: readonly string[];
}

/** Contexts of the platform's events. */
export interface PlatformContexts {
  NOTE_CREATED: NoteContext;
  NOTE_UPDATED: NoteContext;
  NOTE_LOCKED: NoteContext;
  NOTE_UNLOCKED: NoteContext;
  NOTE_SIGNED: NoteContext;
  NOTE_DELETED: NoteContext;
  NOTE_RESTORED: NoteContext;
  CRON: {
    /** The minute, in ISO 8601 UTC: `2026-08-23T10:00:00.000Z`. The target's id is the same. */
    readonly minute: string;
  };
}
