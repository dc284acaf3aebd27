// The code that runs in a runner process and in its isolates, each bundled to one script: a runner under --jitless can
// strip no types, and reads no file but its engine.

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { RunnerCode } from './spawn.ts';

let bundled: Promise<RunnerCode> | undefined;

/** Bundled once. */
export function runnerCode(): Promise<RunnerCode> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<RunnerCode> {
  const [main, guest] = await Promise.all([
    bundleScript('runner/main.ts', { platform: 'node', format: 'cjs' }),
    bundleScript('runner/guest.ts', { platform: 'neutral', format: 'iife', globalName: 'loader' }),
  ]);
  return { main, guest, engine: enginePath() };
}

/** A file of Chartwire's own with all it imports. */
export async function bundleScript(
  path: string,
  options: { platform: 'node' | 'neutral'; format: 'cjs' | 'iife'; globalName?: string; minifyWhitespace?: boolean },
) {
  const entry = fileURLToPath(new URL(path, import.meta.url));
  const result = await build({
    ...options,
    entryPoints: [entry],
    bundle: true,
    write: false,
    target: 'es2024',
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
