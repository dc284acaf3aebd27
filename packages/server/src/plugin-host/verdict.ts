// Who did it, as far as it can be known without a trial, and what it is called in the result.

import type { ErrorCode } from '@chartwire/sdk/internal/kit/errors';
import type { Limits } from './limits.ts';
import type { IsolateHandle, Job } from './plugin.ts';
import type { Death } from './process.ts';
import type { IsolateEnd } from './protocol.ts';
import type { Role } from './runners.ts';

/**
 * The call that ended the runner, where there is no doubt.
 *
 * @param suspects calls of the isolate that the runner was at, in the order in which they were sent
 * @param alone whether the runner held no other isolate, whose memory may be what was too much
 */
export function culpritOf(role: Role, death: Death, suspects: readonly Job[], alone: boolean): Job | undefined {
  const [first] = suspects;
  // In a trial one goes after the other: the first without an answer is the one.
  if (role === 'trial') return first;
  // Their callers had waited long enough already. To run them once more for the verdict would be for nobody.
  if (death.cause === 'silent' && suspects.every(({ call }) => call.ended)) return first;
  return suspects.length === 1 && (alone || death.cause === 'silent') ? first : undefined;
}

/** The error of a call that ended its runner. */
export function sentenceFor(death: Death, limits: Limits): [code: ErrorCode, values: Record<string, number>] {
  if (death.cause === 'silent') return ['handler.step-timeout', { limit: limits.stepMs }];
  if (death.cause === 'memory') return ['handler.memory', { limit: limits.memoryMB }];
  return ['handler.crashed', {}];
}

/** Whether a step that took too long hardly computed in that time: the machine kept it waiting. */
export function hardlyRan(end: IsolateEnd, { cpuMs, plugin }: IsolateHandle): boolean {
  return end.cpuMs - cpuMs < plugin.limits.stepMs / 2;
}

/** Why the script of a plugin does not load. */
export function loadReason(end: IsolateEnd, limits: Limits): string {
  if (end.why === 'timeout') return `its top level ran for more than ${limits.loadMs} ms`;
  if (end.why === 'memory') return `its top level used more than ${limits.memoryMB} MB of memory`;
  return end.detail;
}
