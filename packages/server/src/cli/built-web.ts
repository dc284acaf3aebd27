// Where the browser's chart and the documentation lie when they are built: a published package brings both; a checkout builds
// them when their sources changed.

import { fileURLToPath } from 'node:url';

/** What builds them is not published: it is named where the compiler does not look for it. */
const BUILD: string = '@chartwire/web/build';
const BUILD_DOCS: string = new URL('../../../../docs/site/build.ts', import.meta.url).href;

const IS_PUBLISHED = import.meta.filename.endsWith('.js');

/** The folder of the built chart. */
export async function builtWeb(): Promise<string> {
  if (IS_PUBLISHED) return fileURLToPath(new URL('../web/', import.meta.url));
  const web = (await import(BUILD)) as { builtWeb(): Promise<string> };
  return web.builtWeb();
}

/** The folder of the built documentation. */
export async function builtDocs(): Promise<string> {
  if (IS_PUBLISHED) return fileURLToPath(new URL('../docs/', import.meta.url));
  const site = (await import(BUILD_DOCS)) as { builtDocs(): Promise<string> };
  return site.builtDocs();
}
