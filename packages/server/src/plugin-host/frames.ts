// The wire format of batches and answers between host and runner. A frame is a row of 32-bit little-endian integers, then one
// UTF-8 text, padded so that the next frame is aligned:
//   length of what follows · number of the batch · entries of it that are finished (to the runner: 0) · number of entries
//   for each entry: kind · isolate · length of its text in UTF-16 units
//   the texts of all entries, one after the other: decoded at once, then cut

export const TO_RUNNER = { load: 1, step: 2, drop: 3 } as const;
export const FROM_RUNNER = { ready: 1, said: 2, spent: 3, stray: 4, ended: 5 } as const;

/** Maximum number of entries in a batch. The host sends a runner at most `WINDOW` batches ahead of its answers. */
export const BATCH = 32;
export const WINDOW = 2;
/** UTF-16 units of an isolate's output to hand over at once, unless a single message is longer. */
export const AT_ONCE = 250_000;
/** Limit for an isolate's output at once (UTF-16 units) and a runner's frame (bytes). Our runners never exceed it. */
export const MAX_SAID = 16_000_000;
export const MAX_FRAME = 64_000_000;

export interface RawEntry {
  readonly kind: number;
  readonly isolate: number;
  readonly text: string;
}

export interface Frame {
  readonly batch: number;
  /** Number of finished entries. The batch is finished when all are. */
  readonly finished: number;
  readonly entries: readonly RawEntry[];
}

const HEAD = 3;
const EACH = 3;

export function encodeFrame({ batch, finished, entries }: Frame): Buffer {
  let text = '';
  for (const entry of entries) text += entry.text;
  const integers = 1 + HEAD + EACH * entries.length;
  const size = 4 * integers + Buffer.byteLength(text);
  // Memory of its own instead of a slice of Node's pool, so that the view below is aligned. The padding is zeros.
  const bytes = new ArrayBuffer(size + (-size & 3));
  const head = new Uint32Array(bytes, 0, integers);
  head[0] = bytes.byteLength - 4;
  head[1] = batch;
  head[2] = finished;
  head[3] = entries.length;
  let at = 1 + HEAD;
  for (const entry of entries) {
    head[at] = entry.kind;
    head[at + 1] = entry.isolate;
    head[at + 2] = entry.text.length;
    at += EACH;
  }
  const frame = Buffer.from(bytes);
  frame.write(text, 4 * integers);
  return frame;
}

/** Decodes a frame without its length; undefined if malformed. */
export function decodeFrame(body: Buffer): Frame | undefined {
  if (body.length < 4 * HEAD || body.length % 4 !== 0) return undefined;
  const aligned = body.byteOffset % 4 === 0 ? body : Buffer.from(new Uint8Array(body).buffer);
  const head = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  const count = head[2]!;
  if (HEAD + EACH * count > head.length) return undefined;
  const text = aligned.toString('utf8', 4 * (HEAD + EACH * count));
  const entries: RawEntry[] = [];
  let at = HEAD;
  let from = 0;
  for (let index = 0; index < count; index++) {
    const end = from + head[at + 2]!;
    entries.push({ kind: head[at]!, isolate: head[at + 1]!, text: text.slice(from, end) });
    from = end;
    at += EACH;
  }
  // The rest is padding.
  return from <= text.length && text.length - from < 4 ? { batch: head[0]!, finished: head[1]!, entries } : undefined;
}

/** Splits a byte stream into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #have = 0;

  /** The frames that are now complete; undefined if one is longer than `MAX_FRAME`. */
  push(chunk: Buffer): Buffer[] | undefined {
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    const bodies: Buffer[] = [];
    while (this.#have >= 4) {
      if (this.#chunks[0]!.length < 4) this.#join();
      const length = this.#chunks[0]!.readUInt32LE(0);
      if (length > MAX_FRAME) return undefined;
      if (this.#have < 4 + length) break;
      const all = this.#join();
      bodies.push(all.subarray(4, 4 + length));
      const rest = all.subarray(4 + length);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#have = rest.length;
    }
    return bodies;
  }

  #join(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }
}
