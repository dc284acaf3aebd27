// Packs a plugin's folder into one .tgz: its files, and what its code imports from its dependencies and theirs, laid out as by
// npm. Skips names that start with a dot (.git, .env) and data/.

import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type InstalledPackage, installedPackages, readPackageJson, npmPackageRefused } from './installed-packages.ts';
import { type Needed, neededFiles, type PackageImport, packageOf } from './needed-files.ts';
import { layOut } from './package-layout.ts';
import { type TarFile, writeTar } from './tar.ts';
import { MAX_BYTES, MAX_FILES, refused } from './unpack.ts';

const zip = promisify(gzip);

/**
 * The folder as a gzipped tar. The same files give the same bytes.
 *
 * @throws {Refusal} `plugin.package` or `plugin.npm-package`
 */
export async function packPlugin(folder: string): Promise<Buffer> {
  const packer = new Packer(await realpath(folder).catch(() => folder));
  await packer.folder('', (name) => name !== 'node_modules' && name !== 'data');
  if (!packer.has('chartwire.json')) throw refused('the folder has no chartwire.json');
  await packer.dependencies();
  return zip(writeTar(packer.sorted()), { level: 6 });
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

  /** Adds the files of the folder at `path` under `place`. */
  async folder(path: string, wanted: (name: string) => boolean, place = path): Promise<void> {
    for (const entry of await this.#list(path)) {
      if (entry.name.startsWith('.') || !wanted(entry.name)) continue;
      const [inner, to] = [posix.join(path, entry.name), posix.join(place, entry.name)];
      if (entry.isSymbolicLink()) throw refused(`${inner} is a symbolic link; copy the file instead`);
      if (entry.isDirectory()) await this.folder(inner, (name) => name !== 'node_modules', to);
      else if (entry.isFile()) await this.#file(inner, to);
    }
  }

  async #list(path: string) {
    try {
      return await readdir(join(this.#root, path), { withFileTypes: true });
    } catch {
      throw refused(`the folder ${path || this.#root} cannot be read`);
    }
  }

  async #file(path: string, place: string): Promise<void> {
    if (this.#files.has(place)) return;
    const content = await readFile(join(this.#root, path));
    this.#bytes += content.length;
    if (this.#bytes > MAX_BYTES) throw refused(`the folder holds more than ${MAX_BYTES / 1e6} MB`);
    if (this.#files.size >= MAX_FILES) throw refused(`the folder holds more than ${MAX_FILES} files`);
    this.#files.set(place, content);
  }

  /** Packs what is needed of the dependencies, or all of them if that can't be determined. */
  async dependencies(): Promise<void> {
    const plugin = await installedPackages(this.#root);
    const places = layOut(plugin);
    const needed = await this.#needed();
    if (needed === undefined) return this.#everythingOf(places);
    await this.#refuseUndeclared(plugin, needed.imports);
    for (const path of needed.files) {
      const folder = packageOf(path)!;
      for (const place of places.get(folder) ?? []) await this.#fileIfThere(path, place + path.slice(folder.length));
    }
  }

  /** As much as fits: code that doesn't compile isn't built, but its errors must still be reported. */
  async #everythingOf(places: ReadonlyMap<string, readonly string[]>): Promise<void> {
    for (const [folder, [place]] of places) {
      const size = this.#files.size;
      await this.folder(folder, (inner) => inner !== 'node_modules', place).catch((error: unknown) => {
        if (this.#files.size === size) throw error;
      });
    }
  }

  async #needed(): Promise<Needed | undefined> {
    const entry = entryOf(String(this.#files.get('chartwire.json')));
    if (entry === undefined || !this.has(entry)) return undefined;
    return neededFiles(this.#root, entry);
  }

  /** A package that is only found through another dependency disappears with it. */
  async #refuseUndeclared(plugin: InstalledPackage, imports: readonly PackageImport[]): Promise<void> {
    const declared = new Set([...plugin.dependencies.values()].map(({ folder }) => folder));
    const undeclared = imports.filter(({ folder }) => !declared.has(folder));
    if (undeclared.length === 0) return;
    const { devDependencies = {} } = await readPackageJson(this.#root, '');
    const install = this.has('pnpm-lock.yaml') ? 'pnpm add' : 'npm install';
    const faults = undeclared.map(({ file, name }) =>
      Object.hasOwn(devDependencies, name)
        ? `${file} imports ${name}, which package.json names under devDependencies only; run ${install} --save-prod ${name}`
        : `${file} imports ${name}, which package.json does not name under dependencies; run ${install} ${name}`,
    );
    throw npmPackageRefused([...new Set(faults)].join('; '));
  }

  async #fileIfThere(path: string, place: string): Promise<void> {
    const there = await lstat(join(this.#root, path)).catch(() => undefined);
    if (there?.isFile()) await this.#file(path, place);
  }
}

/** Undefined if the manifest doesn't say; the build reports why. */
function entryOf(manifest: string): string | undefined {
  try {
    const { entry } = JSON.parse(manifest) as { entry?: unknown };
    return typeof entry === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}
