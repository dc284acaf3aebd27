// Encryption of drafts for the browser's storage: XChaCha20-Poly1305, in plain JavaScript because WebCrypto exists in secure
// contexts only.

import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';

const NONCE_BYTES = 24;

/** `1764510000000.<nonce>.<ciphertext>`: when it was written, then base64. It can't be read under another name. */
export function sealed(name: string, text: string, key: Uint8Array): string {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const encrypted = xchacha20poly1305(key, nonce, utf8(name)).encrypt(utf8(text));
  return `${Date.now()}.${base64Of(nonce)}.${base64Of(encrypted)}`;
}

/** Null for what was written with another key, under another name, or by somebody else's program. */
export function unsealed(name: string, kept: string, key: Uint8Array): string | null {
  const [, nonce = '', encrypted = ''] = kept.split('.');
  try {
    const text = xchacha20poly1305(key, bytesOf(nonce), utf8(name)).decrypt(bytesOf(encrypted));
    return new TextDecoder().decode(text);
  } catch {
    return null;
  }
}

/** Milliseconds since 1970 at which it was written; NaN for anything that isn't sealed. */
export function sealedAt(kept: string): number {
  return Number(/^(\d+)\.[^.]+\.[^.]+$/.exec(kept)?.[1]);
}

/** @throws a `DOMException` for anything that isn't base64 */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
