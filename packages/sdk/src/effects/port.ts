// The context of an effect. apply() works on a draft (kit/draft.ts).

import type { NoteState } from '#records/note.ts';

/** Effects on commands and notes. Implemented by chart/commands, with the same gates. */
export interface CommandPort {
  originate(wish: {
    note: string;
    command: string;
    fields?: Readonly<Record<string, unknown>>;
    id?: string;
    commit?: boolean;
  }): Promise<{ id: string }>;
  update(id: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  commit(id: string): Promise<void>;
  delete(id: string): Promise<void>;
  enterInError(id: string, reason?: string): Promise<void>;
  execute(id: string, action: string): Promise<void>;
  /** Marks a record as made by the command of an earlier record, so that both are entered in error together. */
  adopt(made: { type: string; id: string }, of: { type: string; id: string }): Promise<void>;
  createNote(wish: { patient: string; title?: string; type?: string; id?: string }): Promise<{ id: string }>;
  /** `reason`: why it is unlocked. */
  moveNote(id: string, to: NoteState, reason?: string): Promise<void>;
}

/** Who requests an effect: the plugin and its granted scopes. */
export interface EffectRequest {
  readonly plugin: string;
  readonly handler: string;
  readonly execution: string;
  /** The event being answered. */
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly patient: string | null;
    readonly note: string | null;
  };
  readonly commands: CommandPort;
  /** Writes a line to the plugin's log. */
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
}
