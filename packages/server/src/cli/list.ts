// chartwire list: the installed plugins.

import { Command } from 'commander';
import type { Static } from 'typebox';
import type { Plugin as PluginShape } from '@chartwire/client/internal/contract/plugins';
import { clientFor } from './client.ts';
import { examples, jsonOption, printJson, printTable } from './print.ts';

type Plugin = Static<typeof PluginShape>;

export function list(): Command {
  return new Command('list')
    .summary('show the installed plugins')
    .description('Shows the installed plugins: whether they are live, what they answer, why not.')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire list', 'chartwire list --json'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const { items } = await clientFor(command).plugins.list();
      if (json) return printJson(items);
      printTable(
        ['NAME', 'VERSION', 'STATE', 'ANSWERS', 'REASON'],
        items.map(({ name, version, state, handlers, reason }) => [
          name,
          version,
          state,
          answers(handlers),
          reason ?? '',
        ]),
        'No plugin is installed: `chartwire init my-plugin` makes one.',
      );
    });
}

/** The event types and schedules of a plugin's handlers. */
export function answers(handlers: Plugin['handlers']): string {
  return [
    ...new Set(handlers.flatMap(({ respondsTo, schedule }) => (schedule ? [`CRON ${schedule}`] : respondsTo))),
  ].join(', ');
}
