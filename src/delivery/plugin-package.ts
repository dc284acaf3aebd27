// A plugin as it is sent in, a .tgz of its folder: unpacked, and built.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '#kit/errors.ts';
import { type BuiltPlugin, buildPlugin } from '#plugin-host/build.ts';
import { unpackPlugin } from '#plugin-host/package.ts';

/** Refuses a package that is another plugin than `name`. */
export async function buildPackage(name: string, tgz: Buffer): Promise<BuiltPlugin> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-plugin-'));
  try {
    await unpackPlugin(tgz, folder);
    const built = await buildPlugin(folder);
    if (built.manifest.name === name) return built;
    throw new Refusal('plugin.package', { reason: `it is named ${built.manifest.name}, not ${name}` });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
