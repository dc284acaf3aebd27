// Limits of a plugin. Times are wall time in milliseconds and sizes are bytes, unless stated otherwise.

import { availableParallelism } from 'node:os';
import type { ManifestLimits } from './manifest.ts';

export interface Limits {
  /** Processor time of one uninterrupted step, so that a busy machine costs a handler nothing. */
  readonly stepMs: number;
  /** Loading: compiling and running the top level of the script. */
  readonly loadMs: number;
  /** One call, including its waits. */
  readonly deadlineMs: number;
  /** V8 heap of the isolate. The young generation scales with it: 32 MB halves the speed. */
  readonly memoryMB: number;
  /** Reads, searches, and HTTP requests in one call. */
  readonly hostCalls: number;
  /** Texts of one request to the host. */
  readonly requestBytes: number;
  /** JSON text of the effects of one call. */
  readonly effectBytes: number;
  /** Effects of one call. */
  readonly effects: number;
  /** Values in the effects of one call: texts, numbers, lists, and objects at any depth. */
  readonly effectValues: number;
  /** Handlers of a plugin. */
  readonly handlers: number;
  /** JSON text of one answer by the host, such as a search result. */
  readonly answerBytes: number;
  readonly logLines: number;
  readonly logBytes: number;
  /** Processor time of all calls of the plugin in one minute. */
  readonly cpuMsPerMinute: number;
  /** Calls of one plugin that run concurrently in its isolate; others wait. */
  readonly concurrency: number;
}

export const DEFAULT_LIMITS: Limits = {
  stepMs: availableParallelism() >= 4 ? 250 : 1_000,
  loadMs: 2_000,
  deadlineMs: 5_000,
  memoryMB: 64,
  hostCalls: 100,
  requestBytes: 1_100_000,
  effectBytes: 1_000_000,
  effects: 500,
  effectValues: 20_000,
  handlers: 100,
  answerBytes: 8_000_000,
  logLines: 100,
  logBytes: 64_000,
  cpuMsPerMinute: 30_000,
  concurrency: 128,
};

/** How many times `stepMs` a step may take by the wall clock, among others and on its own. */
const BESIDE_OTHERS = 2;
const ALONE = 10;

/**
 * Wall time in milliseconds after which a step is ended. Among others this only makes it a suspect: it runs again on its own,
 * with enough time to use its processor time on a busy machine, up to the call's deadline.
 */
export function stepWallMs({ stepMs, deadlineMs }: Limits, alone: boolean): number {
  return alone ? Math.max(BESIDE_OTHERS * stepMs, Math.min(ALONE * stepMs, deadlineMs)) : BESIDE_OTHERS * stepMs;
}

/** Whether an ended step had used its processor time. */
export function isOverStep(ranMs: number, { stepMs }: Limits): boolean {
  return ranMs >= stepMs;
}

/** A plugin's limits: the host's, or lower where its manifest says so. */
export function limitsFor(asked: ManifestLimits, granted: Limits): Limits {
  const least = (key: keyof ManifestLimits): number => Math.min(granted[key], asked[key] ?? Number.POSITIVE_INFINITY);
  return {
    ...granted,
    stepMs: least('stepMs'),
    deadlineMs: least('deadlineMs'),
    memoryMB: least('memoryMB'),
    hostCalls: least('hostCalls'),
    effectBytes: least('effectBytes'),
  };
}
