// What a refusal means to what was typed: is it sent again, changed first, or shown with both sides.

import type { Problem } from '@chartwire/client/internal/client/index';
import { problemOf } from '../api/problem-of.ts';
import type { Outcome, Stored } from './saving.ts';

/** The refusal by a name of a field: `/fields/sig/0` is about `sig`. */
export function faultsByField(problem: Problem): Readonly<Record<string, string>> {
  const faults = problem.faults.flatMap(({ path, message }) => {
    const name = path.split('/')[2];
    return path.startsWith('/fields/') && name ? [[name, message] as const] : [];
  });
  const said = problem.checks.flatMap(({ field, message }) => (field && message ? [[field, message] as const] : []));
  return Object.fromEntries([...said, ...faults].reverse());
}

/** `current` reads the other side of a conflict. */
export function outcomeOf<S extends Stored>(
  thrown: unknown,
  sent: readonly string[],
  current: (problem: Problem) => S,
): Outcome<S, Problem> {
  const error = problemOf(thrown);
  if (error.status === 409 && error.current !== undefined) return { type: 'conflict', now: current(error) };
  if (isAway(error)) return { type: 'away' };
  const faults = faultsByField(error);
  const unfit = error.code === 'command.fields' && sent.some((name) => faults[name] !== undefined);
  return unfit ? { type: 'unfit', faults } : { type: 'held', problem: error, faults };
}

/** Nobody was there, or nobody who knows us any more: it is kept and sent later. A plugin that blocks is there. */
function isAway({ status, code, passing }: Problem): boolean {
  return code !== 'gate.blocked' && (passing || status === 401 || status >= 500);
}
