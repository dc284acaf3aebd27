// The code that runs in a runner process and in its isolates, each bundled to one script: a runner under --jitless can
// strip no types, and reads no file but its engine.

import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
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
  const [main, guest] = await Promise.all([
    bundleScript('runner/main', { platform: 'node', format: 'cjs' }),
    bundleScript('runner/guest', { platform: 'neutral', format: 'iife', globalName: 'loader' }),
  ]);
  return { main, guest, engine: enginePath() };
}

/** A file of Chartwire's own, named without its extension, with all it imports. */
export async function bundleScript(
  path: string,
  options: { platform: 'node' | 'neutral'; format: 'cjs' | 'iife'; globalName?: string; minifyWhitespace?: boolean },
) {
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
  return result.outputFiles[0]!.text;
}

/** isolated-vm's native module for this platform, found by the finder it brings along. */
function enginePath(): string {
  const require = createRequire(import.meta.url);
  const ivm = require.resolve('isolated-vm');
  const find = createRequire(ivm)('node-gyp-build') as { path(folder: string): string };
  return find.path(dirname(ivm));
}
