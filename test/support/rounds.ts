// What several rounds of the same tests have in common, and what fails in some of them by luck.

export interface Round {
  /** `file: name` of each test that failed. */
  readonly failed: readonly string[];
  readonly passed: boolean;
  /** How many tests were executed and passed. */
  readonly executed: number;
}

/** For people: each test that failed, and in how many of the rounds; the most frequent first. */
export function flaky(rounds: readonly Round[]): string {
  const times = new Map<string, number>();
  for (const { failed } of rounds) for (const test of new Set(failed)) times.set(test, (times.get(test) ?? 0) + 1);
  const all = `${rounds.length} rounds`;
  if (times.size === 0) return `\nNothing failed in ${all}.`;
  const lines = [...times].toSorted(([, a], [, b]) => b - a).map(([test, n]) => `  ${n} of ${all}: ${test}`);
  return `\nFailed:\n${lines.join('\n')}`;
}
