// Reading and writing the tar format (POSIX.1-1988 ustar, and the long names of pax and GNU), as far as plugin packages
// need it: regular files only. What it reads comes from anybody.

/** A file of an archive. `path` has forward slashes. */
export interface TarFile {
  readonly path: string;
  readonly content: Buffer;
}

const BLOCK = 512;

/** Thrown for an archive that cannot be read, with the reason. */
export class BadTar extends Error {
  override readonly name = 'BadTar';
}

/** The same files give the same bytes: no times, no owners. */
export function writeTar(files: readonly TarFile[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { path, content } of files) {
    const long = Buffer.byteLength(path) > 100;
    // A name that does not fit goes before it, in a pax header.
    if (long) blocks.push(...entry('././@PaxHeader', Buffer.from(paxRecord('path', path)), 'x'));
    blocks.push(...entry(long ? path.slice(-90) : path, content, '0'));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** Every regular file, in order. Folders are passed over; links, devices and the like are refused. */
export function readTar(archive: Buffer): TarFile[] {
  const files: TarFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return files;
    if (octal(header, 148, 8) !== checksum(header)) throw new BadTar('a header is damaged');
    const size = octal(header, 124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new BadTar('it ends in the middle of a file');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const kind = String.fromCharCode(header[156]!);
    if (kind === 'x') longName = paxPath(content) ?? longName;
    else if (kind === 'L') longName = text(content, 0, content.length);
    else if (kind === 'g' || kind === '5') longName = undefined;
    else if (kind === '0' || kind === '\0') {
      files.push({ path: longName ?? nameOf(header), content });
      longName = undefined;
    } else throw new BadTar(`${longName ?? nameOf(header)} is not a regular file`);
  }
  return files;
}

function entry(path: string, content: Buffer, kind: '0' | 'x'): Buffer[] {
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(kind, 156);
  header.write('ustar\x0000', 257);
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148);
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

function octal(header: Buffer, at: number, length: number): number {
  const digits = text(header, at, length).trim();
  if (!/^[0-7]+$/.test(digits)) throw new BadTar('a header is damaged');
  return Number.parseInt(digits, 8);
}

function nameOf(header: Buffer): string {
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
  const name = text(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function text(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** `27 path=...\n`: the number is the length of the whole record, itself included. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length++;
  return `${length} ${key}=${value}\n`;
}

function paxPath(content: Buffer): string | undefined {
  return /^\d+ path=(.*)$/m.exec(content.toString('utf8'))?.[1];
}
