// What the build process sends to the host: one byte before it touches the package, then one answer of three frames (a 32-bit
// length, then bytes): a JSON head, the script, and its source map. The host trusts none of it: sizes are limited while they
// arrive, and build-head.ts checks the head.

import type { Fault } from '@chartwire/sdk/internal/kit/errors';

/** Largest script, in bytes. A larger one isn't a handler but an application. */
export const MAX_CODE = 5_000_000;
/** Limit for the manifest and questionnaires as JSON, and for the source map. */
const MAX_HEAD = 5_000_000;
const MAX_MAP = 15_000_000;
const MOST: readonly number[] = [MAX_HEAD, MAX_CODE, MAX_MAP];

export const READY = 1;

/** Why the package is refused. The code is that of a Refusal with `{reason}`. */
export interface RefusedBuild {
  readonly code: 'plugin.manifest' | 'plugin.package' | 'plugin.build';
  readonly reason: string;
  readonly faults: readonly Fault[];
}

export interface BuildHead {
  /** chartwire.json as in the package; absent if the build failed before reading it. */
  readonly manifest?: unknown;
  readonly questionnaires?: readonly unknown[];
  readonly refused?: RefusedBuild;
  /** Why the compiler stopped. */
  readonly stopped?: 'memory' | 'nesting';
}

/** `head` is unchecked JSON. */
export interface BuildAnswer<Head = unknown> {
  readonly head: Head;
  readonly code: string;
  readonly sourceMap: string;
}

export function encodeAnswer({ head, code, sourceMap }: BuildAnswer<BuildHead>): Buffer {
  const frames = [JSON.stringify(head), code, sourceMap].flatMap((part) => {
    const bytes = Buffer.from(part);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    return [size, bytes];
  });
  return Buffer.concat(frames);
}

/** Assembles the answer from chunks. */
export class AnswerReader {
  readonly #frames: Buffer[] = [];
  #pieces: Buffer[] = [];
  #size = 0;
  /** Whether the byte before the process's first answer has been read. */
  ready: boolean;

  constructor(ready = false) {
    this.ready = ready;
  }

  /** The answer once complete; `too large` or `malformed` if it can't be one. */
  push(piece: Buffer): BuildAnswer | 'too large' | 'malformed' | undefined {
    const rest = this.ready ? piece : piece.subarray(1);
    if (!this.ready && piece[0] !== READY) return 'malformed';
    this.ready = true;
    this.#pieces.push(rest);
    this.#size += rest.length;
    return this.#next();
  }

  #next(): BuildAnswer | 'too large' | 'malformed' | undefined {
    while (this.#frames.length < MOST.length) {
      if (this.#size < 4) return undefined;
      const [first] = this.#pieces;
      const bytes = first!.length >= 4 ? first! : this.#joined();
      const length = bytes.readUInt32LE(0);
      if (length > MOST[this.#frames.length]!) return 'too large';
      if (this.#size < 4 + length) return undefined;
      const whole = this.#joined();
      this.#frames.push(whole.subarray(4, 4 + length));
      this.#pieces = [whole.subarray(4 + length)];
      this.#size -= 4 + length;
    }
    return this.#size === 0 ? answerOf(this.#frames) : 'malformed';
  }

  #joined(): Buffer {
    if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0]!;
  }
}

function answerOf(frames: readonly Buffer[]): BuildAnswer | 'malformed' {
  const [head, code, sourceMap] = frames.map((frame) => frame.toString());
  try {
    return { head: JSON.parse(head!), code: code!, sourceMap: sourceMap! };
  } catch {
    return 'malformed';
  }
}
