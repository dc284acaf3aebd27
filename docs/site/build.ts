// Builds the documentation site into a folder of static files, when it is not built or its sources changed since. A published
// package brings it built.

import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Rendered } from './markdown.ts';
import { addressOf, PAGES, ROOT } from './navigation.ts';

const FOLDER = import.meta.dirname;
const BUILDS = join(FOLDER, 'dist');
/** Builds of earlier sources are kept for a day: a server may still serve one. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** What is worth sending compressed. */
const TEXT = /\.(?:js|css|html|svg)$/;
const FONT = 'node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';
/** Checked for dead links, and no pages of the site. */
const BESIDE = ['README.md', ...globSync('packages/*/README.md', { cwd: ROOT })];

/** The folder of the built site, built now if it is not there. Rejects where a page can't be built. */
export async function builtDocs(): Promise<string> {
  const folder = join(BUILDS, sourcesHash());
  if (!existsSync(folder)) await build(folder);
  return folder;
}

/** Every page, and what else is checked for dead links. */
export async function renderedPages(): Promise<{ pages: readonly Rendered[]; beside: readonly Rendered[] }> {
  const { render } = await import('./markdown.ts');
  const sources = new Set(PAGES.map(({ source }) => source));
  const rendered = (source: string): Rendered =>
    render(source, readFileSync(join(ROOT, source), 'utf8'), (file) => sources.has(file));
  return { pages: [...sources].map(rendered), beside: BESIDE.map(rendered) };
}

async function build(folder: string): Promise<void> {
  const [{ pages }, { htmlOf }, { searchIndex }] = await Promise.all([
    renderedPages(),
    import('./layout.ts'),
    import('./search-index.ts'),
  ]);
  const unfinished = `${folder}.${process.pid}`;
  const put = async (path: string, text: string | Uint8Array): Promise<void> => {
    const file = join(unfinished, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    if (TEXT.test(path)) await writeFile(`${file}.br`, await compressed(text));
  };
  await Promise.all([
    ...pages.map((page) => put(addressOf(page.source), htmlOf(page))),
    put('search-index.js', searchIndex(pages)),
    put('site.js', await script()),
    put('site.css', await readFile(join(FOLDER, 'client/site.css'))),
    put('inter.woff2', await readFile(join(ROOT, FONT))),
    put('icon.svg', await readFile(join(ROOT, 'packages/web/src/icon.svg'))),
    ...new Set(pages.flatMap(({ images }) => images)).values().map(async (image) => {
      await cp(join(ROOT, image), join(unfinished, image.replace(/^docs\//, '')));
    }),
  ]);
  // A folder is there whole or not at all, also when several build at a time.
  await rename(unfinished, folder).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  await removeOld();
}

/** The script of the pages in one file, search included. */
async function script(): Promise<string> {
  const { build: bundle } = await import('esbuild');
  const { outputFiles } = await bundle({
    entryPoints: [join(FOLDER, 'client/site.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]!.text;
}

function compressed(text: string | Uint8Array): Promise<Buffer> {
  return promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(BUILDS)) {
    const old = join(BUILDS, name);
    if (Date.now() - (await stat(old)).mtimeMs > KEPT_MS) await rm(old, { recursive: true, force: true });
  }
}

/** Of every page and picture, of what builds them, and of the versions of what they are built with. */
function sourcesHash(): string {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const hash = createHash('sha256').update(JSON.stringify(devDependencies));
  const own = globSync(['*.ts', 'client/*'], { cwd: FOLDER }).map((name) => join('docs/site', name));
  const files = [...PAGES.map(({ source }) => source), ...own, ...globSync('docs/screenshots/*.png', { cwd: ROOT })];
  for (const file of files.toSorted()) hash.update(`\n${file}\n`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

if (import.meta.main) console.log(await builtDocs());
