// The open event streams of one server: counted, held to who opened them, ended when the server closes.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import { notesOf } from './access/request-access.ts';
import type { Services } from './services.ts';
import { EventStream, type Source } from './sse.ts';

const MAX_STREAMS = 1_000;
/** Milliseconds between two looks at who opened the streams: what another node ended is noticed with the next. */
const LOOK_EVERY = 1_000;
/** Milliseconds for which a stream outlives the cookie that opened it, where the session goes on with another. */
const RENEWED_MS = 2_000;
const CURSOR = /^[!-~]{1,200}$/;

/** What a stream was opened with. */
interface Opener {
  /** The session's hash in hex, or the token's id; null for the administrator's own token, which doesn't end. */
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
   * Streams of a session that got another cookie end in a moment, when its tabs have the new one: ended at once, they would
   * come back with the old one and be told to sign in. Who only had a copy of the old one doesn't come back.
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

  /** Ends every stream whose opener may not do any more what they could when they opened it. */
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
    // While the database doesn't answer nobody can tell: the next look decides.
    this.#timer ??= setInterval(() => void this.look().catch(() => {}), LOOK_EVERY).unref();
  }

  #forget(stream: EventStream): void {
    this.#open.delete(stream);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /**
   * The body of the answer: messages of `source` after Last-Event-ID, else after `after`, else from now on. Now is before
   * the answer begins: whoever has its head misses nothing that they do then.
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
    // `X-Accel-Buffering`: a proxy in front (nginx) must pass events on as they come.
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
