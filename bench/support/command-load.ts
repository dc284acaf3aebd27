// The client of bench/commands.ts and bench/options.ts: sends requests that it is given, as fast as so many connections
// can or at a steady rate, and tells its parent the milliseconds that each took and how long all of them did.
// Arguments: url, token, connections, a second (0 for as fast as it goes); the requests come as a message.

import { once } from 'node:events';
import { Pool } from 'undici';

export interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}
export interface Took {
  readonly ms: readonly number[];
  readonly totalMs: number;
}

const [url = '', token = '', connections = '1', rate = '0'] = process.argv.slice(2);
const pool = new Pool(url, { connections: Number(connections), pipelining: 1 });
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

// Nothing else keeps the process while it waits.
process.channel?.ref();
const given = once(process, 'message');
process.send?.('ready');
const [requests] = (await given) as [readonly Sent[]];
const ms: number[] = [];

async function send({ method, path }: Sent, from: number): Promise<void> {
  const answer = await pool.request({ method, path, headers, ...(method === 'POST' && { body: '{}' }) });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
  ms.push(performance.now() - from);
}

async function asFastAsItGoes(): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Number(connections) }, async () => {
      for (let request = requests[next++]; request; request = requests[next++]) await send(request, performance.now());
    }),
  );
}

/** Times count from when a request was due, so that a slow one is seen in those that wait behind it. */
async function steadily(perSecond: number): Promise<void> {
  const start = performance.now();
  await Promise.all(
    requests.map(async (request, n) => {
      const due = start + (n * 1_000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await send(request, due);
    }),
  );
}

const start = performance.now();
await (Number(rate) > 0 ? steadily(Number(rate)) : asFastAsItGoes());
const took: Took = { ms, totalMs: performance.now() - start };
await pool.close();
process.send?.(took, () => process.disconnect());
