// Bundles a package's files into one script with a source map. Decides what imports may resolve to, and how each file is read.

import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { BuildFailure, BuildOptions, Message, Metafile, Plugin } from 'esbuild-wasm';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { notUtf8In, utf8Conversion, utf8Reason } from '@chartwire/sdk/internal/kit/utf8';
import { MAX_CODE } from '../build-answer.ts';
import type { PackageFiles } from '../unpack.ts';
import { compile } from './compiler.ts';
import type { Files } from './memory-files.ts';
import { RESOLUTION } from './resolution.ts';

/** The package's folder among the files in memory; nothing is beside it. */
const ROOT = '/plugin';
/** The SDK has a namespace of its own that no path can reach. */
const CHARTWIRE = 'chartwire';

/** The files of `chartwire/sdk`. */
export interface SdkFiles {
  /** Path of the entry file. */
  readonly door: string;
  /** Sources or compiled files, by path: `sdk/index.ts`. */
  readonly files: Readonly<Record<string, string>>;
}

const CODE: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx']);
const DATA: ReadonlySet<string> = new Set(['.json', '.txt']);
/**
 * The last such comment in a file wins. This one keeps the compiler from looking for a source map that the file names, or
 * trusting one in a `data:` URL.
 */
const NO_SOURCE_MAP = Buffer.from('\n//# sourceMappingURL=file:///none');
const WRITE_OUT = 'the path is put together when the plugin runs; write out the path of each file it imports';
const MOST_FAULTS = 20;

const OPTIONS: BuildOptions = {
  ...RESOLUTION,
  absWorkingDir: ROOT,
  outfile: `${ROOT}/plugin.js`,
  bundle: true,
  sourcemap: 'external',
  sourcesContent: false,
  metafile: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  logOverride: { 'import-is-undefined': 'error' },
  // The loader in the isolate runs the body once, catches its errors, and reads its exports.
  banner: { js: '__chartwire((module, exports) => {' },
  footer: { js: '});' },
};

/**
 * Bundles a plugin.
 *
 * @throws {Refusal} `plugin.build` whose faults name file and line
 */
export async function bundle(
  wasm: Buffer,
  packed: PackageFiles,
  sdk: SdkFiles,
  entry: string,
): Promise<{ code: string; sourceMap: string }> {
  const plugins = [ownFilesOnly, sdkFrom(sdk)];
  const result = await compile(wasm, sourcesOf(packed), { ...OPTIONS, entryPoints: [`./${entry}`], plugins }).catch(
    (error: Partial<BuildFailure>) => {
      throw error.errors ? refused(error.errors.map(faultOf)) : error;
    },
  );
  const globs = globsOf(result.metafile!);
  if (globs.length > 0) throw refused(globs);
  const find = (end: string) => result.outputFiles!.find((file) => file.path.endsWith(end))!;
  if (find('.js').contents.length > MAX_CODE) {
    const message = `the script is larger than ${MAX_CODE / 1e6} MB with all it imports`;
    throw refused([{ path: entry, message }]);
  }
  return { code: find('.js').text, sourceMap: nameSources(find('.js.map').text) };
}

/** The files that the compiler may read, by absolute path. Excludes tsconfig.json and source maps. */
function sourcesOf(packed: PackageFiles): Files {
  const files = new Map<string, Buffer>();
  for (const [path, content] of packed) {
    if (!isSource(path)) continue;
    // Only for the plugin's own files; packages keep whatever they contain.
    const fault = path.startsWith('node_modules/') ? undefined : notUtf8In(content);
    if (fault) throw refused([{ path, message: `${utf8Reason(fault)}: convert it, as with ${utf8Conversion(fault)}` }]);
    const isCode = CODE.has(posix.extname(path));
    files.set(`${ROOT}/${path}`, isCode ? Buffer.concat([content, NO_SOURCE_MAP]) : content);
  }
  return files;
}

function isSource(path: string): boolean {
  const end = posix.extname(path);
  return CODE.has(end) || (DATA.has(end) && posix.basename(path) !== 'tsconfig.json');
}

/** A URL (esbuild would accept `data:` as code), an absolute path, or a path upwards. */
const NOT_BESIDE = /^[a-z][a-z0-9+.-]*:|^[/\\]|^\.\./i;

