// Tar archives (POSIX ustar) of plain files: enough for a plugin, and nothing that reaches outside its folder. Written here
// because libraries are lenient where this must refuse: modern-tar 0.8 treats an unknown entry type as a file and silently stops
// at a damaged extended header; tar-stream 3 needs bare-fs, native code for another runtime.

export interface TarFile {
  /** With `/`, relative to the archive's root. */
  readonly path: string;
  readonly content: Buffer;
}

/** Why an archive can't be used, as a sentence without its period. */
export class TarFault extends Error {}

const BLOCK = 512;
const FILE = new Set(['0', '\0', '7']);
const FOLDER = '5';
const PAX = 'x';
const PAX_GLOBAL = 'g';
const GNU_LONG_NAME = 'L';

/** The archive as bytes. The same files give the same bytes. */
export function writeTar(files: readonly TarFile[]): Buffer {
  const parts: Buffer[] = [];
  const add = (header: Buffer, content: Buffer): void => {
    parts.push(header, content, Buffer.alloc(padding(content.length)));
  };
  for (const { path, content } of files) {
    const name = splitName(path);
    if (!name) {
      const record = paxRecord('path', path);
      add(header({ name: 'long', prefix: '' }, record.length, PAX), record);
    }
    add(
      header(name ?? { name: path.slice(-50).replace(/[^\x20-\x7e]/g, '_'), prefix: '' }, content.length, '0'),
      content,
    );
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

/**
 * The files of an archive.
 *
 * @throws {TarFault} for links, devices, paths that leave the folder, and damage
 */
export function readTar(tar: Buffer, most: number): TarFile[] {
  const files = new Map<string, TarFile>();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const head = tar.subarray(at, at + BLOCK);
    if (head.every((byte) => byte === 0)) return [...files.values()];
    checkSum(head);
    const type = String.fromCharCode(head[156]!);
    const size = octal(head, 124, 12);
    const from = at + BLOCK;
    if (from + size > tar.length) throw new TarFault('the archive is cut off');
    const content = tar.subarray(from, from + size);
    at = from + size + padding(size);
    if (type === PAX) longName = paxPath(content) ?? longName;
    else if (type === GNU_LONG_NAME) longName = text(content, 0, content.length);
    else if (type !== PAX_GLOBAL) {
      const path = safePath(longName ?? headerName(head));
      longName = undefined;
      if (type === FOLDER) continue;
      if (!FILE.has(type)) throw new TarFault(`${path} is a link or a device; only files and folders are taken`);
      if (files.has(path)) throw new TarFault(`${path} is in the archive twice`);
      if (files.size >= most) throw new TarFault(`the archive holds more than ${most} files`);
      files.set(path, { path, content });
    }
  }
  throw new TarFault('the archive is cut off');
}

/** A safe path below a folder. */
function safePath(written: string): string {
  const shown = JSON.stringify(written.slice(0, 200));
  // Windows reads `\` as a separator and `:` as a drive or stream; NUL ends a name in C.
  if (/[\0\\:]/.test(written)) throw new TarFault(`${shown} is not a path that every system can hold`);
  if (written.startsWith('/')) throw new TarFault(`${shown} is an absolute path`);
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new TarFault(`${shown} leaves the folder`);
  if (written.length > 1_000 || parts.some((part) => Buffer.byteLength(part) > 255))
    throw new TarFault(`${shown} is too long`);
  if (parts.length === 0 && written !== './' && written !== '.') throw new TarFault(`${shown} is no name of a file`);
  return parts.join('/');
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function header(name: { name: string; prefix: string }, size: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name.name, 0, 100, 'latin1');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')} `, 124);
  block.write('00000000000 ', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  block.write(name.prefix, 345, 155, 'latin1');
  block.write(`${sum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A name of at most 100 bytes and a prefix of at most 155; undefined if it doesn't fit or isn't ASCII. */
function splitName(path: string): { name: string; prefix: string } | undefined {
  if (/[^\x20-\x7e]/.test(path)) return undefined;
  if (path.length <= 100) return { name: path, prefix: '' };
  const cut = path.indexOf('/', path.length - 101);
  return cut > 0 && cut <= 155 ? { prefix: path.slice(0, cut), name: path.slice(cut + 1) } : undefined;
}

/** `LENGTH key=value\n`, where LENGTH includes itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (Buffer.byteLength(`${length}${rest}`) !== length) length = Buffer.byteLength(`${length}${rest}`);
  return Buffer.from(`${length}${rest}`);
}

function paxPath(content: Buffer): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    if (space < 0 || !Number.isInteger(length) || length < 5 || at + length > content.length) {
      throw new TarFault('an extended header is damaged');
    }
    const [key, ...value] = content.toString('utf8', space + 1, at + length - 1).split('=');
    if (key === 'path') path = value.join('=');
    // A size there would replace the header's, and the header's maximum is already beyond our limit.
    if (key === 'size') throw new TarFault('a file is too large');
    at += length;
  }
  return path;
}

function headerName(head: Buffer): string {
  const name = text(head, 0, 100);
  const prefix = head.toString('latin1', 257, 263) === 'ustar\0' ? text(head, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function text(block: Buffer, at: number, length: number): string {
  const end = block.subarray(at, at + length).indexOf(0);
  return block.toString('utf8', at, end < 0 ? at + length : at + end);
}

function octal(block: Buffer, at: number, length: number): number {
  const digits = text(block, at, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new TarFault('a header is damaged, or a file is too large');
  return Number.parseInt(digits || '0', 8);
}

function sum(block: Buffer): number {
  return block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}

function checkSum(head: Buffer): void {
  if (octal(head, 148, 8) !== sum(head)) throw new TarFault('it is not a tar archive, or it is damaged');
}
