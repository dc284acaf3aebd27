// Which files of npm packages a plugin's bundle is made of: of thousands in a package, often a few.

import { posix } from 'node:path';
import { build } from 'esbuild';
import { RESOLUTION } from './builder/resolution.ts';

/** Marks a question of our own. */
const ASKED = Symbol('asked');

/**
 * Paths in the plugin's folder, with `/`; undefined when its code does not compile, which is for the build to explain.
 * The same imports lead to the same files as in a build. What is not found is left to it as well.
 */
export async function neededFiles(folder: string, entry: string): Promise<ReadonlySet<string> | undefined> {
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
  const inputs = Object.keys(result.metafile.inputs).filter((path) => path.startsWith('node_modules/'));
  return new Set(inputs.flatMap((path) => [path, ...manifestsAbove(path)]));
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
