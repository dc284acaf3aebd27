// A network between a server and its database that can be cut.

import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type pg from 'pg';

export interface Network {
  /** The database's address, through here. */
  readonly url: string;
  /** Ends every connection and accepts none. */
  cut(): void;
  /** Passes nothing on and says nothing, as when a cable is pulled. */
  stall(): void;
  /** Lets through what comes from now on; what was cut stays cut, what stalled goes on. */
  mend(): void;
  close(): Promise<void>;
}

/** In front of a PostgreSQL that listens at a socket. */
export async function networkTo({ host, port, user, password, database }: pg.ClientConfig): Promise<Network> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'cut' | 'stalled' = 'open';
  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(join(host!, `.s.PGSQL.${port}`));
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [socket, other] of [pair, pair.toReversed() as [Socket, Socket]]) {
      socket.on('data', (bytes) => void other.write(bytes));
      socket.on('error', () => {});
      socket.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
      if (state === 'stalled') socket.pause();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const sockets = (): Socket[] => [...pairs].flat();
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${(server.address() as AddressInfo).port}/${database}`,
    cut() {
      state = 'cut';
      for (const socket of sockets()) socket.destroy();
    },
    stall() {
      state = 'stalled';
      for (const socket of sockets()) socket.pause();
    },
    mend() {
      state = 'open';
      for (const socket of sockets()) socket.resume();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets()) socket.destroy();
      await closed;
    },
  };
}
