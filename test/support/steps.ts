// How much a piece of work computes, counted rather than timed: the same on every machine.

import { Session } from 'node:inspector/promises';

/** `steps`: how often functions and blocks of the sources whose address holds `sources` ran while `work` did. */
export async function stepsOf<T>(sources: string, work: () => Promise<T>): Promise<{ result: T; steps: number }> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    const result = await work();
    const { result: scripts } = await session.post('Profiler.takePreciseCoverage');
    const ranges = scripts
      .filter(({ url }) => url.includes(sources))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
    return { result, steps: ranges.reduce((sum, { count }) => sum + count, 0) };
  } finally {
    session.disconnect();
  }
}
