// Keys that make it safe to send a request again.

import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';

/** A new one. `crypto.randomUUID` exists in secure contexts only, and a practice may use plain HTTP in its own network. */
export function newIdempotencyKey(): string {
  return uuidv7(Date.now(), (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
}
