// The code of a runner process and its isolates, each bundled to one script, since a runner under --jitless can't strip types and
// reads only its engine's file.

import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { LIBRARY_NAMES, type Library } from './globals/names.ts';
import type { RunnerCode } from './spawn.ts';

/** Bundles sources in a checkout, and compiled files in a published package, like this file. */
const EXTENSION = extname(import.meta.filename);
const CONDITIONS = EXTENSION === '.ts' ? ['@chartwire/source'] : [];

let bundled: Promise<RunnerCode> | undefined;

/** Bundled once. */
export function runnerCode(): Promise<RunnerCode> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<RunnerCode> {
  const [main, guest, ...libraries] = await Promise.all([
    bundleScript('runner/main', { platform: 'node', format: 'cjs' }),
    bundleScript('runner/guest', { platform: 'neutral', format: 'iife', globalName: 'loader' }),
    ...LIBRARY_NAMES.map(bundleLibrary),
  ]);
  return { main, guest, libraries, engine: enginePath() };
}

/** Stand-ins where packages look for optional features: no globals made by a plugin, no shared memory. */
const STAND_INS = `
const nothing = Object.freeze(Object.create(null));
class NotShared {
  get byteLength() { throw new TypeError("not shared memory"); }
  get growable() { throw new TypeError("not shared memory"); }
}`;

/** A script of globals/, as a function of what the loader provides. */
async function bundleLibrary(name: Library): Promise<string> {
  const code = await bundleScript(`globals/${name}`, {
    platform: 'neutral',
    format: 'iife',
    globalName: 'library',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    charset: 'ascii',
    define: { globalThis: 'nothing', SharedArrayBuffer: 'NotShared' },
    alias: {
      // Its tables of legacy encodings are for URLs in pages with such encodings.
      '@exodus/bytes/encoding.js': fileURLToPath(import.meta.resolve('@exodus/bytes/encoding-lite.js')),
      ...(name === 'url' && { tr46: fileURLToPath(new URL(`globals/ascii-domains${EXTENSION}`, import.meta.url)) }),
    },
  });
  return `((given) => { "use strict"; ${STAND_INS}\n${code}\nreturn library; })\n//# sourceURL=chartwire-loader.js`;
}

/** Bundles one of Chartwire's files, named without extension, with its imports. */
export async function bundleScript(
  path: string,
  options: BuildOptions & { platform: 'node' | 'neutral'; format: 'cjs' | 'iife' },
): Promise<string> {
  const entry = fileURLToPath(new URL(`${path}${EXTENSION}`, import.meta.url));
  const result = await build({
    ...options,
    entryPoints: [entry],
    bundle: true,
    write: false,
    target: 'es2024',
    conditions: CONDITIONS,
    tsconfigRaw: '{}',
    logLevel: 'silent',
  });
  return result.outputFiles![0]!.text;
}

/** isolated-vm's native module for this platform, located by its own finder. */
function enginePath(): string {
  const require = createRequire(import.meta.url);
  const ivm = require.resolve('isolated-vm');
  const find = createRequire(ivm)('node-gyp-build') as { path(folder: string): string };
  return find.path(dirname(ivm));
}
