// Resource use of a runner, from /proc: its process and its children, since bubblewrap starts Node as a child.

import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const PAGE = 4_096;

/** Resident memory in bytes; 0 without /proc. */
export function residentBytes(pid: number): number {
  return sum(pid, (one) => Number(readFileSync(`/proc/${one}/statm`, 'latin1').split(' ')[1]) * PAGE);
}

/** Processor time in ms of the main threads, which run the steps. Undefined if unavailable. */
export function processorMs(pid: number): number | undefined {
  const ms = sum(pid, (one) => Number(readFileSync(`/proc/${one}/schedstat`, 'latin1').split(' ')[0]) / 1e6);
  return ms > 0 ? ms : undefined;
}

/** Lowers the priority of a process. */
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
