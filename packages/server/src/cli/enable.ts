// chartwire enable: give a plugin events again.

import { Command } from 'commander';
import { BACKLOG } from '@chartwire/client/internal/contract/plugins';
import { type Backlog, backlogOf, chosenBacklog, eventsText, pendingOption } from './backlog.ts';
import { clientFor } from './client.ts';
import { examples, jsonOption, print, printJson, tell } from './print.ts';

export function enable(): Command {
  return new Command('enable')
    .summary('give a plugin events again')
    .description(
      'Gives a plugin events again, and ends a quarantine. Its waiting events are delivered, unless you choose to skip them.',
    )
    .argument('<plugin>', 'its name')
    .addOption(
      pendingOption('what to do with its waiting events; by default, as chosen when it was disabled').choices(BACKLOG),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('chartwire enable abnormal-lab-task', 'chartwire enable abnormal-lab-task --pending skip'),
    )
    .action(async (name: string, { json, pending }: { json?: boolean; pending?: Backlog }, command: Command) => {
      const client = clientFor(command);
      const { enabled, backlog } = await client.plugins.get({ params: { name } });
      const waiting = await backlogOf(client, name);
      if (!enabled) tell(`${eventsText(waiting)} pending for ${name}.`);
      const asked = !enabled && waiting > 0;
      const chosen = asked
        ? await chosenBacklog(pending, {
            message: 'What should happen to them?',
            keep: 'Deliver them now',
            skip: 'Skip them: don’t deliver them, and list them as skipped',
            initial: backlog ?? 'keep',
          })
        : pending;
      const plugin = await client.plugins.enable({ params: { name }, body: chosen ? { pending: chosen } : {} });
      if (json) return printJson(plugin);
      print(`${plugin.name} ${plugin.version} is live.`);
    });
}
