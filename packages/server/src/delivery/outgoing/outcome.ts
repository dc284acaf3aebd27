// What an attempt came to: answered, to be tried again, or given up.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { BriefAnswer } from '#plugin-host/call.ts';
import { NoAnswer } from '#plugin-host/http.ts';
import { storableText } from '#plugin-host/storable-json.ts';
import type { RequestAnswer } from '#store/outgoing.ts';
import type { RetryPolicy } from '../policy.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** 8 retries, within 11 hours. */
export const OUTGOING_POLICY: RetryPolicy = {
  waits: [5_000, 30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS],
};

/** Milliseconds for which a receiver may ask to be left alone. */
const LONGEST_AFTER_MS = 24 * HOUR_MS;
/** Headers of an answer that are kept, and characters of each. */
const MOST_HEADERS = 50;
const MOST_VALUE = 1_000;
/** Statuses below 500 that say "not now": a timeout, too early, too many requests. */
const NOT_NOW: ReadonlySet<number> = new Set([408, 425, 429]);

export interface AttemptOutcome {
  /** Null after a success. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly retryable: boolean;
  /** Milliseconds to wait at least. */
  readonly afterMs: number;
  /** Null when there was none. */
  readonly answer: RequestAnswer | null;
}

/**
 * 2xx is a success. 5xx, 408, 425 and 429 are tried again, no sooner than `Retry-After` says; all others are final. A body that
 * the database can't store unchanged, with a U+0000, is left out as one that is no text.
 */
export function answered({ status, headers, body }: BriefAnswer, now: number): AttemptOutcome {
  const kept = Object.entries(headers)
    .slice(0, MOST_HEADERS)
    .map(([name, value]) => [name, storableText(value.slice(0, MOST_VALUE))] as const);
  const answer = {
    status,
    headers: Object.fromEntries(kept),
    body: body !== null && storableText(body) === body ? body : null,
  };
  if (status >= 200 && status <= 299) return { error: null, retryable: false, afterMs: 0, answer };
  const retryable = status >= 500 || NOT_NOW.has(status);
  const error = errorOf(new Refusal('outgoing.answered', { status }));
  return { error, retryable, afterMs: afterMs(headers['retry-after'], now), answer };
}

/** No answer is tried again; what may not be sent is not. Throws what is no Refusal. */
export function unanswered(error: unknown): AttemptOutcome {
  if (!(error instanceof Refusal)) throw error;
  return { error: errorOf(error), retryable: error instanceof NoAnswer, afterMs: 0, answer: null };
}

function errorOf({ code, message, next }: Refusal): { code: string; message: string } {
  return { code, message: `${message} ${next}` };
}

/** Seconds, or a date (RFC 9110 section 10.2.3). */
function afterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_AFTER_MS);
}
