// `npm run packages`: packs what is published, and asks publint and "are the types wrong" whether every tool that installs
// it will find its way.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './build.ts';
import { packed } from './pack.ts';

const CHECKS = [
  ['publint', '--strict'],
  ['attw', '--profile', 'esm-only', '--no-emoji'],
] as const;

/** Asks one tool about one file; resolves with what it said, for people, and whether it found nothing wrong. */
function check(file: string, [tool, ...args]: (typeof CHECKS)[number]): Promise<{ said: string; passed: boolean }> {
  return new Promise((resolve) => {
    execFile(join(ROOT, 'node_modules/.bin', tool), [file, ...args], (error, stdout, stderr) => {
      resolve({ said: `\n${tool} ${file}\n${stdout}${stderr}`, passed: error === null });
    });
  });
}

const files = await packed();
const checked = await Promise.all(files.flatMap((file) => CHECKS.map((tool) => check(file, tool))));
for (const { said } of checked) process.stdout.write(said);
if (checked.some(({ passed }) => !passed)) process.exitCode = 1;
