// The port for gates and searches, which run before something happens. delivery/ask.ts implements it with plugins.

import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';

/** A handler that answers questions. */
export interface Asked {
  /** `plugin/Handler`. */
  readonly name: string;
  readonly plugin: string;
  /** What happens if it can't answer: the manifest's `gates.policy`. */
  readonly policy: 'allow' | 'block';
}

/** A handler's answer: its effects as they left the sandbox, or why it didn't answer. */
export type Reply = {
  readonly ms: number;
  /** The handler's execution, which is stored; undefined if it didn't run. */
  readonly execution?: string;
} & (
  | { readonly answered: true; readonly effects: readonly { type: string; payload: unknown }[] }
  | { readonly answered: false; readonly message: string }
);

export interface Bus {
  /** The handlers for an event type, in the order in which they are asked: by priority, then name. */
  handlersOf(type: string): readonly Asked[];
  /** Asks one handler, for at most `budgetMs` milliseconds. Never rejects. */
  ask(handler: Asked, event: EventEnvelope, budgetMs: number): Promise<Reply>;
}

/** Asks nobody. */
export const SILENT_BUS: Bus = {
  handlersOf: () => [],
  ask: async () => ({ answered: false, message: 'nobody answers', ms: 0 }),
};
