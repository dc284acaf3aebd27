// The connections of one server, so that closing waits for requests and not for whoever merely keeps a line open:
// browsers connect in advance, clients keep connections for a next request.

import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Watches the server's connections. The function it returns closes those without a request, and the others after theirs. */
export function watchConnections(server: Server): () => void {
  /** Requests under way by connection. */
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
  // An expectation other than 100-continue is one that no answer of ours depends on: the request is answered as ever, with
  // its checks and its audit row, and not by Node alone (RFC 9110 section 10.1.1).
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
