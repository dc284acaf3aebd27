// One process for many builds of an author's own folders, since starting the compiler takes ten times as long as using it.
// Uploaded packages never use it.

import type { BuildAnswer, BuildHead } from './build-answer.ts';
import { type BuildLimits, Jail } from './jail.ts';

/** After this many builds a new process starts, since limits on processor time and memory cover all its builds. */
const MOST_BUILDS = 25;

let kept: Jail | undefined;
let builds = 0;
let last: Promise<unknown> = Promise.resolve();

/** Like `buildInJail`, one build after the other. */
export function buildInKeptJail(tgz: Buffer, limits: BuildLimits): Promise<BuildAnswer<BuildHead>> {
  const built = last.then(() => buildNext(tgz, limits));
  last = built.catch(() => {});
  return built;
}

async function buildNext(tgz: Buffer, limits: BuildLimits): Promise<BuildAnswer<BuildHead>> {
  const jail = kept?.alive ? kept : await Jail.open();
  kept = undefined;
  jail.wake();
  try {
    const answer = await jail.build(tgz, limits);
    builds += 1;
    if (builds % MOST_BUILDS === 0) await jail.close();
    else kept = jail;
    kept?.rest();
    return answer;
  } catch (error) {
    await jail.close();
    throw error;
  }
}
