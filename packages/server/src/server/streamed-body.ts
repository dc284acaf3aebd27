// A request's body as a stream, for files too large for memory: limited, and read to the end even if the rest isn't needed, since
// a client that is cut off doesn't read the answer.

import type { Readable } from 'node:stream';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';

/** The bytes of a body. Refuses a body of more than `limit` bytes as early as possible. */
export async function* bytesOf(body: Readable, announced: string | undefined, limit: number): AsyncGenerator<Buffer> {
  let taken = 0;
  if (Number(announced ?? 0) > limit) throw new Refusal('request.too-large', { limit });
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    taken += chunk.length;
    if (taken > limit) throw new Refusal('request.too-large', { limit });
    yield chunk;
  }
}

/** Reads and discards the rest of a body. */
export async function drained(body: Readable): Promise<void> {
  if (body.readableEnded || body.destroyed) return;
  try {
    for await (const _chunk of body.iterator({ destroyOnReturn: false }));
  } catch {
    // The client disconnected, so there is nobody to answer.
  }
}
