// The packages as they are published, each a .tgz: built and packed when their sources changed since.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, PUBLISHED, ROOT } from './build.ts';

const PACKED = join(ROOT, 'dist');

/** The paths of the .tgz files, in the order of PUBLISHED. */
export async function packed(): Promise<string[]> {
  const folder = join(PACKED, sourcesHash());
  if (!existsSync(folder)) await pack(folder);
  return PUBLISHED.map((name) => globSync(join(folder, name, '*.tgz'))[0]!);
}

async function pack(folder: string): Promise<void> {
  await build();
  rmSync(PACKED, { recursive: true, force: true });
  const unfinished = `${folder}.${process.pid}`;
  for (const name of PUBLISHED) {
    const [from, to] = [join(ROOT, 'packages', name), join(unfinished, name)];
    const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { files: string[] };
    for (const part of ['README.md', 'LICENSE', ...manifest.files.filter((file) => !file.startsWith('!'))]) {
      cpSync(join(from, part), join(to, part), { recursive: true });
    }
    writeFileSync(join(to, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`);
    const { status, stderr } = spawnSync('npm', ['pack'], { cwd: to, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
  renameSync(unfinished, folder);
}

/** Without what leads to sources, which are not published, and without what builds them. */
function published<T>(manifest: T): T {
  return JSON.parse(JSON.stringify(manifest), (key, value) => {
    if (key === 'scripts' || key === '@chartwire/source') return undefined;
    return value !== null && typeof value === 'object' && Object.keys(value).length === 0 ? undefined : value;
  });
}

/** Of every file that goes into them, or decides how they are made. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const patterns = [
    'packages/*/*.{json,ts,md}',
    'packages/*/{bin,src}/**/*',
    'examples/**/*',
    '*.md',
    'docs/*.md',
    'docs/{catalogue,decisions,screenshots}/**/*',
    'docs/site/*.ts',
    'docs/site/client/*',
    'release/*',
    'tsconfig.base.json',
  ];
  for (const path of globSync(patterns, { cwd: ROOT, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const file = join(path.parentPath, path.name);
    hash.update(`\n${file}\n`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}
