// Which files of npm packages a plugin's bundle is made of: of thousands in a package, often a few.

import { posix } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { RESOLUTION } from './builder/resolution.ts';

/** Marks a question of our own. */
const ASKED = Symbol('asked');
/** The folder of the package that a file is in: what follows the last folder that is called node_modules, and not `my_node_modules`. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** What the plugin's own code imports of an npm package. */
export interface PackageImport {
  /** The file that imports it. */
  readonly file: string;
  /** As it is imported: `dates` of `dates/add`. */
  readonly name: string;
  /** The package's folder. */
  readonly folder: string;
}

export interface Needed {
  /** Of packages, by where they really are, with what says how they are read. */
  readonly files: readonly string[];
  readonly imports: readonly PackageImport[];
}

/**
 * Paths are below the plugin's folder, with `/`; undefined when its code does not compile, which is for the build to
 * explain. The same imports lead to the same files as in a build. What is not found is left to it as well.
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

/** The folder of the package that a file is in; undefined for the plugin's own. */
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
        // `#dates` and `../node_modules/dates` do not name it.
        const [name] = /^(@[^/]+\/)?[^./#][^/]*/.exec(original) ?? [
          folder.slice(folder.lastIndexOf('node_modules/') + 13),
        ];
        return { file, name, folder };
      });
  });
}

/** Each says how the files below it are read and found, where there is one. */
function manifestsAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); posix.basename(folder) !== 'node_modules'; folder = posix.dirname(folder)) {
    folders.push(`${folder}/package.json`);
    if (folder === '.') break;
  }
  return folders;
}
