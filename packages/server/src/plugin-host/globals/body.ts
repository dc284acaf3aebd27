// Bodies of requests, and of responses that a plugin makes.

import { type Secret, secretParts } from '@chartwire/sdk/internal/sdk/secrets';
import { TextDecoder } from './text-encoding.ts';

/**
 * Text and content type of a body, by the Fetch Standard.
 *
 * @throws {TypeError} for a value that can't be a body
 */
export function bodyText(body: unknown): { text: string | Secret | null; type?: string } {
  if (body === undefined || body === null) return { text: null };
  if (typeof body === 'string') return { text: body, type: 'text/plain;charset=UTF-8' };
  if (secretParts(body)) return { text: body as Secret, type: 'text/plain;charset=UTF-8' };
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { text: decoded(body) };
  if (Object.prototype.toString.call(body) === '[object URLSearchParams]') {
    return { text: String(body), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (typeof body === 'object') {
    throw new TypeError(
      'A body is text, bytes or URLSearchParams: write an object with JSON.stringify, or give it to this.http.fetch, which sends it as JSON',
    );
  }
  return { text: String(body), type: 'text/plain;charset=UTF-8' };
}

function decoded(bytes: ArrayBuffer | ArrayBufferView): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes as ArrayBuffer);
  } catch {
    throw new TypeError('These bytes are not UTF-8, and the host sends text only: send them as Base64, with btoa');
  }
}
