// What the trials found, as a table for people.

import { FAULTS, type Finding } from './auditor.ts';

export interface TrialResult {
  readonly trial: string;
  readonly rounds: number;
  readonly acknowledged: number;
  readonly findings: readonly Finding[];
  /** Seconds from the end of each fault until a new write was acknowledged and its effect applied. */
  readonly recoveries: readonly number[];
}

/** In Markdown, a line for each trial. */
export function tableOf(results: readonly TrialResult[]): string {
  const head = ['trial', 'rounds', 'acknowledged', ...FAULTS, 'recovery: median', 'longest'];
  const rows = results.map(({ trial, rounds, acknowledged, findings, recoveries }) => {
    const sorted = recoveries.toSorted((a, b) => a - b);
    const median = sorted[Math.floor((sorted.length - 1) / 2)];
    return [
      trial,
      rounds,
      acknowledged,
      ...FAULTS.map((fault) => findings.filter((one) => one.fault === fault).length),
      seconds(median),
      seconds(sorted.at(-1)),
    ];
  });
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

function seconds(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(1)} s`;
}
