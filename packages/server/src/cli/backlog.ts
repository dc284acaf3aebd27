// Events pending for a plugin: how many, and what to do with them.

import { Option } from 'commander';
import type { BACKLOG } from '@chartwire/client/internal/contract/plugins';
import { CliError } from './cli-error.ts';
import type { clientFor } from './client.ts';

export type Backlog = (typeof BACKLOG)[number];

export const pendingOption = (description: string): Option => new Option('--pending <choice>', description);

/** How many events are still to be delivered to a plugin. */
export async function backlogOf(client: ReturnType<typeof clientFor>, name: string): Promise<number> {
  const { queue } = await client.plugins.health({ params: { name } });
  return queue.pending + queue.waiting + queue.behind;
}

export function eventsText(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

interface Question {
  readonly message: string;
  readonly keep: string;
  readonly skip: string;
  readonly initial?: Backlog;
}

/** The given value, or the choice of a user at a terminal; undefined if nobody can be asked. */
export async function chosenBacklog(given: Backlog | undefined, question: Question): Promise<Backlog | undefined> {
  if (given || !process.stdin.isTTY) return given;
  const { select, isCancel } = await import('@clack/prompts');
  const chosen = await select<Backlog>({
    message: question.message,
    options: [
      { value: 'keep', label: question.keep },
      { value: 'skip', label: question.skip },
    ],
    initialValue: question.initial ?? 'keep',
  });
  if (isCancel(chosen)) throw new CliError('Nothing was done.');
  return chosen;
}
