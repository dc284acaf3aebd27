// One request as bytes: fetch would correct what these tests send wrong.

import { Agent, request as send } from 'node:http';

export interface Sent {
  readonly method: string;
  /** With its query, already percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Received {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Milliseconds after which there must be an answer. */
const PATIENCE = 60_000;

/** Resolves with the answer. One that does not end is left after 300 ms, with what there is: a stream. */
export function ask(origin: string, { method, path, headers = {}, body }: Sent): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const url = new URL(origin);
  const outgoing = send(
    { agent, host: url.hostname, port: url.port, method, path, headers: { ...length, ...headers }, timeout: PATIENCE },
    (answer) => {
      const type = answer.headers['content-type'] ?? '';
      const chunks: Buffer[] = [];
      const done = (): void =>
        resolve({ status: answer.statusCode!, type, text: Buffer.concat(chunks).toString('utf8') });
      answer.on('data', (chunk: Buffer) => void chunks.push(chunk));
      answer.on('end', done).on('error', done);
      if (type.startsWith('text/event-stream')) setTimeout(() => outgoing.destroy(), 300).unref();
    },
  );
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer to ${method} ${path.slice(0, 500)}`)));
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}
