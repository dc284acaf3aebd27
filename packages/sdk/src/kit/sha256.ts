// SHA-256 of a text, for derived ids. The pure floors can't use Node's crypto.

import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Lower-case hex of the hash of the text's UTF-8. */
export function sha256(text: string): string {
  return bytesToHex(digest(utf8ToBytes(text)));
}
