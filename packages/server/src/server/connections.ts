// The connections of one server, so that closing waits for requests but not for idle connections: browsers connect in advance,
// and clients keep connections alive.

import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Watches the server's connections. The returned function closes idle ones at once, and the others after their requests. */
export function watchConnections(server: Server): () => void {
  /** Number of running requests by connection. */
  const busy = new Map<Socket, number>();
  let closing = false;
  const count = (socket: Socket, more: 1 | -1): void => {
    const requests = (busy.get(socket) ?? 0) + more;
    busy.set(socket, requests);
    if (closing && requests === 0) socket.end();
  };
  server.on('connection', (socket: Socket) => {
    busy.set(socket, 0);
    socket.once('close', () => busy.delete(socket));
  });
  // No answer of ours depends on an expectation other than 100-continue. The request is handled as usual, with its checks and its
  // audit row, rather than by Node alone (RFC 9110 section 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('request', ({ socket }: { socket: Socket }, response: ServerResponse) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  return () => {
    closing = true;
    for (const [socket, requests] of busy) if (requests === 0) socket.destroy();
  };
}
