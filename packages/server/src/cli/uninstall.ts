// chartwire uninstall: takes a plugin out.

import { Command } from 'commander';
import { visibleLine } from '@chartwire/sdk/internal/kit/visible';
import { CliError } from './cli-error.ts';
import { clientFor } from './client.ts';
import { examples, print } from './print.ts';

export function uninstall(): Command {
  return new Command('uninstall')
    .summary('uninstall a plugin')
    .description(
      'Uninstalls a plugin and deletes its variables. What it did stays in the charts and the executions; its pending events are dropped.',
    )
    .argument('<plugin>', 'its name')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      examples('chartwire uninstall abnormal-lab-task', 'chartwire uninstall abnormal-lab-task --yes'),
    )
    .action(async (name: string, { yes }: { yes?: boolean }, command: Command) => {
      const client = clientFor(command);
      if (!yes && process.stdin.isTTY && !(await isSure(name))) throw new CliError('Nothing was done.');
      await client.plugins.remove({ params: { name } });
      print(`${name} is uninstalled.`);
    });
}

async function isSure(name: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const sure = await confirm({
    message: `Uninstall ${visibleLine(name)} and delete its variables?`,
    initialValue: false,
  });
  return !isCancel(sure) && sure;
}
