// How much a plugin may use. Times in milliseconds, of the wall clock unless said otherwise; sizes in bytes unless the name says MB.

import { availableParallelism } from 'node:os';
import type { ManifestLimits } from './manifest.ts';

export interface Limits {
  /** One uninterrupted stretch of computing, in processor time: a busy machine costs a handler nothing. */
  readonly stepMs: number;
  /** Loading: compiling and running the top level of the script. */
  readonly loadMs: number;
  /** One call, its waits included. */
  readonly deadlineMs: number;
  /** V8 heap of the isolate. The young generation grows with it: 32 MB halves the speed. */
  readonly memoryMB: number;
  /** Reads, searches and HTTP requests of one call. */
  readonly hostCalls: number;
  /** Texts of one request to the host. */
  readonly requestBytes: number;
  /** JSON text of the effects of one call. */
  readonly effectBytes: number;
  /** Effects of one call. */
  readonly effects: number;
  /** Values in the effects of one call: texts, numbers, lists and objects, at any depth. */
  readonly effectValues: number;
  /** Handlers that a plugin registers. */
  readonly handlers: number;
  /** JSON text of one answer of the host, such as a search result. */
  readonly answerBytes: number;
  readonly logLines: number;
  readonly logBytes: number;
  /** Processor time of all calls of the plugin in one minute. */
  readonly cpuMsPerMinute: number;
  /** Calls of one plugin that run side by side in its isolate; the others wait. */
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

/** How much longer than `stepMs` a step may take by the wall clock, beside others and alone. */
const BESIDE_OTHERS = 2;
const ALONE = 10;

/**
 * Milliseconds of wall time after which a step is ended. Beside others that only makes it a suspect: it is run again alone,
 * where it has time to use up its processor time on a busy machine too, though no more than its call may take.
 */
export function stepWallMs({ stepMs, deadlineMs }: Limits, alone: boolean): number {
  return alone ? Math.max(BESIDE_OTHERS * stepMs, Math.min(ALONE * stepMs, deadlineMs)) : BESIDE_OTHERS * stepMs;
}

/** Whether a step that was ended had computed for as long as it may, by the processor's clock. */
export function isOverStep(ranMs: number, { stepMs }: Limits): boolean {
  return ranMs >= stepMs;
}

/** The limits of one plugin: the host's, or less where its manifest asks for less. */
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
