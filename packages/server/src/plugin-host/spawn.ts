// Starts the processes that touch a plugin: with three pipes, no environment, no core dump, and no file to read (a runner:
// its engine alone).

import { type ChildProcess, spawn } from 'node:child_process';
import type { Isolation } from './isolation.ts';
import type { SdkFiles } from './builder/bundle.ts';
import type { BuilderSetup } from './builder/main.ts';
import type { RunnerSetup } from './runner/main.ts';

/** Where the bundled code of the runner and of its guests comes from: `runner-code.ts`. */
export interface RunnerCode {
  readonly main: string;
  readonly guest: string;
  /** The scripts of globals/, in the order of their names there. */
  readonly libraries: readonly string[];
  /** Path of isolated-vm's native module. */
  readonly engine: string;
}

/** What bundles the plugins' packages, and what it is given; see `builder-code.ts`. */
export interface BuilderCode {
  readonly main: string;
  readonly sdk: SdkFiles;
  /** The FHIR definitions, compressed. */
  readonly definitions: Buffer;
  /** The compiler. */
  readonly wasm: Buffer;
}

/** Reads the process's script and setup from standard input and runs it: nothing of it is in a file or in the process list. */
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

const RUNNER_FLAGS = [
  // No code is made at run time, neither of JavaScript nor of WebAssembly: a class of attacks less.
  '--jitless',
  '--no-node-snapshot',
  // Isolates are small: helpers of the garbage collector cost more than they help.
  '--single-threaded-gc',
  '--no-warnings',
];

/** Memory of the compiler, in pages of 64 KB, and of the JavaScript around it, in MB. */
const COMPILER_PAGES = 8_192;
const HEAP_MB = 192;

const BUILDER_FLAGS = [
  `--wasm-max-mem-pages=${COMPILER_PAGES}`,
  `--max-old-space-size=${HEAP_MB}`,
  // The compiler is used once, in part: no function is compiled before it is called, and none is optimized.
  '--liftoff-only',
  '--wasm-lazy-validation',
  // It's short: helper threads and many small collections of garbage cost a fifth of its processor time.
  '--single-threaded',
  '--min-semi-space-size=32',
  '--no-warnings',
];

/**
 * No core dumps: they would hold what the plugins were reading. And timers that may be 10 ms late: the engine starts one
 * for every step, and its thread would wake up for each, though hardly any is still wanted then; late, it wakes for
 * hundreds at once. The shell is replaced by the command, which inherits both.
 */
const RUNNER_SHELL = 'ulimit -c 0; { echo 10000000 >/proc/self/timerslack_ns; } 2>/dev/null; exec "$@"';

/**
 * What the kernel holds a build to, whatever the engine believes: memory (KB), processor time (s, also when the host is
 * gone and cannot end it), no file written. When the machine runs out of memory, this is what is ended first.
 */
const BUILDER_SHELL =
  'ulimit -c 0; ulimit -f 0; ulimit -H -t 32; ulimit -S -t 30; ulimit -d 1800000; ' +
  '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; exec "$@"';

export function spawnRunner(code: RunnerCode, isolation: Isolation): ChildProcess {
  const { engine } = code;
  const flags = [...RUNNER_FLAGS, '--permission', '--allow-addons', `--allow-fs-read=${engine}`];
  const child = spawnInside(isolation, RUNNER_SHELL, flags);
  const setup: RunnerSetup = { engine, guestCode: code.guest, libraries: code.libraries, uid: isolation.uid };
  child.stdin?.write(framed(JSON.stringify({ setup, main: code.main })));
  return child;
}

/** Starts a process that builds the packages it is sent (`framed`); it answers each with `build-answer.ts`. */
export function spawnBuilder(code: BuilderCode, isolation: Isolation): ChildProcess {
  const child = spawnInside(isolation, BUILDER_SHELL, [...BUILDER_FLAGS, '--permission']);
  const setup: BuilderSetup = { sdk: code.sdk, uid: isolation.uid };
  // It may end before it has read everything: its end is what tells.
  child.stdin!.on('error', () => {});
  for (const frame of [JSON.stringify({ setup, main: code.main }), code.definitions, code.wasm]) {
    child.stdin!.write(framed(frame));
  }
  return child;
}

function spawnInside(isolation: Isolation, shell: string, flags: readonly string[]): ChildProcess {
  const node = [process.execPath, ...flags, '--eval', BOOTSTRAP];
  return spawn('/bin/sh', ['-c', shell, 'sh', ...isolation.command, ...node], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { TZ: 'UTC' },
    cwd: '/',
    detached: true,
  });
}

export function framed(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return Buffer.concat([size, bytes]);
}
