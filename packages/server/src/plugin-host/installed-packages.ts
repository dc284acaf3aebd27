// The npm packages that a plugin depends on, resolved as in Node. npm installs them side by side in node_modules; pnpm uses links
// into node_modules/.pnpm. Links are followed only within the folder's own node_modules.

import { readFile, realpath, stat } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';

export interface InstalledPackage {
  /** Its real path below the plugin's folder, with `/`. Empty for the plugin itself. */
  readonly folder: string;
  /** Installed packages that its package.json names. They may be circular. */
  readonly dependencies: ReadonlyMap<string, InstalledPackage>;
}

/** What npm installs with a package: `dependencies` are required, the others optional. */
interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The host provides its own SDK. */
const OURS: ReadonlySet<string> = new Set(['chartwire', '@chartwire/sdk']);
const NAME = /^(@[\w.-]+\/)?[\w.-]+$/;
/** The package name follows the last such folder. */
const MODULES = 'node_modules';

/**
 * The plugin in `root`, a real path, with all its dependencies.
 *
 * @throws {Refusal} `plugin.npm-package` or `plugin.package`
 */
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

  /** The folder of the package in the nearest node_modules, as in Node, with links resolved. */
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

/**
 * `''` is the plugin's. Anything absent or not an object is treated as empty.
 *
 * @throws {Refusal} `plugin.package` when it isn't JSON
 */
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
