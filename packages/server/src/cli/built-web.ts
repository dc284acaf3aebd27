// Where the browser's chart lies when it is built: a published package brings it; a checkout builds it when its sources
// changed.

import { fileURLToPath } from 'node:url';

/** The package that builds it is not published: it is named where the compiler does not look for it. */
const BUILD: string = '@chartwire/web/build';

/** The folder of the built files. */
export async function builtWeb(): Promise<string> {
  if (import.meta.filename.endsWith('.js')) return fileURLToPath(new URL('../web/', import.meta.url));
  const web = (await import(BUILD)) as { builtWeb(): Promise<string> };
  return web.builtWeb();
}
