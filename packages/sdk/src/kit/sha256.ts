// SHA-256 of a text, for ids that follow from what they name. The pure floors have no crypto of Node's.

import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Lower-case hex of the hash of the text's UTF-8. */
export function sha256(text: string): string {
  return bytesToHex(digest(utf8ToBytes(text)));
}
