// What a command keeps, to be shown for good, of how it was written: by whom, and what its checks were passed with or without.

import type { Actor } from '@chartwire/sdk/internal/kit/event';
import type { CommandEntry, Override, Unanswered } from '@chartwire/sdk/internal/records/command-entry';

export function who({ type, id, display }: Actor): CommandEntry['originator'] {
  return { type, id, ...(display === undefined ? {} : { display }) };
}

/** The command, with the reasons that were given for going on, and the checks that it went on without. */
export function withPassed(
  entry: CommandEntry,
  { overrides, unanswered }: { readonly overrides: readonly Override[]; readonly unanswered: readonly Unanswered[] },
): CommandEntry {
  const before = (entry.unanswered ?? []).filter((one) => !unanswered.some((now) => savedAgain(one, now)));
  return { ...entry, overrides: [...entry.overrides, ...overrides], unanswered: [...before, ...unanswered] };
}

/** Who types saves with every pause: of the edits that went on without a check, the last one is kept. */
function savedAgain(before: Unanswered, now: Unanswered): boolean {
  return [before, now].every(({ operation }) => operation === 'UPDATE') && before.check === now.check;
}
