// esbuild as WebAssembly: in this process, seeing only the files it is given. It never runs its output or a plugin's code.

import {
  type BuildOptions,
  type BuildResult,
  build,
  type InitializeOptions,
  initialize,
} from 'esbuild-wasm/esm/browser.js';
import { type Files, MemoryFiles } from './memory-files.ts';

/** The globals that Go looks up. It sees nothing else of this process. */
function worldOf(files: MemoryFiles) {
  const none = (): never => {
    throw Object.assign(new Error('not implemented'), { code: 'ENOSYS' });
  };
  return {
    ...{ Object, Array, Uint8Array, Uint8ClampedArray, Error, Date, crypto, performance, TextEncoder, TextDecoder },
    fs: files,
    process: {
      getuid: () => -1,
      getgid: () => -1,
      geteuid: () => -1,
      getegid: () => -1,
      getgroups: none,
      umask: none,
      pid: -1,
      ppid: -1,
      cwd: () => '/',
      chdir: none,
    },
    path: { resolve: (...parts: string[]) => parts.join('/') },
  };
}

/** The project's types have neither DOM nor WebAssembly. */
interface Engine {
  readonly WebAssembly: { readonly Module: new (bytes: Buffer) => NonNullable<InitializeOptions['wasmModule']> };
}

const shown = new MemoryFiles();
let started: Promise<void> | undefined;

/** Compiles these files. The compiler starts once per process. */
export async function compile(wasm: Buffer, files: Files, options: BuildOptions): Promise<BuildResult> {
  shown.show(files);
  started ??= start(wasm);
  await started;
  return build({ ...options, write: false });
}

async function start(wasm: Buffer): Promise<void> {
  Object.assign(globalThis, { self: worldOf(shown) });
  const { Module } = (globalThis as unknown as Engine).WebAssembly;
  await initialize({ wasmModule: new Module(wasm), worker: false });
}
