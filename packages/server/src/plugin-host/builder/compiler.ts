// esbuild, compiled to WebAssembly: in this process, without a process of its own, and in a world that holds nothing
// but the files it is given. Output and plugins' code are never run here.

import {
  type BuildOptions,
  type BuildResult,
  build,
  type InitializeOptions,
  initialize,
} from 'esbuild-wasm/esm/browser.js';
import { type Files, MemoryFiles } from './memory-files.ts';

/** What Go looks up among the globals; everything else of this process is out of its sight. */
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

/** The types of this house have neither DOM nor WebAssembly. */
interface Engine {
  readonly WebAssembly: { readonly Module: new (bytes: Buffer) => NonNullable<InitializeOptions['wasmModule']> };
}

const shown = new MemoryFiles();
let started: Promise<void> | undefined;

/** Compiles what is among these files; the compiler is started once in the life of a process. */
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
