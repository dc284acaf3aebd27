// chartwire disable: give a plugin no more events.

import { Command } from 'commander';
import { clientFor } from './client.ts';
import { examples, jsonOption, print, printJson } from './print.ts';

export function disable(): Command {
  return new Command('disable')
    .summary('give a plugin no more events')
    .description('Gives a plugin no more events. It stays installed, with its variables.')
    .argument('<plugin>', 'its name')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire disable abnormal-lab-task'))
    .action(async (name: string, { json }: { json?: boolean }, command: Command) => {
      const plugin = await clientFor(command).plugins.disable({ params: { name } });
      if (json) return printJson(plugin);
      print(`${plugin.name} ${plugin.version} is disabled.`);
    });
}
