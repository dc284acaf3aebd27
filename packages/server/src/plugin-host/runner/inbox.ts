// Reads the host's input from standard input into one reused buffer, so that a runner creates no garbage per batch.

import { readSync } from 'node:fs';

export class Inbox {
  #bytes = Buffer.alloc(262_144);
  #from = 0;
  #to = 0;

  /** Waits for more input; false when the host has closed it. */
  read(): boolean {
    this.#makeRoom();
    const size = readSync(0, this.#bytes, this.#to, this.#bytes.length - this.#to, null);
    this.#to += size;
    return size > 0;
  }

  /** The next complete frame, valid until the next `read`. */
  take(): Buffer | undefined {
    const start = this.#from + 4;
    if (start > this.#to) return undefined;
    const end = start + this.#bytes.readUInt32LE(this.#from);
    if (end > this.#to) return undefined;
    this.#from = end;
    return this.#bytes.subarray(start, end);
  }

  #makeRoom(): void {
    const rest = this.#bytes.subarray(this.#from, this.#to);
    const next = rest.length < 4 ? 0 : 4 + rest.readUInt32LE(0);
    if (next > this.#bytes.length) this.#bytes = Buffer.concat([rest], next);
    else this.#bytes.copyWithin(0, this.#from, this.#to);
    this.#to = rest.length;
    this.#from = 0;
  }
}
