// The open event streams of a server: counted, limited to what their openers may see, and ended when the server closes.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import { notesOf } from './access/request-access.ts';
import type { Services } from './services.ts';
import { EventStream, type Source } from './sse.ts';

const MAX_STREAMS = 1_000;
/** Milliseconds between checks of the openers' permissions. Changes by other nodes are noticed at the next check. */
const LOOK_EVERY = 1_000;
/** Milliseconds for which a stream outlives its cookie when the session gets a new one. */
const RENEWED_MS = 2_000;
const CURSOR = /^[!-~]{1,200}$/;

/** The credentials of a stream. */
interface Opener {
  /** The session's hash in hex, or the token's id; null for the admin token, which doesn't end. */
  readonly session: string | null;
  readonly token: string | null;
  readonly scopes: string;
}

export class Streams {
  readonly #access: Pick<Services, 'tokens' | 'sessions'>;
  readonly #open = new Map<EventStream, Opener>();
  #timer: NodeJS.Timeout | undefined;

  constructor(access: Pick<Services, 'tokens' | 'sessions'>) {
    this.#access = access;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * When a session gets a new cookie, its streams end after a moment, once its tabs have the new one. If they ended at once, the
   * tabs would reconnect with the old cookie and ask their users to sign in. A client with only a copy of the old cookie can't reconnect.
   */
  followRenewal(request: FastifyRequest): void {
    const { renewedFrom, session } = notesOf(request);
    if (!renewedFrom || !session) return;
    const before = renewedFrom.toString('hex');
    for (const [stream, opener] of this.#open) {
      if (opener.session !== before) continue;
      this.#open.set(stream, { ...opener, session: session.hash.toString('hex') });
      setTimeout(() => stream.turnAway(), RENEWED_MS).unref();
    }
  }

  /** Ends every stream whose opener has lost a permission since. */
  async look(): Promise<void> {
    const open = [...this.#open];
    const openers = open.map(([, opener]) => opener);
    const stands = await this.#standing(openers);
    for (const [stream, opener] of open) if (!stands(opener)) stream.turnAway();
  }

  async #standing(openers: readonly Opener[]): Promise<(opener: Opener) => boolean> {
    const hashes = [...new Set(openers.flatMap(({ session }) => session ?? []))];
    const ids = [...new Set(openers.flatMap(({ token }) => token ?? []))];
    const none = new Map<string, ScopeSet>();
    const [sessions, tokens] = await Promise.all([
      hashes.length > 0 ? this.#access.sessions.standing(hashes.map((hash) => Buffer.from(hash, 'hex'))) : none,
      ids.length > 0 ? this.#access.tokens.standing(ids) : none,
    ]);
    return ({ session, token, scopes }) => {
      if (session === null && token === null) return true;
      const now = session === null ? tokens.get(token!) : sessions.get(session);
      return now?.texts.join() === scopes;
    };
  }

  #watch(): void {
    // If the database doesn't answer, the next check decides.
    this.#timer ??= setInterval(() => void this.look().catch(() => {}), LOOK_EVERY).unref();
  }

  #forget(stream: EventStream): void {
    this.#open.delete(stream);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /**
   * The body of the answer: messages of `source` after Last-Event-ID, or `after`, or from now on. "Now" precedes the answer's
   * head, so a client that has received it misses nothing.
   */
  async start(request: FastifyRequest, reply: FastifyReply, source: Source, after?: string): Promise<EventStream> {
    const from = lastEventId(request) ?? after ?? (await source.now());
    if (this.#open.size >= MAX_STREAMS) throw new Refusal('server.busy');
    const stream = new EventStream({
      source,
      after: from,
    });
    this.#open.set(stream, openerOf(request));
    stream.once('close', () => this.#forget(stream));
    this.#watch();
    // `X-Accel-Buffering`: proxies such as nginx must not buffer events.
    reply.type('text/event-stream; charset=utf-8').headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    return stream;
  }

  endAll(): void {
    for (const stream of this.#open.keys()) stream.end();
  }
}

function openerOf(request: FastifyRequest): Opener {
  const { access, session } = notesOf(request);
  const client = access?.actor.id ?? null;
  return {
    session: session?.hash.toString('hex') ?? null,
    token: session || client === 'admin' ? null : client,
    scopes: access?.scopes.texts.join() ?? '',
  };
}

function lastEventId(request: FastifyRequest): string | undefined {
  const id = request.headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && CURSOR.test(id)) return id;
  throw new Refusal('request.header', { header: 'Last-Event-ID', reason: 'it is not an id of this stream' });
}