/** Gives a clear error for imports outside the package. The file system in memory already makes them impossible. */
const ownFilesOnly: Plugin = {
  name: 'own-files-only',
  setup(builder) {
    builder.onResolve({ filter: NOT_BESIDE, namespace: 'file' }, ({ path, kind, resolveDir }) => {
      if (kind === 'entry-point') return undefined;
      if (path.startsWith('node:')) return error(noBuiltin(path));
      return path.startsWith('..') && inside(ROOT, posix.join(resolveDir, path)) ? undefined : error(outside(path));
    });
  },
};

const DOORS: ReadonlySet<string> = new Set(['@chartwire/sdk', 'chartwire/sdk']);
const FOR_TESTS: ReadonlySet<string> = new Set(['chartwire/testing', 'chartwire/sdk/testing']);

/** Serves `chartwire/sdk` from the host's files. */
function sdkFrom({ door, files }: SdkFiles): Plugin {
  const file = (path: string) => (Object.hasOwn(files, path) ? { path, namespace: CHARTWIRE } : undefined);
  return {
    name: 'sdk',
    setup(builder) {
      builder.onResolve({ filter: /^@?chartwire\// }, ({ path }) => {
        if (DOORS.has(path)) return file(door);
        return FOR_TESTS.has(path) ? error(`${path} is for tests; a handler cannot import it`) : undefined;
      });
      builder.onResolve({ filter: /^\./, namespace: CHARTWIRE }, ({ path, importer }) =>
        file(posix.join(posix.dirname(importer), path)),
      );
      builder.onLoad({ filter: /.*/, namespace: CHARTWIRE }, ({ path }) => ({ contents: files[path], loader: 'ts' }));
    },
  };
}

/**
 * Imports whose path is a template. `onResolve` never sees them: the compiler searches for files itself and finds only the
 * plugin's own. They are refused, since all imports must be known at build time.
 */
function globsOf({ inputs }: Metafile): Fault[] {
  return Object.entries(inputs).flatMap(([file, { imports }]) =>
    imports
      .filter(({ path, external }) => external && path.startsWith('.') && path.includes('*'))
      .map(({ path }) => ({ path: file, message: `${path.slice(0, 200)}: ${WRITE_OUT}` })),
  );
}

function inside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function error(text: string) {
  return { errors: [{ text }] };
}

function outside(path: string): string {
  return `${path.slice(0, 200)} is outside the plugin’s folder; a plugin imports its own files, its own node_modules and chartwire/sdk`;
}

function noBuiltin(name: string): string {
  return `${name} is a part of Node, which a plugin does not have: it reads through this.data, reaches other systems through this.http and logs through this.log`;
}

function faultOf({ location, text }: Message): Fault {
  const path = location
    ? `${location.file.replace(/^chartwire:/, 'chartwire/')}:${location.line}:${location.column + 1}`
    : '';
  return { path: path.slice(0, 300), message: explained(text).slice(0, 500) };
}

function explained(text: string): string {
  if (/^Could not resolve (require|import)\("/.test(text)) return `${text}: ${WRITE_OUT}`;
  const missing = /^Could not resolve "(.*)"$/.exec(text)?.[1];
  if (missing === undefined) return text;
  if (isBuiltin(missing)) return noBuiltin(missing);
  const [name] = /^(@[^/]+\/)?[^./#][^/]*/.exec(missing) ?? [];
  if (name !== undefined)
    return `${text}; an npm package is found when package.json names it under dependencies: install it with \`npm install ${name}\`, or \`pnpm add ${name}\``;
  return /\.\w+$/.test(missing) && !isSource(missing)
    ? `${text}; a plugin imports TypeScript, JavaScript, JSON and .txt files`
    : text;
}

function refused(all: readonly Fault[]): Refusal {
  const faults = all.slice(0, MOST_FAULTS);
  const reason = faults.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new Refusal('plugin.build', { reason }, faults);
}

function nameSources(map: string): string {
  const json = JSON.parse(map) as { sources: string[] };
  json.sources = json.sources.map((source) => source.replace(/^chartwire:/, 'chartwire/'));
  return JSON.stringify(json);
}
