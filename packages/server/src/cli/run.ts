// chartwire run: a handler with a schedule, now.

import { Command } from 'commander';
import { clientFor } from './client.ts';
import { examples, jsonOption, print, printJson } from './print.ts';

export function run(): Command {
  return new Command('run')
    .summary('run a handler with a schedule now')
    .description('Runs a handler with a schedule now. Its schedule stays as it is, and no other handler runs.')
    .argument('<plugin>', 'its name')
    .argument('<handler>', 'the name of its class: see `chartwire schedule`')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire run overdue-follow-up Nightly'))
    .action(async (name: string, handler: string, { json }: { json?: boolean }, command: Command) => {
      const event = await clientFor(command).plugins.run({ params: { name, handler } });
      if (json) return printJson(event);
      print(`${name}/${handler} runs now, for event ${event.id}.`);
    });
}
