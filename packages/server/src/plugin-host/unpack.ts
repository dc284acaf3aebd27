// Unpacks a plugin's package, a .tgz from an untrusted source, into memory.

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { readTar, type TarFile, TarFault } from './tar.ts';

export const MAX_FILES = 5_000;
export const MAX_BYTES = 50_000_000;
/** Nesting limit of folders. */
const MAX_DEPTH = 50;

const unzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

/** The files of a package by path in the plugin's folder, with `/`. */
export type PackageFiles = ReadonlyMap<string, Buffer>;

/**
 * Unpacks a package into memory.
 *
 * @throws {Refusal} `plugin.package`
 */
export async function unpackPlugin(tgz: Buffer): Promise<PackageFiles> {
  const files = new Map(withoutTopFolder(read(await inflate(tgz))).map(({ path, content }) => [path, content]));
  if (!files.has('chartwire.json')) throw refused('it holds no chartwire.json');
  for (const path of files.keys()) {
    const above = path.split('/').slice(0, -1);
    if (above.length > MAX_DEPTH) throw refused(`${JSON.stringify(path)} is more than ${MAX_DEPTH} folders deep`);
    const asFile = above.map((_, index) => above.slice(0, index + 1).join('/')).find((folder) => files.has(folder));
    if (asFile !== undefined) throw refused(`${JSON.stringify(asFile)} is there as a file and as a folder`);
  }
  return files;
}

async function inflate(tgz: Buffer): Promise<Buffer> {
  try {
    return await unzip(tgz, { maxOutputLength: MAX_BYTES + MAX_FILES * 2_048 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `it holds more than ${MAX_BYTES / 1e6} MB`
        : 'it is not gzipped, or it is damaged',
    );
  }
}

function read(tar: Buffer): TarFile[] {
  try {
    return readTar(tar, MAX_FILES);
  } catch (error) {
    if (error instanceof TarFault) throw refused(error.message);
    throw error;
  }
}

/** `tar czf my.tgz my-plugin` and `npm pack` put everything in one folder. */
function withoutTopFolder(files: TarFile[]): TarFile[] {
  if (files.some(({ path }) => path === 'chartwire.json')) return files;
  const top = files.find(({ path }) => /^[^/]+\/chartwire\.json$/.test(path))?.path.split('/')[0];
  if (top === undefined || !files.every(({ path }) => path.startsWith(`${top}/`))) return files;
  return files.map(({ path, content }) => ({ path: path.slice(top.length + 1), content }));
}

export function refused(reason: string): Refusal {
  return new Refusal('plugin.package', { reason });
}
