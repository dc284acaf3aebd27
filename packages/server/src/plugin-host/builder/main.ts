// The build process: unpacks a package, reads its manifest and questionnaires, and bundles its code, all in memory. It runs
// nothing of the package. It has no network, files, environment, or privileges to lose.

import { readSync, writeSync } from 'node:fs';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { giveDefinitions } from '#r4/definitions.ts';
import { type BuildAnswer, type BuildHead, encodeAnswer, READY, type RefusedBuild } from '../build-answer.ts';
import { unpackPlugin } from '../unpack.ts';
import { readQuestionnaires } from '../questionnaires.ts';
import { bundle, type SdkFiles } from './bundle.ts';
import { namesOf, readManifest } from './read-manifest.ts';

export interface BuilderSetup {
  readonly sdk: SdkFiles;
  /** User id to switch to before touching the package, or null. */
  readonly uid: number | null;
}

/** Set by the bootstrap of spawn.ts, which reads it and this script from standard input. */
declare const setup: BuilderSetup;

const MOST_FAULTS = 50;

async function run({ sdk, uid }: BuilderSetup): Promise<void> {
  const [definitions, wasm] = [takeFrame(), takeFrame()];
  if (uid !== null) {
    process.setgroups?.([]);
    process.setgid?.(uid);
    process.setuid?.(uid);
  }
  giveDefinitions(definitions);
  write(Buffer.from([READY]));
  watchCompiler();
  // The host decides how many packages to send, and ends the process.
  while (true) await buildNext(wasm, sdk);
}

async function buildNext(wasm: Buffer, sdk: BuilderSetup['sdk']): Promise<void> {
  const tgz = takeFrame();
  try {
    answer(await built(tgz, wasm, sdk));
  } catch (error) {
    if (error instanceof Refusal) return answer({ refused: refusedBy(error) });
    // The stack overflowed, or the compiler ran out of memory.
    if (error instanceof RangeError) return answer({ stopped: /stack/.test(error.message) ? 'nesting' : 'memory' });
    throw error;
  }
}

async function built(tgz: Buffer, wasm: Buffer, sdk: BuilderSetup['sdk']): Promise<BuildAnswer<BuildHead>> {
  const files = await unpackPlugin(tgz);
  const manifest = readManifest(files);
  // The host checks the manifest; the build only needs these two.
  const wanted = namesOf(manifest);
  if (!wanted) return { head: { manifest }, code: '', sourceMap: '' };
  try {
    const questionnaires = readQuestionnaires(files, wanted.name);
    const { code, sourceMap } = await bundle(wasm, files, sdk, wanted.entry);
    return { head: { manifest, questionnaires }, code, sourceMap };
  } catch (error) {
    if (error instanceof Refusal) return { head: { manifest, refused: refusedBy(error) }, code: '', sourceMap: '' };
    throw error;
  }
}

/** When the compiler crashes, it prints why and never answers. The output may quote the plugin, so only the kind is reported. */
function watchCompiler(): void {
  let heard = '';
  const listen = (...said: unknown[]): void => {
    heard = `${heard}\n${said.join(' ')}`.slice(-5_000);
    if (!said.includes('exit code:')) return;
    answer({ stopped: /stack overflow|stack exceeds/.test(heard) ? 'nesting' : 'memory' });
  };
  Object.assign(console, { log: listen, warn: listen, error: listen });
}

function refusedBy({ code, values, faults }: Refusal): RefusedBuild {
  return {
    code: code as RefusedBuild['code'],
    reason: String(values.reason).slice(0, 20_000),
    faults: faults
      .slice(0, MOST_FAULTS)
      .map(({ path, message, issue }) => ({ path: path.slice(0, 500), message: message.slice(0, 1_000), issue })),
  };
}

function takeFrame(): Buffer {
  return take(take(4).readUInt32LE(0));
}

function take(size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; ) {
    const got = readSync(0, bytes, at, size - at, null);
    // The host is gone. An orderly exit would take the engine half a second.
    if (got === 0) process.kill(process.pid, 'SIGKILL');
    at += got;
  }
  return bytes;
}

function answer(given: BuildAnswer<BuildHead> | BuildHead): void {
  write(encodeAnswer('code' in given ? given : { head: given, code: '', sourceMap: '' }));
}

function write(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

void run(setup);
