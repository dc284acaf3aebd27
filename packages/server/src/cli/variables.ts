// chartwire variables: a plugin's settings by the operator: addresses, switches, secrets.

import { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { clientFor } from './client.ts';
import { examples, jsonOption, print, printJson, printTable } from './print.ts';
import { readStdin } from './text-input.ts';

export function variables(): Command {
  return new Command('variables')
    .summary('set and list the variables of a plugin')
    .description(
      'Sets and lists the variables that a plugin’s chartwire.json names. Sensitive ones are never shown again.',
    )
    .addCommand(set())
    .addCommand(unset())
    .addCommand(list());
}

function set(): Command {
  return new Command('set')
    .summary('set variables')
    .argument('<plugin>', 'its name')
    .argument('<assignments...>', 'NAME=value; NAME=- reads the value from the standard input')
    .addHelpText(
      'after',
      examples(
        'chartwire variables set task-webhook URL=https://example.org/hook',
        'chartwire variables set task-webhook TOKEN=- < token.txt',
      ),
    )
    .action(async (plugin: string, assignments: readonly string[], _options: unknown, command: Command) => {
      const client = clientFor(command);
      for (const assignment of assignments) {
        const { key, value } = await readAssignment(assignment);
        await client.plugins.variables.set({ params: { name: plugin, key }, body: { value } });
        print(`${key} is set.`);
      }
    });
}

function unset(): Command {
  return new Command('unset')
    .summary('clear a variable')
    .argument('<plugin>', 'its name')
    .argument('<name>', 'the variable')
    .addHelpText('after', examples('chartwire variables unset task-webhook TOKEN'))
    .action(async (plugin: string, key: string, _options: unknown, command: Command) => {
      await clientFor(command).plugins.variables.delete({ params: { name: plugin, key } });
      print(`${key} is no longer set.`);
    });
}

function list(): Command {
  return new Command('list')
    .summary('show the variables')
    .argument('<plugin>', 'its name')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire variables list task-webhook'))
    .action(async (plugin: string, { json }: { json?: boolean }, command: Command) => {
      const { items } = await clientFor(command).plugins.variables.list({ params: { name: plugin } });
      if (json) return printJson(items);
      printTable(
        ['NAME', 'VALUE', 'DESCRIPTION'],
        items.map(({ key, value, sensitive, set, description }) => [
          key,
          set ? (sensitive ? '(set, sensitive)' : (value ?? '')) : '(not set)',
          description,
        ]),
        'This plugin has no variables.',
      );
    });
}

async function readAssignment(assignment: string): Promise<{ key: string; value: string }> {
  const at = assignment.indexOf('=');
  if (at < 1) throw new CliError(`${assignment} is not NAME=value.`, EXIT.usage);
  const [key, value] = [assignment.slice(0, at), assignment.slice(at + 1)];
  return { key, value: value === '-' ? (await readStdin()).replace(/\r?\n$/, '') : value };
}
