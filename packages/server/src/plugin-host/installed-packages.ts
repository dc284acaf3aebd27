// The npm packages that a plugin depends on, found as Node finds them: npm puts them into node_modules one beside the other,
// pnpm puts links there that lead into node_modules/.pnpm. A link is followed within the folder's own node_modules only.

import { readFile, realpath, stat } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';

export interface InstalledPackage {
  /** Where it really is: below the plugin's folder, with `/`. Empty for the plugin itself. */
  readonly folder: string;
  /** What its package.json names and is installed, by that name. Packages may depend on each other in a circle. */
  readonly dependencies: ReadonlyMap<string, InstalledPackage>;
}

/** What npm installs with a package: `dependencies` must be there, the others may be absent. */
interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The host has its own SDK. */
const OURS: ReadonlySet<string> = new Set(['chartwire', '@chartwire/sdk']);
const NAME = /^(@[\w.-]+\/)?[\w.-]+$/;
/** Where its name ends in the path of a package's folder. */
const MODULES = 'node_modules';

/** The plugin in `root`, a real path, with all that it depends on. Throws a Refusal `plugin.npm-package` or `plugin.package`. */
export function installedPackages(root: string): Promise<InstalledPackage> {
  return new Installation(root).package('');
}

class Installation {
  readonly #root: string;
  readonly #found = new Map<string, InstalledPackage>();

  constructor(root: string) {
    this.#root = root;
  }

  async package(folder: string): Promise<InstalledPackage> {
    const known = this.#found.get(folder);
    if (known) return known;
    const dependencies = new Map<string, InstalledPackage>();
    const found = { folder, dependencies };
    this.#found.set(folder, found);
    const json = await readPackageJson(this.#root, folder);
    const optional = { ...json.optionalDependencies, ...json.peerDependencies };
    for (const name of Object.keys({ ...json.dependencies, ...optional })) {
      if (OURS.has(name)) continue;
      const at = await this.#find(name, folder);
      if (at !== undefined) dependencies.set(name, await this.package(at));
      else if (!Object.hasOwn(optional, name)) throw notInstalled(name);
    }
    return found;
  }

  /** The folder of the nearest node_modules that has the package, as Node would find it; where a link leads to. */
  async #find(name: string, from: string): Promise<string | undefined> {
    if (!NAME.test(name) || name.includes('..')) return undefined;
    for (const folder of foldersAbove(from)) {
      const path = posix.join(folder, MODULES, name);
      const there = await stat(join(this.#root, path)).catch(() => undefined);
      if (there?.isDirectory()) return this.#real(path);
    }
    return undefined;
  }

  async #real(path: string): Promise<string> {
    const real = relative(this.#root, await realpath(join(this.#root, path))).replaceAll(sep, '/');
    if (real.startsWith(`${MODULES}/`)) return real;
    throw npmPackageRefused(
      `${path} is a link that leads out of the plugin’s node_modules; install the package in the plugin’s own folder (in a ` +
        'pnpm workspace: pnpm install --ignore-workspace)',
    );
  }
}

/** `''` is the plugin's. What is absent or no object names nothing. Throws a Refusal `plugin.package` when it is not JSON. */
export async function readPackageJson(root: string, folder: string): Promise<PackageJson> {
  const path = posix.join(folder, 'package.json');
  const text = await readFile(join(root, path), 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(text) ?? {}) as PackageJson;
  } catch (error) {
    throw new Refusal('plugin.package', { reason: `${path} is not JSON (${(error as Error).message})` });
  }
}

/** `node_modules/.pnpm/a@1/node_modules/a`, `node_modules/.pnpm/a@1`, `node_modules/.pnpm` and the root. */
function foldersAbove(folder: string): string[] {
  const parts = folder === '' ? [] : folder.split('/');
  const all = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  return [...all.filter((one) => posix.basename(one) !== MODULES), ''];
}

function notInstalled(name: string): Refusal {
  return npmPackageRefused(`the dependency ${name} is not in node_modules; run npm install in the plugin’s folder`);
}

export function npmPackageRefused(reason: string): Refusal {
  return new Refusal('plugin.npm-package', { reason });
}
