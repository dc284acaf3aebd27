// What the build process receives: its own code bundled to one script, the compiler, the SDK's files, and the FHIR definitions.
// It reads no files.

import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compressedDefinitions } from '#r4/definitions.ts';
import { bundleScript } from './runner-code.ts';
import type { BuilderCode } from './spawn.ts';

/** The SDK's entry: source in a checkout, compiled in a published package. */
const SDK = fileURLToPath(import.meta.resolve('@chartwire/sdk'));

let bundled: Promise<Omit<BuilderCode, 'wasm'>> | undefined;

/** Bundled once. The compiler is large, so it is read each time and not kept. */
export async function builderCode(): Promise<BuilderCode> {
  bundled ??= bundle();
  const wasm = createRequire(import.meta.url).resolve('esbuild-wasm/esbuild.wasm');
  return { ...(await bundled), wasm: await readFile(wasm) };
}

async function bundle(): Promise<Omit<BuilderCode, 'wasm'>> {
  const [main, names] = await Promise.all([
    // Parsed for each build.
    bundleScript('builder/main', { platform: 'node', format: 'cjs', minifyWhitespace: true }),
    readdir(dirname(SDK)),
  ]);
  const files = await Promise.all(
    names
      .filter((name) => extname(name) === extname(SDK))
      .map(async (name) => [`sdk/${name}`, await readFile(join(dirname(SDK), name), 'utf8')]),
  );
  const sdk = { door: `sdk/${basename(SDK)}`, files: Object.fromEntries(files) };
  return { main, sdk, definitions: compressedDefinitions() };
}
