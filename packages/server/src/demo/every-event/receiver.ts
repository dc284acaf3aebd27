// Another system on this machine, for requests that a plugin queues: it takes what is sent to `/taken` and refuses anything else.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Receiver {
  /** `127.0.0.1:40123`. */
  readonly place: string;
  close(): void;
}

export async function openReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(request.url === '/taken' ? 204 : 410).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { place: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
