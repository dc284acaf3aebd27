// Whether the types of a plugin's folder hold, as the TypeScript that is installed there says. It's code of the folder, run as
// the person who asks: so it is given no variable of theirs but where to keep temporary files, and limited time.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { CliError } from './cli-error.ts';

/** The TypeScript of a plugin's folder. */
export interface FolderCompiler {
  readonly folder: string;
  readonly version: string;
  /** For people: its folder, as seen from the plugin's. */
  readonly place: string;
  /** What Node runs. */
  readonly script: string;
}

/** What the folder's code cannot do without: none of it is a secret. */
const GIVEN = ['TMPDIR', 'TEMP', 'TMP', 'SystemRoot'] as const;
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Of what it prints, no more is kept. */
const MOST_CHARACTERS = 1_000_000;

/** Undefined when there is no tsconfig.json, or no TypeScript to ask. */
export function compilerOf(folder: string): FolderCompiler | undefined {
  if (!existsSync(join(folder, 'tsconfig.json'))) return undefined;
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('typescript/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const place = dirname(manifest);
    return { folder, version, place: relative(folder, place), script: join(place, 'bin/tsc') };
  } catch {
    return undefined;
  }
}

/** Throws a CliError with what the compiler says when the types do not hold, or when it takes longer than `seconds`. */
export async function checkTypes({ folder, script }: FolderCompiler, seconds: number): Promise<void> {
  const env = Object.fromEntries(GIVEN.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  // A group of its own: the compiler is a child of this child, and ends with it.
  const child = spawn(process.execPath, [script, '--noEmit', '--pretty', 'false'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, MOST_CHARACTERS);
    });
  }
  const end = () => endGroup(child.pid);
  const endBoth = (signal: (typeof ENDINGS)[number]) => {
    end();
    process.exit(128 + constants.signals[signal]);
  };
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, seconds * 1_000);
  for (const signal of ENDINGS) process.once(signal, endBoth);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (late) {
      throw new CliError(
        `Checking the types took longer than ${seconds} s and was stopped: give it longer with --types-seconds, or leave ` +
          'it out with --no-types.',
      );
    }
    if (code !== 0) throw new CliError(`Its types have errors:\n${said.trimEnd()}`);
  } finally {
    clearTimeout(timer);
    for (const signal of ENDINGS) process.off(signal, endBoth);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
