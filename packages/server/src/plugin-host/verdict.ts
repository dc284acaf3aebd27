// Determines the culprit without a trial, where possible, and the error in its result.

import type { ErrorCode } from '@chartwire/sdk/internal/kit/errors';
import { isOverStep, type Limits } from './limits.ts';
import type { Job } from './plugin.ts';
import type { Death } from './process.ts';
import type { IsolateEnd } from './protocol.ts';
import type { Role } from './runners.ts';

/**
 * The call that ended the runner, if there is no doubt. The machine may have killed or delayed a runner. So a call is guilty only
 * if it was over its limit in processor time, or ends a fresh runner on its own.
 *
 * @param suspects calls of the isolate that the runner was at, all of one plugin, in the order sent
 */
export function culpritOf(role: Role, death: Death, suspects: readonly Job[]): Job | undefined {
  const [first] = suspects;
  // A trial runs one after the other, so the first without an answer is the culprit.
  if (!first || role === 'trial') return first;
  if (death.cause !== 'silent' || !isOverStep(death.ranMs, first.plugin.limits)) return undefined;
  // If their callers no longer wait, the plugin is enough: no one needs the results.
  return suspects.length === 1 || suspects.every(({ call }) => call.ended) ? first : undefined;
}

/** The error of a call that ended its runner. */
export function sentenceFor(death: Death, limits: Limits): [code: ErrorCode, values: Record<string, number>] {
  if (death.cause === 'silent') return ['handler.step-timeout', { limit: limits.stepMs }];
  if (death.cause === 'memory') return ['handler.memory', { limit: limits.memoryMB }];
  return ['handler.crashed', {}];
}

/** Why a plugin's script doesn't load. */
export function loadReason(end: IsolateEnd, limits: Limits): string {
  if (end.why === 'timeout') return `its top level ran for more than ${limits.loadMs} ms`;
  if (end.why === 'memory') return `its top level used more than ${limits.memoryMB} MB of memory`;
  return end.detail;
}
