// chartwire disable: give a plugin no more events.

import { Command } from 'commander';
import { BACKLOG } from '@chartwire/client/internal/contract/plugins';
import { clientFor } from './client.ts';
import { type Backlog, backlogOf, chosenBacklog, eventsText, pendingOption } from './backlog.ts';
import { examples, jsonOption, print, printJson } from './print.ts';

export function disable(): Command {
  return new Command('disable')
    .summary('give a plugin no more events')
    .description(
      'Gives a plugin no more events. It stays installed, with its variables. Its events wait until it is enabled, or are skipped.',
    )
    .argument('<plugin>', 'its name')
    .addOption(pendingOption('what becomes of its events until it is enabled').choices(BACKLOG))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('chartwire disable abnormal-lab-task', 'chartwire disable abnormal-lab-task --pending skip'),
    )
    .action(async (name: string, { json, pending }: { json?: boolean; pending?: Backlog }, command: Command) => {
      const client = clientFor(command);
      const waiting = await backlogOf(client, name);
      const chosen = await chosenBacklog(pending, {
        message: `${eventsText(waiting)} pending for ${name}. What becomes of these, and of what comes until it is enabled?`,
        keep: 'Keep them: they are delivered when it is enabled',
        skip: 'Skip them: they are not delivered, and are listed as skipped',
      });
      const plugin = await client.plugins.disable({ params: { name }, body: { pending: chosen ?? 'keep' } });
      if (json) return printJson(plugin);
      const become = plugin.backlog === 'skip' ? 'are skipped' : 'wait';
      print(
        `${plugin.name} ${plugin.version} is disabled. Its events ${become} until it is enabled: ${waiting} so far.`,
      );
    });
}
