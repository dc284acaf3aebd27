// Who did it, as far as it can be known without a trial, and what it is called in the result.

import type { ErrorCode } from '@chartwire/sdk/internal/kit/errors';
import { isOverStep, type Limits } from './limits.ts';
import type { Job } from './plugin.ts';
import type { Death } from './process.ts';
import type { IsolateEnd } from './protocol.ts';
import type { Role } from './runners.ts';

/**
 * The call that ended the runner, where there is no doubt. A runner that dies may have been ended by the machine, and one
 * that does not answer may have been kept waiting by it: only what was over its limit by the processor's clock, or what
 * ends a fresh runner too in which it is alone, did it.
 *
 * @param suspects calls of the isolate that the runner was at, all of one plugin, in the order in which they were sent
 */
export function culpritOf(role: Role, death: Death, suspects: readonly Job[]): Job | undefined {
  const [first] = suspects;
  // In a trial one goes after the other: the first without an answer is the one.
  if (!first || role === 'trial') return first;
  if (death.cause !== 'silent' || !isOverStep(death.ranMs, first.plugin.limits)) return undefined;
  // Where their callers wait no more, it's enough to know the plugin: to run them again would be for nobody.
  return suspects.length === 1 || suspects.every(({ call }) => call.ended) ? first : undefined;
}

/** The error of a call that ended its runner. */
export function sentenceFor(death: Death, limits: Limits): [code: ErrorCode, values: Record<string, number>] {
  if (death.cause === 'silent') return ['handler.step-timeout', { limit: limits.stepMs }];
  if (death.cause === 'memory') return ['handler.memory', { limit: limits.memoryMB }];
  return ['handler.crashed', {}];
}

/** Why the script of a plugin does not load. */
export function loadReason(end: IsolateEnd, limits: Limits): string {
  if (end.why === 'timeout') return `its top level ran for more than ${limits.loadMs} ms`;
  if (end.why === 'memory') return `its top level used more than ${limits.memoryMB} MB of memory`;
  return end.detail;
}
