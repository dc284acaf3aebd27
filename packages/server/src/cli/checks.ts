// chartwire checks: the checks that come with Chartwire, and switching each of them.

import { Command } from 'commander';
import type { CheckShape } from '@chartwire/client/internal/contract/checks';
import { clientFor } from './client.ts';
import { examples, jsonOption, print, printJson, printTable } from './print.ts';

export function checks(): Command {
  return new Command('checks')
    .summary('show and switch the checks that come with Chartwire')
    .description('Shows the checks that come with Chartwire, and switches one of them off or on.')
    .addCommand(list(), { isDefault: true })
    .addCommand(off())
    .addCommand(on())
    .addHelpText('after', examples('chartwire checks', 'chartwire checks off quantity --reason "Hospice pharmacy"'));
}

function list(): Command {
  return new Command('list')
    .summary('show them, and which are off')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire checks list', 'chartwire checks list --json'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const { items } = await clientFor(command).checks.list();
      if (json) return printJson(items);
      printTable(
        ['NAME', 'STATE', 'COMMAND', 'REASON'],
        items.map(({ name, enabled, command: of, off: switched }) => [
          name,
          enabled ? 'on' : 'off',
          of,
          switched ? `${switched.reason} (${switched.by.display ?? switched.by.id})` : '',
        ]),
        'There are none.',
      );
    });
}

function off(): Command {
  return new Command('off')
    .summary('switch one off, for everybody and at once')
    .argument('<check>', 'its name')
    .requiredOption('--reason <words>', 'why; it is shown with the check')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire checks off quantity --reason "Hospice pharmacy"'))
    .action(async (name: string, { reason, json }: { reason: string; json?: boolean }, command: Command) => {
      tell(await clientFor(command).checks.disable({ params: { name }, body: { reason } }), json);
    });
}

function on(): Command {
  return new Command('on')
    .summary('switch one on again')
    .argument('<check>', 'its name')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire checks on quantity'))
    .action(async (name: string, { json }: { json?: boolean }, command: Command) => {
      tell(await clientFor(command).checks.enable({ params: { name } }), json);
    });
}

function tell(check: CheckShape, json: boolean | undefined): void {
  if (json) printJson(check);
  else print(`The check ${check.name} is ${check.enabled ? 'on' : 'off'}.`);
}
