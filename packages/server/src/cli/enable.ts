// chartwire enable: give a plugin events again.

import { Command } from 'commander';
import { clientFor } from './client.ts';
import { examples, jsonOption, print, printJson } from './print.ts';

export function enable(): Command {
  return new Command('enable')
    .summary('give a plugin events again')
    .description('Gives a plugin events again, also one in quarantine. What came meanwhile is not made up for.')
    .argument('<plugin>', 'its name')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire enable abnormal-lab-task'))
    .action(async (name: string, { json }: { json?: boolean }, command: Command) => {
      const plugin = await clientFor(command).plugins.enable({ params: { name } });
      if (json) return printJson(plugin);
      print(`${plugin.name} ${plugin.version} is live.`);
    });
}
