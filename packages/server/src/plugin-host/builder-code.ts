// What the process that builds a plugin is given: its own code, bundled to one script, the compiler, the files of the SDK
// and the FHIR definitions. It reads no file.

import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compressedDefinitions } from '#r4/definitions.ts';
import { bundleScript } from './runner-code.ts';
import type { BuilderCode } from './spawn.ts';

/** The SDK's door: its source in a checkout, what that was compiled to in a published package. */
const SDK = fileURLToPath(import.meta.resolve('@chartwire/sdk'));

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
