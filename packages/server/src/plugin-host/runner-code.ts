// The code that runs in a runner process and in its isolates, each bundled to one script: a runner under --jitless can
// strip no types, and reads no file but its engine.

import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { LIBRARY_NAMES, type Library } from './globals/names.ts';
import type { RunnerCode } from './spawn.ts';

/** In a checkout the sources are bundled, in a published package what they were compiled to: as this file itself is. */
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

/** What packages find where they look for what may be there: no global that a plugin made, and no shared memory. */
const STAND_INS = `
const nothing = Object.freeze(Object.create(null));
class NotShared {
  get byteLength() { throw new TypeError("not shared memory"); }
  get growable() { throw new TypeError("not shared memory"); }
}`;

/** A script of globals/, as a function of what the loader gives it. */
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
      // Its tables of legacy encodings are for pages, whose URLs are written in them.
      '@exodus/bytes/encoding.js': fileURLToPath(import.meta.resolve('@exodus/bytes/encoding-lite.js')),
      ...(name === 'url' && { tr46: fileURLToPath(new URL(`globals/ascii-domains${EXTENSION}`, import.meta.url)) }),
    },
  });
  return `((given) => { "use strict"; ${STAND_INS}\n${code}\nreturn library; })\n//# sourceURL=chartwire-loader.js`;
}

/** A file of Chartwire's own, named without its extension, with all it imports. */
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

/** isolated-vm's native module for this platform, found by the finder it brings along. */
function enginePath(): string {
  const require = createRequire(import.meta.url);
  const ivm = require.resolve('isolated-vm');
  const find = createRequire(ivm)('node-gyp-build') as { path(folder: string): string };
  return find.path(dirname(ivm));
}
