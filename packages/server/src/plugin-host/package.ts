// A plugin's folder as one file (.tgz): its files, and of the packages that its package.json names
// as dependencies, and of theirs, what its code imports. Names that begin with a dot stay behind (.git, .env), and so does
// data/.

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { neededFiles } from './needed-files.ts';
import { type TarFile, writeTar } from './tar.ts';
import { MAX_BYTES, MAX_FILES, refuse } from './unpack.ts';

/** The host has its own SDK. */
const OURS: ReadonlySet<string> = new Set(['chartwire', '@chartwire/sdk']);
/** The folder of the package that a file is in: what follows the last folder that is called node_modules, and not `my_node_modules`. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const zip = promisify(gzip);

/** The folder as a gzipped tar; the same files make the same bytes. Throws a Refusal `plugin.package`. */
export async function packPlugin(folder: string): Promise<Buffer> {
  const packer = new Packer(folder);
  await packer.folder('', (name) => name !== 'node_modules' && name !== 'data');
  if (!packer.has('chartwire.json')) throw refuse('the folder has no chartwire.json');
  await packer.dependencies();
  return zip(writeTar(packer.sorted()), { level: 6 });
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

  /** Packs what is needed of the dependencies; all of them where that cannot be told. */
  async dependencies(): Promise<void> {
    const folders = await this.#dependenciesOf('');
    if (folders.size === 0) return;
    const needed = await this.#needed();
    if (needed === undefined) return this.#everythingOf(folders);
    for (const path of needed) {
      const [folder = ''] = PACKAGE.exec(path) ?? [];
      if (folders.has(folder)) await this.#fileIfThere(path);
    }
  }

  /** As far as there is room: what does not compile is not built, and what is wrong with it is to be told all the same. */
  async #everythingOf(folders: Iterable<string>): Promise<void> {
    for (const folder of folders) {
      const size = this.#files.size;
      await this.folder(folder, (inner) => inner !== 'node_modules').catch((error: unknown) => {
        if (this.#files.size === size) throw error;
      });
    }
  }

  async #needed(): Promise<ReadonlySet<string> | undefined> {
    const entry = entryOf(String(this.#files.get('chartwire.json')));
    if (entry === undefined || !this.has(entry)) return undefined;
    return neededFiles(this.#root, entry);
  }

  async #fileIfThere(path: string): Promise<void> {
    const there = await lstat(join(this.#root, path)).catch(() => undefined);
    if (there?.isFile()) await this.#file(path);
  }

  /** The folders of what the package at `path` depends on: from the nearest node_modules that has it, as Node would find it. */
  async #dependenciesOf(path: string, all: Set<string> = new Set()): Promise<Set<string>> {
    const file = await readFile(join(this.#root, path, 'package.json'), 'utf8').catch(() => '{}');
    let json: PackageJson;
    try {
      json = JSON.parse(file) as PackageJson;
    } catch {
      throw refuse(`${join(path, 'package.json')} is not JSON`);
    }
    for (const name of Object.keys(json.dependencies ?? {})) {
      if (OURS.has(name)) continue;
      const found = await this.#find(name, path);
      if (!found) throw refuse(`the dependency ${name} is not in node_modules; run npm install in the plugin’s folder`);
      if (all.has(found)) continue;
      all.add(found);
      await this.#dependenciesOf(found, all);
    }
    return all;
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

/** Undefined where the manifest does not say it: the build tells why. */
function entryOf(manifest: string): string | undefined {
  try {
    const { entry } = JSON.parse(manifest) as { entry?: unknown };
    return typeof entry === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** `node_modules/a/node_modules/b` to `node_modules/a`, and that to the root. */
function parent(folder: string): string {
  const cut = folder.lastIndexOf('/node_modules/');
  return cut < 0 ? '' : folder.slice(0, cut);
}
