// The `chartwire` command for tests that run it often: most of what a command costs is the start of its process, so that
// one process is kept for many. What matters about a process, its input or its end is tested with `chartwire` itself.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Ran, RunOptions } from './chartwire.ts';

const PROGRAM = fileURLToPath(new URL('kept-program.ts', import.meta.url));

let kept: { child: ChildProcess; ended: Promise<never> } | undefined;
let last: Promise<unknown> = Promise.resolve();
after(() => kept?.child.kill());

/** As `chartwire`, without input, once those before have ended. */
export function keptChartwire(args: readonly string[], options: Pick<RunOptions, 'env' | 'cwd'> = {}): Promise<Ran> {
  const ran = last.then(() => runNext(args, options));
  last = ran.catch(() => {});
  return ran;
}

async function runNext(args: readonly string[], { env = {}, cwd }: RunOptions): Promise<Ran> {
  kept ??= begin();
  const answer = once(kept.child, 'message');
  kept.child.send({ args, env, cwd });
  const [ran] = await Promise.race([answer, kept.ended]);
  return ran as Ran;
}

function begin(): NonNullable<typeof kept> {
  const { PATH = '', HOME = '', TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const child = fork(PROGRAM, {
    execArgv: ['--disable-warning=ExperimentalWarning', '--conditions=@chartwire/source'],
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the process that runs the command lines ended with ${code}`);
  });
  // Only a command that waits for it is to fail.
  ended.catch(() => {});
  return { child, ended };
}
