// The client of the public API and the FHIR door, with the session's cookie. What comes back is the answer, or a `Problem`
// that says in words what happened and what to do next.

import { type Client, createClient, type Method } from '@chartwire/client/internal/client/index';
import type { Contract } from '@chartwire/client/internal/contract/index';
import type { Row } from '@chartwire/client/internal/contract/row';
import { sessionEnd } from './session-end.ts';

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

/** With all that writes: for `useWrite`, and for the documents of notes, which save themselves. */
export const server = createClient({
  csrf: () => csrf,
  fetch: fetchInSession,
  unreachable: 'What you entered is still here. Try again in a moment.',
});

/** Of each row that is read with, all; of each that writes, where it is. */
type ReadsOf<T> = {
  readonly [K in keyof T]: T[K] extends Row
    ? T[K]['method'] extends 'GET'
      ? Method<T[K]>
      : Pick<Method<T[K]>, 'path'>
    : ReadsOf<T[K]>;
};

type Reader = ReadsOf<Contract> & { readonly fhir: Pick<Client['fhir'], 'path' | 'read' | 'search' | 'history'> };

/** For everybody: it reads. */
export const api: Reader = server;

/** What is asked by POST and writes nothing: what a write would do. */
export const previews = {
  merge: (source: string, into: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) =>
    server.merges.merge({ params: { id: source }, body: { into, preview: true }, headers, signal }),
  plugin: server.plugins.preview,
};

/** Sends within the session: it ends with it, and tells it what the answer says of it. */
async function fetchInSession(address: string, init: RequestInit & { readonly method: string }): Promise<Response> {
  const { renewals } = sessionEnd;
  const headers = new Headers(init.headers);
  if (init.method === 'GET' && sessionEnd.still) headers.set('x-background', 'true');
  const signal = init.signal ? AbortSignal.any([init.signal, ended.signal]) : ended.signal;
  const response = await fetch(address, { ...init, headers, signal });
  const left = response.headers.get('x-session-seconds');
  if (left !== null) sessionEnd.lasts(Number(left));
  return response.status === 401 ? refused(response, { address, method: init.method, renewals }) : response;
}

/** Tells the session of a 401 that means that nobody is signed in, not that a sign-in was refused. */
async function refused(
  response: Response,
  { address, method, renewals }: { address: string; method: string; renewals: number },
): Promise<Response> {
  // Read first: the end of the session ends what is under way.
  const text = await response.text();
  const inSession = method === 'GET' || !address.startsWith(api.session.get.path());
  if (inSession || text.includes('"access.unauthenticated"')) sessionEnd.refused(renewals);
  return new Response(text, response);
}
