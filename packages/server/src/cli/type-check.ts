// Whether the types of a plugin's folder hold, as the TypeScript that is installed there says.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CliError } from './cli-error.ts';

/** False when there is no tsconfig.json or no TypeScript to ask. Throws with what it says when the types do not hold. */
export async function checkTypes(folder: string): Promise<boolean> {
  const tsc = compilerOf(folder);
  if (tsc === undefined || !existsSync(join(folder, 'tsconfig.json'))) return false;
  const args = [tsc, '--noEmit', '--pretty', 'false'];
  await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }).catch(({ stdout, stderr }) => {
    throw new CliError(`Its types do not hold:\n${`${stdout}${stderr}`.trimEnd()}`);
  });
  return true;
}

function compilerOf(folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('typescript/package.json');
    return join(dirname(manifest), 'bin/tsc');
  } catch {
    return undefined;
  }
}
