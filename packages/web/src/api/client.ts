// Requests to the public API and the FHIR door, with the session's cookie. What comes back is the answer, or a `Problem`
// that says in words what happened and what to do next.

import type { OperationOutcome } from '@medplum/fhirtypes';
import { nextIn } from '@chartwire/sdk/internal/kit/diagnostics';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { Problem as ProblemBody } from '@chartwire/client/internal/contract/problem';
import { sessionEnd } from './session-end.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

/** What a request may have besides its path. */
export interface Sending {
  readonly query?: Query;
  /** Sent as JSON; a Blob as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Makes it safe to send again; see the API's page on repeating a request. */
  readonly idempotencyKey?: string;
}

/** A refusal by the server, or the lack of an answer (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** What to do next. */
  readonly next: string;
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  readonly checks: NonNullable<ProblemBody['checks']>;
  /** Both sides of a conflict. */
  readonly current: unknown;
  readonly proposed: unknown;

  constructor(body: Partial<ProblemBody> & { readonly status: number; readonly detail: string }) {
    super(body.detail);
    this.name = 'Problem';
    this.status = body.status;
    this.code = body.code ?? 'unknown';
    this.next = body.next ?? '';
    this.faults = body.faults ?? [];
    this.checks = body.checks ?? [];
    this.current = body.current;
    this.proposed = body.proposed;
  }

  /** Itself, or for whatever else was thrown words that can be shown. */
  static of(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem({
      status: 500,
      detail: 'That did not work: this page made a mistake.',
      next: 'What you entered is still here. Try again; if it stays, reload the page and tell the administrator.',
    });
  }

  /** The server could not be reached, or is not well: worth trying again. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

let csrf = '';
/** Ends what is under way: its answer would come after the session. */
let ended = new AbortController();

sessionEnd.forgetting(() => {
  csrf = '';
  ended.abort();
  ended = new AbortController();
});

/** Told by the session: the token that unsafe requests carry. */
export function holdSession(token: string): void {
  csrf = token;
}

export async function send<T>(method: Method, path: string, sending: Sending = {}): Promise<T> {
  const { query, body, signal, idempotencyKey } = sending;
  const raw = body instanceof Blob;
  const headers: Record<string, string> = { accept: 'application/json', ...sending.headers };
  if (method !== 'GET' && csrf) headers['x-csrf-token'] = csrf;
  if (method === 'GET' && sessionEnd.still) headers['x-background'] = 'true';
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
  if (body !== undefined && !raw && !headers['content-type']) headers['content-type'] = 'application/json';
  const { renewals } = sessionEnd;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${path}${queryText(query)}`, {
      method,
      headers,
      body: body === undefined ? null : raw ? body : printJson(body),
      signal: signal ? AbortSignal.any([signal, ended.signal]) : ended.signal,
      credentials: 'same-origin',
    });
    // The line may be cut, or the session end, in the middle of an answer as well.
    text = await response.text();
  } catch (error) {
    if (signal?.aborted && error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem({
      status: 0,
      detail: 'The server cannot be reached.',
      next: 'What you entered is still here. Try again in a moment.',
    });
  }
  return answerOf<T>(response, { text, inSession: method === 'GET' || !path.startsWith('/api/session'), renewals });
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  send<T>('GET', path, { ...(query && { query }), ...(signal && { signal }) });

/** What is known of a request besides the head of its answer. */
interface Asked {
  /** The body of the answer. */
  readonly text: string;
  /** Whether a 401 means that nobody is signed in, not that a sign-in was refused. */
  readonly inSession: boolean;
  /** How often the session had got another cookie when the request was sent. */
  readonly renewals: number;
}

function answerOf<T>(response: Response, { text, inSession, renewals }: Asked): T {
  const left = response.headers.get('x-session-seconds');
  if (left !== null) sessionEnd.lasts(Number(left));
  const json: unknown = text === '' ? undefined : parsed(text);
  if (response.ok) return json as T;
  const problem = problemOf(response.status, json);
  if (problem.status === 401 && (inSession || problem.code === 'access.unauthenticated')) sessionEnd.refused(renewals);
  throw problem;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function problemOf(status: number, json: unknown): Problem {
  const body = (json ?? {}) as Partial<ProblemBody> & Partial<OperationOutcome>;
  if (body.resourceType === 'OperationOutcome') return new Problem(outcomeOf(status, body.issue ?? []));
  return new Problem({ ...body, status, detail: body.detail ?? `The server answered ${status}.` });
}

function outcomeOf(
  status: number,
  issues: NonNullable<OperationOutcome['issue']>,
): ConstructorParameters<typeof Problem>[0] {
  const [first] = issues;
  const code = first?.details?.coding?.[0]?.code as ProblemBody['code'] | undefined;
  return {
    status,
    ...(code && { code }),
    detail: first?.details?.text ?? first?.diagnostics ?? `The server answered ${status}.`,
    next: first?.details?.text ? nextIn(first) : '',
    faults: issues.flatMap(({ expression, details, diagnostics }) =>
      (expression ?? []).map((path) => ({ path, message: details?.text ?? diagnostics ?? '' })),
    ),
  };
}

function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return [];
    return (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]);
  });
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
