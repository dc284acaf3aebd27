// Secrets held by clients (cookies, links, tokens): 256 random bits, of which only the SHA-256 is stored.

import { createHash, randomBytes } from 'node:crypto';

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** A cookie and its stored hash. */
export interface Cookie {
  readonly cookie: string;
  readonly hash: Buffer;
}
