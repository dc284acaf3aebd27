// What the process that builds a plugin is given: its own code, bundled to one script, the compiler, the files of the SDK
// and the FHIR definitions. It reads no file.

import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compressedDefinitions } from '#r4/definitions.ts';
import { bundleScript } from './runner-code.ts';
import type { BuilderCode } from './spawn.ts';

const SDK = fileURLToPath(new URL('../sdk', import.meta.url));

let bundled: Promise<Omit<BuilderCode, 'wasm'>> | undefined;

/** Bundled once. The compiler, which is large, is read each time and not kept. */
export async function builderCode(): Promise<BuilderCode> {
  bundled ??= bundle();
  const wasm = createRequire(import.meta.url).resolve('esbuild-wasm/esbuild.wasm');
  return { ...(await bundled), wasm: await readFile(wasm) };
}

async function bundle(): Promise<Omit<BuilderCode, 'wasm'>> {
  const [main, names] = await Promise.all([
    // It is parsed for each build.
    bundleScript('builder/main.ts', { platform: 'node', format: 'cjs', minifyWhitespace: true }),
    readdir(SDK),
  ]);
  const sdk = Object.fromEntries(
    await Promise.all(names.map(async (name) => [`src/sdk/${name}`, await readFile(join(SDK, name), 'utf8')])),
  );
  return { main, sdk, definitions: compressedDefinitions() };
}
