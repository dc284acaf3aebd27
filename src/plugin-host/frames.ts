// How batches and answers are laid on the wire between the host and a runner. Little endian: the length of what follows (4
// bytes), then
//   to the runner    number of the batch (4), number of entries (2), entries
//   from the runner  number of the batch (4), entries of it that are finished (2), number of entries (2), entries
// An entry: kind (1), isolate (4), length of its text (4), the text in UTF-8.

export const TO_RUNNER = { load: 1, step: 2, drop: 3 } as const;
export const FROM_RUNNER = { ready: 1, said: 2, spent: 3, stray: 4, ended: 5 } as const;

/** A batch holds at most this many entries; a runner is sent at most `WINDOW` batches ahead of its answers. */
export const BATCH = 32;
export const WINDOW = 2;
/** UTF-16 units that an isolate may say at once, and bytes of one frame of a runner; more is not a runner of ours. */
export const MAX_SAID = 16_000_000;
export const MAX_FRAME = 64_000_000;

export interface RawEntry {
  readonly kind: number;
  readonly isolate: number;
  readonly text: string;
}

export interface Batch {
  readonly batch: number;
  readonly entries: readonly RawEntry[];
}

export interface Answer extends Batch {
  /** How many entries of the batch are finished; the batch is when all of them are. */
  readonly finished: number;
}

export function encodeBatch(batch: number, entries: readonly RawEntry[]): Buffer {
  const frame = allocate(6, entries);
  frame.writeUInt32LE(batch, 4);
  frame.writeUInt16LE(entries.length, 8);
  writeEntries(frame, 10, entries);
  return frame;
}

export function encodeAnswer(batch: number, finished: number, entries: readonly RawEntry[]): Buffer {
  const frame = allocate(8, entries);
  frame.writeUInt32LE(batch, 4);
  frame.writeUInt16LE(finished, 8);
  frame.writeUInt16LE(entries.length, 10);
  writeEntries(frame, 12, entries);
  return frame;
}

/** The body of a frame (without its length); undefined when it is malformed. */
export function decodeBatch(body: Buffer): Batch | undefined {
  if (body.length < 6) return undefined;
  const entries = readEntries(body, 6, body.readUInt16LE(4));
  return entries && { batch: body.readUInt32LE(0), entries };
}

/** The body of a frame (without its length); undefined when it is malformed. */
export function decodeAnswer(body: Buffer): Answer | undefined {
  if (body.length < 8) return undefined;
  const entries = readEntries(body, 8, body.readUInt16LE(6));
  return entries && { batch: body.readUInt32LE(0), finished: body.readUInt16LE(4), entries };
}

function allocate(head: number, entries: readonly RawEntry[]): Buffer {
  let length = head;
  for (const entry of entries) length += 9 + Buffer.byteLength(entry.text);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32LE(length, 0);
  return frame;
}

function writeEntries(frame: Buffer, start: number, entries: readonly RawEntry[]): void {
  let at = start;
  for (const entry of entries) {
    frame.writeUInt8(entry.kind, at);
    frame.writeUInt32LE(entry.isolate, at + 1);
    const size = frame.write(entry.text, at + 9);
    frame.writeUInt32LE(size, at + 5);
    at += 9 + size;
  }
}

function readEntries(body: Buffer, start: number, count: number): RawEntry[] | undefined {
  const entries: RawEntry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 9 > body.length) return undefined;
    const end = at + 9 + body.readUInt32LE(at + 5);
    if (end > body.length) return undefined;
    entries.push({
      kind: body.readUInt8(at),
      isolate: body.readUInt32LE(at + 1),
      text: body.toString('utf8', at + 9, end),
    });
    at = end;
  }
  return at === body.length ? entries : undefined;
}

/** Cuts a stream of bytes into the bodies of its frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #have = 0;

  /** Bodies that are now whole; undefined when a frame is longer than `MAX_FRAME`. */
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
