// A plugin's folder as one file (.tgz) and back. What is packed: its files, and of node_modules the packages that its
// package.json names as dependencies, with theirs. Names that begin with a dot stay behind (.git, .env), and so does data/.

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { readTar, type TarFile, TarFault, writeTar } from './tar.ts';

const MAX_FILES = 5_000;
const MAX_BYTES = 50_000_000;
/** Folders within folders. */
const MAX_DEPTH = 50;

const zip = promisify(gzip);
const unzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

/** The content of a package: by path in the plugin's folder, with `/`. */
export type PackageFiles = ReadonlyMap<string, Buffer>;

/** The folder as a gzipped tar; the same files make the same bytes. Throws a Refusal `plugin.package`. */
export async function packPlugin(folder: string): Promise<Buffer> {
  const packer = new Packer(folder);
  await packer.folder('', (name) => name !== 'node_modules' && name !== 'data');
  if (!packer.has('chartwire.json')) throw refuse('the folder has no chartwire.json');
  await packer.dependencies('');
  return zip(writeTar(packer.sorted()), { level: 6 });
}

/** The files of a package, in memory. Throws a Refusal `plugin.package`. */
export async function unpackPlugin(tgz: Buffer): Promise<PackageFiles> {
  const files = new Map(withoutTopFolder(read(await inflate(tgz))).map(({ path, content }) => [path, content]));
  if (!files.has('chartwire.json')) throw refuse('it holds no chartwire.json');
  for (const path of files.keys()) {
    const above = path.split('/').slice(0, -1);
    if (above.length > MAX_DEPTH) throw refuse(`${JSON.stringify(path)} is more than ${MAX_DEPTH} folders deep`);
    const asFile = above.map((_, index) => above.slice(0, index + 1).join('/')).find((folder) => files.has(folder));
    if (asFile !== undefined) throw refuse(`${JSON.stringify(asFile)} is there as a file and as a folder`);
  }
  return files;
}

async function inflate(tgz: Buffer): Promise<Buffer> {
  try {
    return await unzip(tgz, { maxOutputLength: MAX_BYTES + MAX_FILES * 2_048 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refuse(
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
    if (error instanceof TarFault) throw refuse(error.message);
    throw error;
  }
}

/** `tar czf my.tgz my-plugin` and `npm pack` put everything below one folder. */
function withoutTopFolder(files: TarFile[]): TarFile[] {
  if (files.some(({ path }) => path === 'chartwire.json')) return files;
  const top = files.find(({ path }) => /^[^/]+\/chartwire\.json$/.test(path))?.path.split('/')[0];
  if (top === undefined || !files.every(({ path }) => path.startsWith(`${top}/`))) return files;
  return files.map(({ path, content }) => ({ path: path.slice(top.length + 1), content }));
}

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
}

class Packer {
  readonly #root: string;
  readonly #files = new Map<string, Buffer>();
  #bytes = 0;

  constructor(root: string) {
    this.#root = root;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  sorted(): TarFile[] {
    return [...this.#files].map(([path, content]) => ({ path, content })).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async folder(path: string, wanted: (name: string) => boolean): Promise<void> {
    for (const entry of await this.#list(path)) {
      if (entry.name.startsWith('.') || !wanted(entry.name)) continue;
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isSymbolicLink()) throw refuse(`${inner} is a symbolic link; copy the file instead`);
      if (entry.isDirectory()) await this.folder(inner, (name) => name !== 'node_modules');
      else if (entry.isFile()) await this.#file(inner);
    }
  }

  async #list(path: string) {
    try {
      return await readdir(join(this.#root, path), { withFileTypes: true });
    } catch {
      throw refuse(`the folder ${path || this.#root} cannot be read`);
    }
  }

  async #file(path: string): Promise<void> {
    if (this.#files.has(path)) return;
    const content = await readFile(join(this.#root, path));
    this.#bytes += content.length;
    if (this.#bytes > MAX_BYTES) throw refuse(`the folder holds more than ${MAX_BYTES / 1e6} MB`);
    if (this.#files.size >= MAX_FILES) throw refuse(`the folder holds more than ${MAX_FILES} files`);
    this.#files.set(path, content);
  }

  /** Packs what the package at `path` depends on, from the nearest node_modules that has it, as Node would find it. */
  async dependencies(path: string): Promise<void> {
    const file = await readFile(join(this.#root, path, 'package.json'), 'utf8').catch(() => '{}');
    let json: PackageJson;
    try {
      json = JSON.parse(file) as PackageJson;
    } catch {
      throw refuse(`${join(path, 'package.json')} is not JSON`);
    }
    for (const name of Object.keys(json.dependencies ?? {})) {
      // The host has its own SDK.
      if (name === 'chartwire') continue;
      const found = await this.#find(name, path);
      if (!found) throw refuse(`the dependency ${name} is not in node_modules; run npm install in the plugin’s folder`);
      if (this.#files.has(`${found}/package.json`)) continue;
      await this.folder(found, (inner) => inner !== 'node_modules');
      await this.dependencies(found);
    }
  }

  async #find(name: string, from: string): Promise<string | undefined> {
    if (!/^(@[\w.-]+\/)?[\w.-]+$/.test(name) || name.includes('..')) return undefined;
    for (let folder = from; ; folder = parent(folder)) {
      const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
      const there = await lstat(join(this.#root, path)).catch(() => undefined);
      if (there?.isSymbolicLink())
        throw refuse(`${path} is a symbolic link; install the package instead of linking it`);
      if (there?.isDirectory()) return path;
      if (folder === '') return undefined;
    }
  }
}

/** `node_modules/a/node_modules/b` to `node_modules/a`, and that to the root. */
function parent(folder: string): string {
  const cut = folder.lastIndexOf('/node_modules/');
  return cut < 0 ? '' : folder.slice(0, cut);
}

function refuse(reason: string): Refusal {
  return new Refusal('plugin.package', { reason });
}
