// A plugin's folder as one file that travels, and back again: a gzipped tar, small and without surprises.

import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Refusal } from '#kit/errors.ts';
import { BadTar, readTar, type TarFile, writeTar } from './tar.ts';

/** What a package may come to, unpacked. */
const MOST_BYTES = 50_000_000;
const MOST_FILES = 5_000;
/** Never part of a package, wherever they lie. */
const LEFT_OUT = new Set(['.git', '.bin', '.cache', 'coverage', 'chartwire']);

/**
 * Packs a plugin's folder. `node_modules` goes along only when its package.json has `dependencies`; dot files and links
 * never do. The same folder gives the same bytes.
 */
export async function packPlugin(folder: string): Promise<Buffer> {
  const files = await collect(resolve(folder), '', await hasDependencies(folder));
  if (!files.some(({ path }) => path === 'chartwire.json')) {
    throw new Refusal('plugin.package', { reason: 'the folder has no chartwire.json' });
  }
  refuseLarge(files);
  return promisify(gzip)(writeTar(files), { level: 9 });
}

/** Unpacks into an empty folder. Refuses paths that leave it, links, devices, and what is too large. */
export async function unpackPlugin(tgz: Buffer, into: string): Promise<void> {
  const root = resolve(into);
  const files = await readPackage(tgz);
  refuseLarge(files);
  for (const { path, content } of files) {
    const target = resolve(root, path);
    if (path === '' || !target.startsWith(root + sep) || path.includes('\\') || path.includes('\0')) {
      throw new Refusal('plugin.package', { reason: `${JSON.stringify(path)} is not a path inside the plugin` });
    }
    try {
      await mkdir(dirname(target), { recursive: true });
      // `wx`: no file of a package takes the place of another.
      await writeFile(target, content, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (!['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
      throw new Refusal('plugin.package', {
        reason: `${JSON.stringify(path)} is there twice, or is no name of a file`,
      });
    }
  }
}

async function readPackage(tgz: Buffer): Promise<TarFile[]> {
  try {
    return readTar(await promisify(gunzip)(tgz, { maxOutputLength: 2 * MOST_BYTES }));
  } catch (error) {
    if (error instanceof BadTar) throw new Refusal('plugin.package', { reason: error.message });
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : 'it is not a gzipped tar';
    if (code === 'ERR_BUFFER_TOO_LARGE' || code?.startsWith('Z_')) throw new Refusal('plugin.package', { reason });
    throw error;
  }
}

function refuseLarge(files: readonly TarFile[]): void {
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  if (files.length > MOST_FILES || bytes > MOST_BYTES) throw new Refusal('plugin.package', { reason: tooLarge() });
}

function tooLarge(): string {
  return `it holds more than ${MOST_FILES} files or ${MOST_BYTES / 1_000_000} MB`;
}

async function collect(root: string, below: string, withModules: boolean): Promise<TarFile[]> {
  const files: TarFile[] = [];
  for (const name of (await readdir(join(root, below))).sort()) {
    if (name.startsWith('.') || LEFT_OUT.has(name) || (name === 'node_modules' && !withModules)) continue;
    const path = below === '' ? name : `${below}/${name}`;
    const entry = await lstat(join(root, path));
    if (entry.isDirectory()) files.push(...(await collect(root, path, withModules)));
    else if (entry.isFile()) files.push({ path, content: await readFile(join(root, path)) });
    if (files.length > MOST_FILES) throw new Refusal('plugin.package', { reason: tooLarge() });
  }
  return files;
}

/** Whether the plugin brings npm packages of its own; `chartwire` itself is the server's. */
async function hasDependencies(folder: string): Promise<boolean> {
  try {
    const manifest: { dependencies?: Record<string, string> } = JSON.parse(
      await readFile(join(folder, 'package.json'), 'utf8'),
    );
    return Object.keys(manifest.dependencies ?? {}).some((name) => name !== 'chartwire');
  } catch {
    return false;
  }
}
