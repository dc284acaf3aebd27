// Clients that close the connection before they have their answer.

import type { FastifyRequest } from 'fastify';

/** Whether the client of a request is gone: what fails then fails for want of a client, and nobody reads the answer. */
export function hasLeft({ raw }: FastifyRequest): boolean {
  return raw.socket.destroyed || (raw.destroyed && !raw.complete);
}
