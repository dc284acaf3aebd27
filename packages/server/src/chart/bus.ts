// Who is asked before something happens: gates and searches. A port: delivery/ask.ts asks the plugins.

import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';

/** A handler that answers questions. */
export interface Asked {
  /** `plugin/Handler`. */
  readonly name: string;
  readonly plugin: string;
  /** What follows when it cannot answer: the manifest's `gates.policy`. */
  readonly policy: 'allow' | 'block';
}

/** What a handler said: its effects as they left the sandbox, or why it did not answer. */
export type Reply = {
  readonly ms: number;
  /** The run of the handler, which is kept; none when it was not run. */
  readonly execution?: string;
} & (
  | { readonly answered: true; readonly effects: readonly { type: string; payload: unknown }[] }
  | { readonly answered: false; readonly message: string }
);

export interface Bus {
  /** Who responds to an event type, in the order in which they are asked: priority, then name. */
  handlersOf(type: string): readonly Asked[];
  /** Asks one of them, for at most `budgetMs` milliseconds. Never rejects. */
  ask(handler: Asked, event: EventEnvelope, budgetMs: number): Promise<Reply>;
}

/** Nobody is asked. */
export const SILENT_BUS: Bus = {
  handlersOf: () => [],
  ask: async () => ({ answered: false, message: 'nobody answers', ms: 0 }),
};
