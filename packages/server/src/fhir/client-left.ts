// Clients that close the connection before they have their answer.

import type { FastifyRequest } from 'fastify';

/** Whether the client has disconnected: later errors are due to that, and nobody reads the answer. */
export function hasLeft({ raw }: FastifyRequest): boolean {
  return raw.socket.destroyed || (raw.destroyed && !raw.complete);
}
