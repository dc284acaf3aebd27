// Starts a runner process: with three pipes, no environment, its engine as the one file that it may read, and no core dump.

import { type ChildProcess, spawn } from 'node:child_process';
import type { Isolation } from './isolation.ts';
import type { RunnerSetup } from './runner/main.ts';

/** Where the bundled code of the runner and of its guests comes from: `runner-code.ts`. */
export interface RunnerCode {
  readonly main: string;
  readonly guest: string;
  /** Path of isolated-vm's native module. */
  readonly engine: string;
}

/** Reads the runner's script and setup from standard input and runs it: nothing of it is in a file or in the process list. */
const BOOTSTRAP = `
const { readSync } = require('node:fs');
const take = (size) => {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const got = readSync(0, bytes, at, size - at, null);
    if (got === 0) process.exit(0);
    at += got;
  }
  return bytes;
};
const { setup, main } = JSON.parse(take(take(4).readUInt32LE(0)).toString());
new Function('require', 'module', 'setup', main)(require, {}, setup);`;

const NODE_FLAGS = [
  // No code is made at run time, neither of JavaScript nor of WebAssembly: a class of attacks less.
  '--jitless',
  '--no-node-snapshot',
  // Isolates are small: helpers of the garbage collector cost more than they help.
  '--single-threaded-gc',
  '--no-warnings',
];

/**
 * No core dumps: they would hold what the plugins were reading. And timers that may be 10 ms late: the engine starts one
 * for every step, and its thread would wake up for each, though hardly any is still wanted then; late, it wakes for
 * hundreds at once. The shell is replaced by the command, which inherits both.
 */
const SHELL = 'ulimit -c 0; { echo 10000000 >/proc/self/timerslack_ns; } 2>/dev/null; exec "$@"';

export function spawnRunner(code: RunnerCode, isolation: Isolation): ChildProcess {
  const { engine } = code;
  const permissions = ['--permission', '--allow-addons', `--allow-fs-read=${engine}`];
  const node = [process.execPath, ...NODE_FLAGS, ...permissions, '--eval', BOOTSTRAP];
  const shell = ['/bin/sh', '-c', SHELL, 'sh'];
  const [command, ...args] = [...shell, ...isolation.command, ...node];
  const child = spawn(command!, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { TZ: 'UTC' },
    cwd: '/',
    detached: true,
  });
  const setup: RunnerSetup = { engine, guestCode: code.guest, uid: isolation.uid };
  const start = Buffer.from(JSON.stringify({ setup, main: code.main }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(start.length);
  child.stdin?.write(Buffer.concat([size, start]));
  return child;
}
