// What a command permanently shows about how it was written: by whom, and which checks were overridden or missing.

import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { CommandEntry, Override, Unanswered } from '@chartwire/sdk/internal/records/command-entry';

export function who({ type, id, display }: Actor): CommandEntry['originator'] {
  return { type, id, ...(display === undefined ? {} : { display }) };
}

/** The command with the reasons given for proceeding, and the checks that didn't answer. */
export function withPassed(
  entry: CommandEntry,
  { overrides, unanswered }: { readonly overrides: readonly Override[]; readonly unanswered: readonly Unanswered[] },
): CommandEntry {
  const before = (entry.unanswered ?? []).filter((one) => !unanswered.some((now) => savedAgain(one, now)));
  return { ...entry, overrides: [...entry.overrides, ...overrides], unanswered: [...before, ...unanswered] };
}

/** Typing saves at every pause, so of the edits without a check only the last is kept. */
function savedAgain(before: Unanswered, now: Unanswered): boolean {
  return [before, now].every(({ operation }) => operation === 'UPDATE') && before.check === now.check;
}
