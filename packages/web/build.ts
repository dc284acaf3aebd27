// Builds the browser's chart when it is not built, or its sources changed since: a checkout needs no step of its own. A
// published package brings it built, without the tools to build it again.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const PACKAGE = fileURLToPath(new URL('.', import.meta.url));
const SOURCES = join(PACKAGE, 'src/');
const CONFIG = join(PACKAGE, 'vite.config.ts');
const BUILDS = join(PACKAGE, 'dist');

/** Builds of earlier sources are kept for a day. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** What is worth sending compressed. */
const TEXT = /\.(?:js|css|html|svg|map)$/;

/** The folder of the built files, built now if they are not there. Rejects with what Vite says when that fails. */
export async function builtWeb(): Promise<string> {
  const folder = join(BUILDS, await sourcesHash());
  if (!existsSync(folder)) await build(folder);
  return folder;
}

/** A folder is there whole or not at all, also when several build at a time. */
async function build(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  const { build: buildWith } = await import('vite');
  await buildWith({
    configFile: CONFIG,
    logLevel: 'warn',
    build: { outDir: unfinished, emptyOutDir: true },
  });
  await compress(unfinished);
  await mkdir(dirname(folder), { recursive: true });
  await rename(unfinished, folder).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  await removeOld();
}

/** Not those of a moment ago: a server that still serves one is asked for its parts as pages come to need them. */
async function removeOld(): Promise<void> {
  for (const { name } of readdirSync(BUILDS, { withFileTypes: true })) {
    const old = join(BUILDS, name);
    if (Date.now() - statSync(old).mtimeMs > KEPT_MS) await rm(old, { recursive: true, force: true });
  }
}

/** Once here, so that it can be done well, and not at each request. */
async function compress(folder: string): Promise<void> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  for (const file of filesIn(folder)) {
    if (!TEXT.test(file)) continue;
    await writeFile(`${file}.br`, await promisify(brotliCompress)(await readFile(file), { params }));
  }
}

/** Of all sources, and of the versions of what they are built with. */
async function sourcesHash(): Promise<string> {
  const { devDependencies } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const hash = createHash('sha256').update(JSON.stringify(devDependencies));
  const files = [...filesIn(SOURCES), import.meta.filename, CONFIG];
  for (const file of files) hash.update(`\n${file.slice(PACKAGE.length)}\n`).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await builtWeb());
