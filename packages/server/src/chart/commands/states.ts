// The states of a command: the allowed moves, and refusals of others.

import type { CommandState } from '@chartwire/sdk/internal/kit/command-kind';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { faultOfTransition } from '@chartwire/sdk/internal/kit/lifecycle';
import { COMMAND_LIFECYCLE, type CommandEntry } from '@chartwire/sdk/internal/records/command-entry';

/** Actions that change a command's state. */
const AFTER: Readonly<Record<string, CommandState>> = { review: 'in-review', 'make-changes': 'staged' };

/** The state after an action; unchanged for most. */
export function stateAfter(entry: CommandEntry, action: string): Partial<CommandEntry> {
  const to = AFTER[action];
  if (!to) return {};
  refuseState(entry, to);
  return { state: to };
}

/**
 * Whether an action commits the command: `sign` and `send` do. A committed command can still be sent, once: that is recorded
 * among its actions, and nothing else changes.
 */
export function commitsBy(entry: CommandEntry, action: string): boolean {
  if (action !== 'sign' && action !== 'send') return false;
  if (action === 'sign' || entry.state !== 'committed') {
    refuseState(entry, 'committed');
    return true;
  }
  if (!entry.actions.some((done) => done.action === 'send')) return false;
  throw new Refusal('command.state', { reason: 'the command has been sent, and is sent once' });
}

export function refuseState(entry: CommandEntry, to: CommandState): void {
  const reason = faultOfTransition(COMMAND_LIFECYCLE, entry.state, to, 'the command');
  if (reason) throw new Refusal('command.state', { reason });
}

export function refuseUnstaged({ state }: CommandEntry, done: string): void {
  if (state === 'staged') return;
  throw new Refusal('command.state', { reason: `the command is ${state}, and only a staged one can be ${done}` });
}
