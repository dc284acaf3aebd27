// The body of a request as it comes, for files too large to be held: no longer than its limit, and read to its end even
// when nobody wants the rest, since a sender who is cut off does not read the answer.

import type { Readable } from 'node:stream';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';

/** The bytes of a body. Refuses one of more than `limit` bytes as soon as that is known. */
export async function* bytesOf(body: Readable, announced: string | undefined, limit: number): AsyncGenerator<Buffer> {
  let taken = 0;
  if (Number(announced ?? 0) > limit) throw new Refusal('request.too-large', { limit });
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    taken += chunk.length;
    if (taken > limit) throw new Refusal('request.too-large', { limit });
    yield chunk;
  }
}

/** Reads what is left of a body and drops it. */
export async function drained(body: Readable): Promise<void> {
  if (body.readableEnded || body.destroyed) return;
  try {
    for await (const _chunk of body.iterator({ destroyOnReturn: false }));
  } catch {
    // The sender went away: there is nobody to answer.
  }
}
