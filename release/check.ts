// `npm run packages`: packs what is published, and asks publint and "are the types wrong" whether every tool that installs
// it will find its way.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './build.ts';
import { packed } from './pack.ts';

const CHECKS = [
  ['publint', '--strict'],
  ['attw', '--profile', 'esm-only', '--no-emoji'],
] as const;

for (const file of await packed()) {
  for (const [tool, ...args] of CHECKS) {
    console.log(`\n${tool} ${file}`);
    const { status } = spawnSync(join(ROOT, 'node_modules/.bin', tool), [file, ...args], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}
