// Starts the processes that handle plugins: with three pipes, no environment, no core dumps, and no files to read (a runner: only
// its engine).

import { type ChildProcess, spawn } from 'node:child_process';
import type { Isolation } from './isolation.ts';
import type { SdkFiles } from './builder/bundle.ts';
import type { BuilderSetup } from './builder/main.ts';
import type { RunnerSetup } from './runner/main.ts';

/** The bundled code of the runner and its guests, from `runner-code.ts`. */
export interface RunnerCode {
  readonly main: string;
  readonly guest: string;
  /** The scripts of globals/, in the order of their names there. */
  readonly libraries: readonly string[];
  /** Path of isolated-vm's native module. */
  readonly engine: string;
}

/** The bundler of plugins' packages and its input; see `builder-code.ts`. */
export interface BuilderCode {
  readonly main: string;
  readonly sdk: SdkFiles;
  /** The FHIR definitions, compressed. */
  readonly definitions: Buffer;
  /** The compiler. */
  readonly wasm: Buffer;
}

/** Reads the process's script and setup from standard input and runs it, so that neither is in a file or the process list. */
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
  // Forbids code generation at run time, in JavaScript and WebAssembly, which rules out a class of attacks.
  '--jitless',
  '--no-node-snapshot',
  // Isolates are small, so helper threads of the garbage collector cost more than they save.
  '--single-threaded-gc',
  '--no-warnings',
];

/** Memory of the compiler in pages of 64 KB, and of the JavaScript around it in MB. */
const COMPILER_PAGES = 8_192;
const HEAP_MB = 192;

const BUILDER_FLAGS = [
  `--wasm-max-mem-pages=${COMPILER_PAGES}`,
  `--max-old-space-size=${HEAP_MB}`,
  // The compiler is used once and in part: functions are compiled lazily and not optimized.
  '--liftoff-only',
  '--wasm-lazy-validation',
  // It runs briefly: helper threads and many small collections would cost a fifth of its processor time.
  '--single-threaded',
  '--min-semi-space-size=32',
  '--no-warnings',
];

/**
 * No core dumps, which would contain what the plugins read. Timers may be 10 ms late: the engine starts one per step, and its
 * thread would wake for each although hardly any is still needed; late, it wakes for hundreds at once. The shell is replaced by
 * the command, which inherits both.
 */
const RUNNER_SHELL = 'ulimit -c 0; { echo 10000000 >/proc/self/timerslack_ns; } 2>/dev/null; exec "$@"';

/**
 * Kernel limits of a build, whatever the engine does: memory (KB), processor time (s, even if the host is gone and can't end it),
 * and no written files. If the machine runs out of memory, this is ended first.
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

/** Starts a process that builds the packages it receives (`framed`), and answers each as in `build-answer.ts`. */
export function spawnBuilder(code: BuilderCode, isolation: Isolation): ChildProcess {
  const child = spawnInside(isolation, BUILDER_SHELL, [...BUILDER_FLAGS, '--permission']);
  const setup: BuilderSetup = { sdk: code.sdk, uid: isolation.uid };
  // It may end before reading everything; its exit reports that.
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
