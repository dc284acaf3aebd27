// chartwire schedule: the handlers that run on a schedule, and when they run next.

import { Command } from 'commander';
import { clientFor } from './client.ts';
import { examples, jsonOption, printJson, printTable } from './print.ts';

export function schedule(): Command {
  return new Command('schedule')
    .summary('show when handlers with a schedule run next')
    .description('Shows the handlers that run on a schedule, soonest first, with their next runs.')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire schedule', 'chartwire schedule --json'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const { items } = await clientFor(command).plugins.list();
      const scheduled = items
        .flatMap(({ name, state, handlers }) => handlers.map((handler) => ({ plugin: name, state, ...handler })))
        .filter(({ schedule }) => schedule !== undefined)
        .sort((a, b) => soonest(a) - soonest(b));
      if (json) return printJson(scheduled);
      printTable(
        ['HANDLER', 'SCHEDULE', 'TIME ZONE', 'MISSED RUNS', 'NEXT RUNS'],
        scheduled.map(({ plugin, name, schedule = '', timezone = 'UTC', catchUp = 'skip', nextRuns, state }) => [
          `${plugin}/${name}`,
          schedule,
          timezone,
          catchUp,
          nextRuns?.join(', ') ?? `none: it is ${state}`,
        ]),
        'No installed plugin has a handler with a schedule.',
      );
    });
}

function soonest({ nextRuns }: { readonly nextRuns?: readonly string[] }): number {
  return nextRuns?.[0] === undefined ? Number.POSITIVE_INFINITY : Date.parse(nextRuns[0]);
}
