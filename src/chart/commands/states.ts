// The states that a command passes through: which moves it has, and what is said of the others.

import type { CommandState } from '#kit/command-kind.ts';
import { Refusal } from '#kit/errors.ts';
import { refuseTransition } from '#kit/lifecycle.ts';
import { COMMAND_LIFECYCLE, type CommandEntry } from '#records/command-entry.ts';

/** Actions that move a command. */
const AFTER: Readonly<Record<string, CommandState>> = { review: 'in-review', 'make-changes': 'staged' };

/** What an action makes of the state: nothing, for most. */
export function stateAfter(entry: CommandEntry, action: string): Partial<CommandEntry> {
  const to = AFTER[action];
  if (!to) return {};
  refuseState(entry, to);
  return { state: to };
}

export function refuseState(entry: CommandEntry, to: CommandState): void {
  const reason = refuseTransition(COMMAND_LIFECYCLE, entry.state, to, 'the command');
  if (reason) throw new Refusal('command.state', { reason });
}

export function refuseUnstaged({ state }: CommandEntry, done: string): void {
  if (state === 'staged') return;
  throw new Refusal('command.state', { reason: `the command is ${state}, and only a staged one can be ${done}` });
}
