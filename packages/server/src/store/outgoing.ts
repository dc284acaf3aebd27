// Requests to other systems, as a unit of work writes them.

import type { QueuedRequest } from '@chartwire/sdk/internal/effects/port';
import type { Cause } from '@chartwire/sdk/internal/kit/event';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';

/** A request that is queued, and sent after the commit. */
export interface RequestWrite {
  readonly id: string;
  /** The plugin. */
  readonly owner: string;
  /** `host:port`. */
  readonly host: string;
  readonly request: QueuedRequest;
  readonly patient: string | null;
  readonly note: string | null;
  readonly cause: Cause;
  /** Of the event that answers it. */
  readonly depth: number;
  /** ISO 8601. */
  readonly at: string;
}

export interface RequestAttempt {
  /** ISO 8601. */
  readonly at: string;
  readonly ms: number;
  /** Null when there was no answer. */
  readonly status: number | null;
  /** Of the error; null for a success. */
  readonly code: string | null;
}

export interface RequestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The end of one: refused when the fence is no longer held. */
export interface RequestEnd {
  readonly id: string;
  readonly fence: string;
  readonly state: 'done' | 'dead';
  readonly attempt: RequestAttempt;
  readonly error: { code: string; message: string } | null;
  readonly answer: RequestAnswer | null;
  /** ISO 8601. */
  readonly at: string;
}

export interface RequestWrites {
  readonly queued: readonly RequestWrite[];
  readonly ended: readonly RequestEnd[];
}

/** The argument of commit_requests (migrations/0030-outgoing.sql); undefined where there are none. */
export function requestsOf(units: readonly { readonly requests?: RequestWrites }[]): string | undefined {
  const queued = units.flatMap(({ requests }) => requests?.queued ?? []);
  const ended = units.flatMap(({ requests }) => requests?.ended ?? []);
  return queued.length + ended.length === 0 ? undefined : printJson({ queued, ended });
}
