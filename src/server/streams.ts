// The open event streams of one server: counted, held to who opened them, ended when the server closes.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kit/errors.ts';
import { isStillAdmitted } from './access/admission.ts';
import type { Services } from './services.ts';
import { EventStream, type Source } from './sse.ts';

const MAX_STREAMS = 1_000;
const CURSOR = /^[!-~]{1,200}$/;

export class Streams {
  readonly #access: Pick<Services, 'tokens' | 'sessions'>;
  readonly #open = new Set<EventStream>();

  constructor(access: Pick<Services, 'tokens' | 'sessions'>) {
    this.#access = access;
  }

  get size(): number {
    return this.#open.size;
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
      allowed: () => isStillAdmitted(request, this.#access),
    });
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
    // `X-Accel-Buffering`: a proxy in front (nginx) must pass events on as they come.
    reply.type('text/event-stream; charset=utf-8').headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    return stream;
  }

  endAll(): void {
    for (const stream of this.#open) stream.end();
  }
}

function lastEventId(request: FastifyRequest): string | undefined {
  const id = request.headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && CURSOR.test(id)) return id;
  throw new Refusal('request.header', { header: 'Last-Event-ID', reason: 'it is not an id of this stream' });
}
