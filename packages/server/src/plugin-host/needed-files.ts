// Finds the files of npm packages that a plugin's bundle uses: often a few out of thousands.

import { posix } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { RESOLUTION } from './builder/resolution.ts';

/** Marks our own requests. */
const ASKED = Symbol('asked');
/** The folder of a file's package: up to the name after the last folder named exactly node_modules. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** An import of an npm package in the plugin's own code. */
export interface PackageImport {
  /** The importing file. */
  readonly file: string;
  /** The package part of the import: `dates` of `dates/add`. */
  readonly name: string;
  /** The package's folder. */
  readonly folder: string;
}

export interface Needed {
  /** Real paths of the packages' files, and of the manifests that affect how they are read. */
  readonly files: readonly string[];
  readonly imports: readonly PackageImport[];
}

/**
 * Resolves the same imports to the same files as a build. Paths are below the plugin's folder, with `/`. Undefined if the code
 * doesn't compile; the build explains that, and imports that can't be resolved.
 */
export async function neededFiles(folder: string, entry: string): Promise<Needed | undefined> {
  const result = await build({
    ...RESOLUTION,
    absWorkingDir: folder,
    entryPoints: [`./${entry}`],
    outfile: 'plugin.js',
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [
      {
        name: 'leave-out-what-is-not-found',
        setup(builder) {
          builder.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, namespace, pluginData }) => {
            if (pluginData === ASKED) return undefined;
            const external = { path, external: true };
            if (/^@?chartwire\//.test(path)) return external;
            const found = await builder.resolve(path, { kind, importer, resolveDir, namespace, pluginData: ASKED });
            return found.errors.length > 0 ? external : found;
          });
        },
      },
    ],
  }).catch(() => undefined);
  if (!result) return undefined;
  const paths = Object.keys(result.metafile.inputs).filter(isOfPackage);
  return {
    files: [...new Set(paths.flatMap((path) => [path, ...manifestsAbove(path)]))],
    imports: packageImports(result.metafile),
  };
}

/** The folder of a file's package; undefined for the plugin's own files. */
export function packageOf(path: string): string | undefined {
  return PACKAGE.exec(path)?.[0];
}

function isOfPackage(path: string): boolean {
  return path.startsWith('node_modules/');
}

function packageImports({ inputs }: Metafile): PackageImport[] {
  return Object.entries(inputs).flatMap(([file, { imports }]) => {
    if (isOfPackage(file)) return [];
    return imports
      .filter(({ path, external }) => !external && isOfPackage(path))
      .map(({ path, original = '' }) => {
        const folder = packageOf(path)!;
        // `#dates` and `../node_modules/dates` don't name the package.
        const [name] = /^(@[^/]+\/)?[^./#][^/]*/.exec(original) ?? [
          folder.slice(folder.lastIndexOf('node_modules/') + 13),
        ];
        return { file, name, folder };
      });
  });
}

/** Each package.json determines how files below it are read and resolved. */
function manifestsAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); posix.basename(folder) !== 'node_modules'; folder = posix.dirname(folder)) {
    folders.push(`${folder}/package.json`);
    if (folder === '.') break;
  }
  return folders;
}
