// chartwire logs: what plugins write to their logs, as they write it.

import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import type { Static } from 'typebox';
import type { Client } from '@chartwire/client/internal/client/index';
import type { LogLine } from '@chartwire/client/internal/contract/logs';
import { visibleLine } from '@chartwire/sdk/internal/kit/visible';
import { CliError, EXIT } from './cli-error.ts';
import { clientFor } from './client.ts';
import { examples, print, tell } from './print.ts';

type Line = Static<typeof LogLine>;

interface Options {
  readonly lines: string;
  readonly follow: boolean;
  readonly json?: boolean;
}

export function logs(): Command {
  return new Command('logs')
    .summary('follow what plugins log')
    .description('Prints the last lines that plugins logged, then each new line as it is written, until Ctrl-C.')
    .argument('[plugin]', 'only of this plugin')
    .option('-n, --lines <number>', 'lines to begin with', '20')
    .option('--no-follow', 'print them and exit')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      examples(
        'chartwire logs',
        'chartwire logs abnormal-lab-task -n 100 --no-follow',
        'chartwire logs --json | jq .message',
      ),
    )
    .action(async (plugin: string | undefined, options: Options, command: Command) => {
      const client = clientFor(command);
      const show = options.json ? (line: Line) => print(JSON.stringify(line)) : showLine;
      const count = countOf(options.lines);
      const lines = await lastLines(client, plugin, Math.max(count, 1));
      lines.slice(lines.length - Math.min(count, lines.length)).forEach(show);
      if (options.follow) await follow(client, plugin, lines.at(-1)?.id ?? '0', show);
    });
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= 1_000) return count;
  throw new CliError('--lines takes a number from 0 to 1000.', EXIT.usage);
}

/** Oldest first. */
async function lastLines(client: Client, plugin: string | undefined, count: number): Promise<Line[]> {
  const query = { limit: count };
  const { items } = await (plugin === undefined
    ? client.logs.list({ query })
    : client.plugins.logs({ params: { name: plugin }, query }));
  return items.reverse();
}

/** Runs forever. After a server restart it resumes where it left off. */
async function follow(
  client: Client,
  plugin: string | undefined,
  last: string,
  show: (line: Line) => void,
): Promise<void> {
  let after = last;
  let told = false;
  for (;;) {
    try {
      for await (const { id, data } of client.logs.stream({ query: { plugin }, after })) {
        after = id;
        told = false;
        show(data);
      }
    } catch (error) {
      // A connection that broke off is a TypeError of fetch.
      const lost = error instanceof TypeError || (error instanceof CliError && error.exit === EXIT.unreachable);
      if (!lost) throw error;
    }
    if (!told) tell('The server isn’t answering. Waiting for it.');
    told = true;
    await wait(1_000);
  }
}

function showLine({ at, level, plugin, handler, message }: Line): void {
  print(`${at} ${level.padEnd(5)} ${plugin}${handler ? `/${handler}` : ''}  ${visibleLine(message)}`);
}
