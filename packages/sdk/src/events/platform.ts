// Events that aren't derived from a record or a command.

import type { Chain, EventKind } from '#kit/event.ts';
import type { Note, NoteState } from '#records/note.ts';
import type { Addendum, CosignatureRequest, NoteStep, Signature } from '#records/signatures.ts';

interface PlatformEvent {
  readonly kind: EventKind;
  readonly summary: string;
  readonly occurs: string;
  readonly target: string;
  /** Only handlers of the plugin that caused it are given it. */
  readonly private?: true;
}

const note = (summary: string, occurs: string): PlatformEvent => ({ kind: 'notice', summary, occurs, target: 'Note' });

/** Each event with a context in `PlatformContexts`, in the order of the catalogue. */
export const PLATFORM_EVENTS: Readonly<Record<keyof PlatformContexts, PlatformEvent>> = {
  CRON: {
    kind: 'notice',
    summary: 'A minute has passed.',
    occurs:
      'The clock, at the beginning of each minute: once for all servers, and not at all while no handler responds to it. A CronTask is given the minutes of its SCHEDULE only, and every CRON emitted by hand. Minutes that passed while no server ran come late, for the tasks whose CATCH_UP asks for them.',
    target: 'Clock',
  },
  PATIENT_MERGED: {
    kind: 'notice',
    summary: 'Two charts of a person became one.',
    occurs:
      'A chart is merged into another one. It comes last, in the chart that stays, after the events of every record that moved.',
    target: 'Patient',
  },
  PATIENT_UNMERGED: {
    kind: 'notice',
    summary: 'A merge of two charts was undone.',
    occurs:
      'Every record is what it was, in the chart where it was. It comes last, after the events of every record that went back.',
    target: 'Patient',
  },
  DELIVERY_DEAD: {
    kind: 'notice',
    summary: 'An event was given up for a handler.',
    occurs:
      'A handler failed at an event in a way that no retry would mend, or at the last retry. Not for events about plugins and deliveries, so that nothing feeds itself. A loop of handlers is stopped with one of these; `loop` names its handlers.',
    target: 'Delivery',
  },
  HTTP_REQUEST_COMPLETED: {
    kind: 'notice',
    summary: 'A request that a plugin queued was answered.',
    occurs:
      'The other system answers HTTP_REQUEST or SEND_WEBHOOK with a status of 200 to 299. Only handlers of the plugin that asked are given it, and only they see `headers` and `body`.',
    target: 'HttpRequest',
    private: true,
  },
  HTTP_REQUEST_FAILED: {
    kind: 'notice',
    summary: 'A request that a plugin queued was given up.',
    occurs:
      'The other system refuses HTTP_REQUEST or SEND_WEBHOOK with a status that no retry would mend, or the last retry fails. Only handlers of the plugin that asked are given it, and only they see `headers` and `body`.',
    target: 'HttpRequest',
    private: true,
  },
  PLUGIN_DISABLED: {
    kind: 'notice',
    summary: 'A plugin was disabled.',
    occurs:
      'An administrator disables a plugin; `pending` says what becomes of its events and requests, `count` and `requests` how many there are now.',
    target: 'Plugin',
  },
  PLUGIN_UPDATED: {
    kind: 'notice',
    summary: 'A plugin was updated.',
    occurs:
      'An installed plugin is installed again. What was pending for its handlers is kept; `dropped` says what was pending for handlers, or for types of events, that the new version doesn’t have.',
    target: 'Plugin',
  },
  PLUGIN_UNINSTALLED: {
    kind: 'notice',
    summary: 'A plugin was uninstalled.',
    occurs: 'An administrator uninstalls a plugin; `count` says how many events were pending for it. They are dropped.',
    target: 'Plugin',
  },
  PLUGIN_QUARANTINED: {
    kind: 'notice',
    summary: 'A plugin was quarantined.',
    occurs:
      'A plugin crashed, computed too long or filled its memory again and again, at one server: its events wait until `until`.',
    target: 'Plugin',
  },
  NOTE_CREATED: note('A note was begun.', 'A note is made for a patient.'),
  NOTE_UPDATED: note(
    'A note changed.',
    'Its title, text, order or state is another than before, or the chart it is in.',
  ),
  NOTE_LOCKED: note('A note was locked.', 'Its state becomes locked: it takes no more changes.'),
  NOTE_UNLOCKED: note(
    'A note was unlocked.',
    'It is opened again after it was locked or signed; `unlock` says by whom and why.',
  ),
  NOTE_SIGNED: note('A note was signed.', 'Its state becomes signed.'),
  NOTE_COSIGNED: note(
    'A signed note was signed by somebody else too.',
    'A supervisor who was asked signs it, or another colleague does.',
  ),
  NOTE_COSIGNATURE_REQUESTED: note(
    'A supervisor was asked to sign a note too.',
    'Whoever signed the note asks a Practitioner for a co-signature.',
  ),
  NOTE_COSIGNATURE_WITHDRAWN: note(
    'A request for a co-signature was withdrawn.',
    'Whoever asked takes it back before the supervisor has signed.',
  ),
  NOTE_COSIGNATURE_RETURNED: note(
    'A note was returned without a co-signature.',
    'The supervisor who was asked returns it; `request.ended.reason` says why.',
  ),
  NOTE_ADDENDUM_CREATED: note(
    'An addendum was added to a note.',
    'Somebody adds text below a locked or signed note, without opening it.',
  ),
  NOTE_ADDENDUM_ENTERED_IN_ERROR: note(
    'An addendum was entered in error.',
    'It stays below the note, struck through; `addendum.enteredInError` says by whom and why.',
  ),
  NOTE_STATE_CHANGE_EVENT_CREATED: note(
    'A note changed its state.',
    'It is locked, unlocked, signed, deleted or restored: one event for all of these, beside their own.',
  ),
  NOTE_DELETED: note('A note was deleted.', 'Its state becomes deleted; it can be restored.'),
  NOTE_RESTORED: note('A deleted note was restored.', 'It is open again after it was deleted.'),
};

