// A plugin as it is sent in, a .tgz of its folder, built as the plugin it is sent in for.

import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { type BuiltPlugin, buildPackage } from '#plugin-host/build.ts';

/** Refuses a package that is another plugin than `name`. */
export async function buildNamed(name: string, tgz: Buffer): Promise<BuiltPlugin> {
  const built = await buildPackage(tgz);
  if (built.manifest.name === name) return built;
  throw new Refusal('plugin.package', { reason: `it is named ${built.manifest.name}, not ${name}` });
}
