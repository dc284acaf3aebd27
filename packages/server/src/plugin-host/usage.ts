// What a runner uses of the machine, by /proc: of its process and the children of it, for bubblewrap starts Node as one.

import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const PAGE = 4_096;

/** Resident memory in bytes; 0 where there is no /proc. */
export function residentBytes(pid: number): number {
  return sum(pid, (one) => Number(readFileSync(`/proc/${one}/statm`, 'latin1').split(' ')[1]) * PAGE);
}

/** Processor time of the main threads, in ms: where steps run. Undefined where it isn't told. */
export function processorMs(pid: number): number | undefined {
  const ms = sum(pid, (one) => Number(readFileSync(`/proc/${one}/schedstat`, 'latin1').split(' ')[0]) / 1e6);
  return ms > 0 ? ms : undefined;
}

/** Lets everything else on the machine go first. */
export function giveWay(pid: number): void {
  sum(pid, (one) => {
    setPriority(one, 5);
    return 0;
  });
}

function sum(pid: number, of: (pid: number) => number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
    return children.reduce((total, child) => total + sum(Number(child), of), of(pid));
  } catch {
    return 0;
  }
}