interface NoteContext {
  /** The note after the change; for a deleted note, before it. */
  readonly note: Note;
  readonly previous?: Note;
  /** Paths of what changed, such as `Note.title`. */
  readonly changed: readonly string[];
}

/** Events that were pending for a handler and that it won’t get. */
interface DroppedEvents {
  readonly handler: string;
  /** 10,000 at most, also where there were more. */
  readonly count: number;
}

interface MergeContext {
  /** FHIR ids of the patients: whose chart was closed, and whose continues. */
  readonly source: string;
  readonly target: string;
  /** Number of records that moved, by type, including Note and Command. */
  readonly moved: Readonly<Record<string, number>>;
  /** In the words of the person who merged the charts. */
  readonly reason?: string;
}

interface RequestContext {
  /** As /api/outgoing names it. The target's id is the same. */
  readonly request: string;
  /** The tag that the effect gave it. */
  readonly tag: string | null;
  readonly attempts: number;
  /** Of the last answer, by names in lower case. Empty where there was none. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the last answer; null where there was none, where it is larger than 256 kB, or is not text. */
  readonly body: string | null;
}

/** Contexts of the platform's events. */
export interface PlatformContexts {
  PATIENT_MERGED: MergeContext;
  PATIENT_UNMERGED: MergeContext;
  NOTE_CREATED: NoteContext;
  NOTE_UPDATED: NoteContext;
  NOTE_LOCKED: NoteContext;
  NOTE_UNLOCKED: NoteContext & { readonly unlock: NoteStep };
  NOTE_SIGNED: NoteContext & { readonly signature: Signature };
  NOTE_COSIGNED: NoteContext & { readonly signature: Signature };
  NOTE_COSIGNATURE_REQUESTED: NoteContext & { readonly request: CosignatureRequest };
  NOTE_COSIGNATURE_WITHDRAWN: NoteContext & { readonly request: CosignatureRequest };
  NOTE_COSIGNATURE_RETURNED: NoteContext & { readonly request: CosignatureRequest };
  NOTE_ADDENDUM_CREATED: NoteContext & { readonly addendum: Addendum };
  NOTE_ADDENDUM_ENTERED_IN_ERROR: NoteContext & { readonly addendum: Addendum };
  /** The new state and the previous one. */
  NOTE_STATE_CHANGE_EVENT_CREATED: NoteContext & { readonly state: NoteState; readonly from: NoteState };
  NOTE_DELETED: NoteContext;
  NOTE_RESTORED: NoteContext;
  DELIVERY_DEAD: {
    /** Its id in /api/deliveries, which is also the target's id. */
    readonly delivery: string;
    /** Type and id of the event. */
    readonly type: string;
    readonly event: string;
    readonly plugin: string;
    readonly handler: string;
    readonly attempts: number;
    /** Error code: `handler.threw`. */
    readonly code: string;
    /** Of a loop that was stopped, the way around: `a/First → TASK_CREATED → b/Second → TASK_UPDATED → a/First`. */
    readonly loop?: string;
    /** What led to the event, with this handler at the end. */
    readonly chain: Chain;
  };
  HTTP_REQUEST_COMPLETED: RequestContext & { readonly status: number };
  HTTP_REQUEST_FAILED: RequestContext & {
    /** Of the last answer; null where there was none. */
    readonly status: number | null;
    /** Of the last error: `outgoing.answered` for a status, `host.http` where there was no answer. */
    readonly code: string;
  };
  PLUGIN_DISABLED: {
    readonly plugin: string;
    /** `keep`: its events wait. `skip`: they aren't delivered. */
    readonly pending: 'keep' | 'skip';
    readonly count: number;
    /** Requests to other systems that are not sent yet. */
    readonly requests: number;
  };
  PLUGIN_UPDATED: {
    readonly plugin: string;
    /** Of its manifest: the new one, and the one that it replaces. */
    readonly version: string;
    readonly from: string;
    /** By handler; those that lost nothing are not listed. */
    readonly dropped: readonly DroppedEvents[];
    /** Of all handlers. */
    readonly count: number;
  };
  PLUGIN_UNINSTALLED: {
    readonly plugin: string;
    readonly version: string;
    /** By handler; those that lost nothing are not listed. */
    readonly dropped: readonly DroppedEvents[];
    /** Of all handlers. */
    readonly count: number;
  };
  PLUGIN_QUARANTINED: {
    readonly plugin: string;
    /** ISO 8601. */
    readonly until: string;
  };
  CRON: {
    /** The minute, in ISO 8601 UTC: `2026-08-23T10:00:00.000Z`. Also the target's id. */
    readonly minute: string;
    /**
     * The handlers it is for, as `plugin/Handler`, and no others: of a minute that passed while no server ran, those that
     * catch up; of a run that somebody asked for, the one they named. Missing where the schedules decide.
     */
    readonly handlers?: readonly string[];
  };
}
