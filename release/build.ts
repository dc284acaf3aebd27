// `npm run build`: compiles what is published into `packages/*/dist`, to JavaScript and types, and puts beside it what is
// read at run time: migrations, terms, definitions, the template of a plugin, examples and the browser's chart; and the
// catalogue, for who writes a plugin; the documentation as a site.

import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { builtWeb } from '@chartwire/web/build';
import { builtDocs } from '../docs/site/build.ts';

export const ROOT = resolve(import.meta.dirname, '..');
/** The folders of the packages that are published, each after those it depends on. */
export const PUBLISHED = ['sdk', 'client', 'server'] as const;

const SERVER = join(ROOT, 'packages/server');

/** Throws with what the compiler says when it finds a fault. */
export async function build(): Promise<void> {
  // What a source that is gone was compiled to must not stay.
  for (const made of [...PUBLISHED.map((name) => `${name}/dist`), 'server/docs']) {
    rmSync(join(ROOT, 'packages', made), { recursive: true, force: true });
  }
  const compiled = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--build', SERVER], {
    encoding: 'utf8',
  });
  if (compiled.status !== 0) throw new Error(`${compiled.stdout}${compiled.stderr}`);
  const dist = join(SERVER, 'dist');
  cpSync(join(SERVER, 'src'), dist, {
    recursive: true,
    filter: (path) => isOurs(path) && (!/\.ts$/.test(path) || isTemplate(path)),
  });
  cpSync(join(ROOT, 'docs/catalogue'), join(SERVER, 'docs/catalogue'), { recursive: true, filter: isOurs });
  cpSync(join(ROOT, 'examples'), join(dist, 'examples'), { recursive: true, filter: isOurs });
  cpSync(await builtDocs(), join(dist, 'docs'), { recursive: true });
  cpSync(await builtWeb(), join(dist, 'web'), { recursive: true, filter: (path) => !/\.map(\.br)?$/.test(path) });
}

/**
 * Not what somebody who worked there left behind: `.env`, the `data` of a server with its records and its token, what npm
 * installed.
 */
export function isOurs(path: string): boolean {
  return !relative(ROOT, path)
    .split(sep)
    .some((name) => name.startsWith('.') || name === 'data' || name === 'node_modules');
}

/** The template is a plugin's source, and stays it. */
function isTemplate(path: string): boolean {
  return path.startsWith(join(SERVER, 'src/cli/template/'));
}

if (import.meta.main) await build();
