// For an author's own folders, which are built again and again while they are written and tested: one process for many
// builds, since starting the compiler takes ten times as long as using it. A package that was sent in never comes here.

import type { BuildAnswer, BuildHead } from './build-answer.ts';
import { type BuildLimits, Jail } from './jail.ts';

/** Then another process is started: limits of processor time and memory count for all its builds. */
const MOST_BUILDS = 25;

let kept: Jail | undefined;
let builds = 0;
let last: Promise<unknown> = Promise.resolve();

/** As `buildInJail`; one after the other. */
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
