// The lines of a file that is imported: from a path or a stream, unpacked, in UTF-8, UTF-16 or Windows-1252.

import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';

export interface ImportSource {
  /** A path, or the bytes as they come. */
  readonly file: string | AsyncIterable<Uint8Array>;
  /** How it is packed. Gzip is seen by itself, Brotli by a path ending in `.br`. */
  readonly compression?: 'gzip' | 'br';
  /** Told how many bytes of the file have been taken so far. */
  readonly onBytes?: (bytes: number) => void;
}

/** Characters of a line; a file of text has none longer. */
const LONGEST_LINE = 1_000_000;
/** Characters of the whole, unpacked: beyond the largest code system by far. */
const LONGEST_TEXT = 4_000_000_000;

const NEWLINE = 10;
const NO_BYTES = Buffer.alloc(0);
/** Bytes of the longest byte order mark, that of UTF-8. */
const LONGEST_MARK = 3;

/** The lines, in portions. Refuses damaged files, or files that aren't text. */
export async function* linesOf(source: ImportSource): AsyncGenerator<string[]> {
  const splitter = new LineSplitter();
  try {
    for await (const bytes of unpacked(source)) yield splitter.push(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') || code?.startsWith('ERR_')) {
      throw new Refusal('terms.file', { reason: 'it is damaged: it cannot be unpacked' });
    }
    throw error;
  }
  yield splitter.end();
}

async function* unpacked(source: ImportSource): AsyncGenerator<Buffer> {
  const bytes = read(source);
  const { value: first } = await bytes.next();
  if (first === undefined) return;
  const whole = joined(first, bytes);
  const packing = packingOf(source, first);
  if (packing === undefined) {
    yield* whole;
    return;
  }
  const unpack = packing === 'gzip' ? createGunzip() : createBrotliDecompress();
  const packed = Readable.from(whole, { objectMode: false });
  packed.on('error', (error) => unpack.destroy(error));
  yield* packed.pipe(unpack) as AsyncIterable<Buffer>;
}

async function* read({ file, onBytes }: ImportSource): AsyncGenerator<Buffer> {
  let taken = 0;
  const chunks: AsyncIterable<Uint8Array> = typeof file === 'string' ? createReadStream(file) : file;
  for await (const chunk of chunks) {
    taken += chunk.length;
    onBytes?.(taken);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function packingOf({ file, compression }: ImportSource, first: Buffer): 'gzip' | 'br' | undefined {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  if (typeof file === 'string' && file.endsWith('.br')) return 'br';
  return compression;
}

/** Bytes to lines. A line that isn't UTF-8 is read as Windows-1252, which CMS still writes occasionally. */
class LineSplitter {
  #rest: Buffer = NO_BYTES;
  /** Of UTF-16, in which CDC gives out its tables. */
  #wide: InstanceType<typeof TextDecoder> | undefined;
  #started = false;
  #characters = 0;

  push(chunk: Buffer): string[] {
    const bytes = this.#started ? chunk : this.#start(chunk);
    if (!this.#started) return [];
    const plain = this.#wide ? Buffer.from(this.#wide.decode(bytes, { stream: true })) : bytes;
    this.#characters += plain.length;
    if (this.#characters > LONGEST_TEXT)
      throw new Refusal('terms.file', { reason: 'it is far larger than a code system' });
    const whole = this.#rest.length > 0 ? Buffer.concat([this.#rest, plain]) : plain;
    const end = whole.lastIndexOf(NEWLINE) + 1;
    this.#rest = whole.subarray(end);
    if (this.#rest.length > LONGEST_LINE || whole.subarray(0, end).includes(0)) {
      throw new Refusal('terms.file', { reason: 'it is not a file of text' });
    }
    return end === 0 ? [] : splitLines(whole.subarray(0, end - 1));
  }

  /** The first bytes may say how all are written: they are kept until there are enough of them to tell. */
  #start(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.#rest, chunk]);
    this.#rest = bytes;
    if (bytes.length < LONGEST_MARK) return NO_BYTES;
    this.#started = true;
    this.#rest = NO_BYTES;
    if (bytes[0] === 0xff && bytes[1] === 0xfe) this.#wide = new TextDecoder('utf-16le');
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(LONGEST_MARK) : bytes;
  }

  end(): string[] {
    return this.#rest.length === 0 ? [] : splitLines(this.#rest);
  }
}

const WINDOWS_1252 = new TextDecoder('windows-1252');

function splitLines(bytes: Buffer): string[] {
  const lines = isUtf8(bytes) ? bytes.toString('utf8').split('\n') : linesOneByOne(bytes);
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

function linesOneByOne(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(from, to);
    lines.push(isUtf8(line) ? line.toString('utf8') : WINDOWS_1252.decode(line));
    from = to + 1;
  }
  return lines;
}
