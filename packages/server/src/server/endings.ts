// How requests end: answered, or abandoned by the client. The log and the metrics receive each once.

import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Status for a request whose client disconnected before the answer, as in nginx. */
export const CLIENT_LEFT = 499;

export interface Ending {
  /** The answer's status, or `CLIENT_LEFT`. */
  readonly status: number;
  /** Milliseconds from the start of the request to its end. */
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
