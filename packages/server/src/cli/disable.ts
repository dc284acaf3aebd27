// chartwire disable: stop giving a plugin events.

import { Command } from 'commander';
import { BACKLOG } from '@chartwire/client/internal/contract/plugins';
import { clientFor } from './client.ts';
import { type Backlog, backlogOf, chosenBacklog, eventsText, pendingOption } from './backlog.ts';
import { examples, jsonOption, print, printJson } from './print.ts';

export function disable(): Command {
  return new Command('disable')
    .summary('stop giving a plugin events')
    .description(
      'Stops giving a plugin events. It stays installed, with its variables. Its events wait until it’s enabled, or are skipped.',
    )
    .argument('<plugin>', 'its name')
    .addOption(pendingOption('what to do with its events until it’s enabled').choices(BACKLOG))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('chartwire disable abnormal-lab-task', 'chartwire disable abnormal-lab-task --pending skip'),
    )
    .action(async (name: string, { json, pending }: { json?: boolean; pending?: Backlog }, command: Command) => {
      const client = clientFor(command);
      const waiting = await backlogOf(client, name);
      const chosen = await chosenBacklog(pending, {
        message: `${eventsText(waiting)} pending for ${name}. What should happen to them, and to events until it’s enabled?`,
        keep: 'Keep them: deliver them when it’s enabled',
        skip: 'Skip them: don’t deliver them, and list them as skipped',
      });
      const plugin = await client.plugins.disable({ params: { name }, body: { pending: chosen ?? 'keep' } });
      if (json) return printJson(plugin);
      const become = plugin.backlog === 'skip' ? 'are skipped' : 'wait';
      print(
        `${plugin.name} ${plugin.version} is disabled. Its events ${become} until it is enabled: ${waiting} so far.`,
      );
    });
}
