// Events beside those that follow from changes.

/** An event named by hand rather than derived from a change: CRON, or `POST /api/events`. */
export interface EmittedEvent {
  readonly type: string;
  readonly target: { type: string; id: string };
  readonly patient?: string | null;
  /** The note it happens in; that of the origin unless given. */
  readonly note?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}
