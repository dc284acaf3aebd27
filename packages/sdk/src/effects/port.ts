// The context of an effect. apply() works on a draft (kit/draft.ts).

import type { SecretBody, SecretPairs } from '#kit/secret-text.ts';
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

/** A request to another system, queued with the other effects and sent after the commit. */
export interface QueuedRequest {
  /** UUIDv7; also its Idempotency-Key. */
  readonly id: string;
  readonly ask: {
    readonly method: string;
    readonly url: string;
    readonly query: SecretPairs;
    readonly headers: SecretPairs;
    readonly body: SecretBody;
  };
  /** Of a webhook: the variable that signs it, again at each attempt. */
  readonly key?: string;
  readonly tag?: string;
  readonly retries?: number;
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
  /** Throws a Refusal `host.forbidden`, `host.http` or `host.secret` for a request that could never be sent. */
  queue(request: QueuedRequest): Promise<void>;
  /** Writes a line to the plugin's log. */
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
}
