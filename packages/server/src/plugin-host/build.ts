// Builds a plugin's package or folder into one script and a source map. A separate process does the work and sees only the
// package and the SDK: jail.ts.

import { createHash } from 'node:crypto';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { BuildAnswer, BuildHead } from './build-answer.ts';
import type { PluginBuild } from './contract.ts';
import { BUILD_LIMITS, type BuildLimits, buildInJail } from './jail.ts';
import { buildInKeptJail } from './kept-jail.ts';
import { parseManifest } from './manifest.ts';
import { packPlugin } from './package.ts';
import type { DefinedQuestionnaire } from './questionnaires.ts';

/** A build and the other content of the package. */
export interface BuiltPlugin extends PluginBuild {
  readonly questionnaires: readonly DefinedQuestionnaire[];
}

/**
 * Like `buildPackage`, for a folder that the caller trusts: packs it, and builds it in a process that is kept for the next build.
 *
 * @throws {Refusal} as `buildPackage`, and `plugin.npm-package`
 */
export async function buildPlugin(folder: string): Promise<BuiltPlugin> {
  return builtFrom(await buildInKeptJail(await packPlugin(folder), BUILD_LIMITS));
}

/**
 * Builds a package (the .tgz of a plugin's folder) in a process of its own.
 *
 * @throws {Refusal} `plugin.package`, `plugin.manifest`, or `plugin.build` whose faults name file and line;
 * `plugin.build-stopped` when it takes too much time or memory
 */
export async function buildPackage(tgz: Buffer, limits?: Partial<BuildLimits>): Promise<BuiltPlugin> {
  return builtFrom(await buildInJail(tgz, { ...BUILD_LIMITS, ...limits }));
}

function builtFrom({ head, code, sourceMap }: BuildAnswer<BuildHead>): BuiltPlugin {
  const { refused, questionnaires = [] } = head;
  const manifest = head.manifest === undefined ? undefined : parseManifest(head.manifest);
  if (refused) throw new Refusal(refused.code, { reason: refused.reason }, refused.faults);
  if (!manifest || code === '') throw new Refusal('plugin.build-stopped', { reason: 'there is no script' });
  const digest = createHash('sha256').update(code).digest('hex');
  return { manifest, code, sourceMap, digest, questionnaires: ownedBy(manifest.name, questionnaires) };
}

/** None may belong to another plugin. */
function ownedBy(plugin: string, questionnaires: readonly unknown[]): DefinedQuestionnaire[] {
  return questionnaires.map((one) => {
    const { resourceType, id } = (one ?? {}) as { resourceType?: unknown; id?: unknown };
    if (resourceType === 'Questionnaire' && typeof id === 'string' && id.startsWith(`${plugin}.`)) {
      return one as DefinedQuestionnaire;
    }
    throw new Refusal('plugin.build-stopped', { reason: 'the process that built it answered for another plugin' });
  });
}
