// How requests end: answered, or left by a client who closed the connection. The log and the metrics hear of each once.

import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The status under which a request is counted whose client left before it had the answer, as nginx writes it. */
export const CLIENT_LEFT = 499;

export interface Ending {
  /** Of the answer, or `CLIENT_LEFT`. */
  readonly status: number;
  /** Milliseconds from the request to its end. */
  readonly ms: number;
}

export type Listener = (request: FastifyRequest, ending: Ending) => void;

export function onEnding(server: FastifyInstance, listeners: readonly Listener[]): void {
  server.addHook('onRequest', async (request, reply) => {
    const begun = performance.now();
    reply.raw.once('close', () => {
      const status = reply.raw.writableFinished ? reply.statusCode : CLIENT_LEFT;
      for (const listener of listeners) listener(request, { status, ms: performance.now() - begun });
    });
  });
}
