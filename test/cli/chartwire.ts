// The `chartwire` command as a person runs it: a process of its own.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../packages/server/bin/chartwire.js', import.meta.url));

export interface RunOptions {
  /** Through a shell that stays, as npm runs a command. */
  readonly shell?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command. Of the environment only what a shell needs goes along. */
export function start(
  args: readonly string[],
  { env = {}, cwd, shell = false }: Omit<RunOptions, 'input'> = {},
): ChildProcessWithoutNullStreams {
  const { PATH = '', HOME = '', TMPDIR, CHARTWIRE_TEST_SERVER } = process.env;
  const line = [...(shell ? ['sh', '-c', '"$@"; exit', 'sh'] : []), process.execPath, BIN, ...args];
  return spawn(line[0]!, line.slice(1), {
    cwd,
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...(CHARTWIRE_TEST_SERVER && { CHARTWIRE_TEST_SERVER }), ...env },
  });
}

/** Runs the command to its end. */
export async function chartwire(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options);
  child.stdin.end(options.input ?? '');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
