// chartwire emit: an event by hand, to see what plugins make of it.

import { Command } from 'commander';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { CliError, EXIT } from './cli-error.ts';
import { clientFor } from './client.ts';
import { examples, jsonOption, print, printJson } from './print.ts';
import { readStdin, readTextFile } from './text-input.ts';

interface Options {
  readonly target?: string;
  readonly patient?: string;
  readonly context?: string;
  readonly json?: boolean;
}

export function emit(): Command {
  return new Command('emit')
    .summary('emit an event by hand')
    .description(
      'Emits an event by hand. Nothing changes in any chart, but every plugin that answers this type is given it. ' +
        'An event about a record that exists carries that record, and CRON the minute under way.',
    )
    .argument('<type>', 'an event type: PATIENT_CREATED, LAB_REPORT_CREATED ...')
    .option('--target <reference>', 'what it is about: Task/123')
    .option('--patient <id>', 'in whose chart')
    .option('--context <json>', 'its context: JSON, @file, or - for the standard input')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'chartwire emit LAB_REPORT_CREATED --target DiagnosticReport/123',
        'chartwire emit TASK_CREATED --target Task/1 --patient 7 --context @context.json',
      ),
    )
    .action(async (type: string, { target, patient, context, json }: Options, command: Command) => {
      const body = { type, target, patient, ...(context !== undefined && { context: await readContext(context) }) };
      const event = await clientFor(command).events.emit({ body });
      if (json) return printJson(event);
      print(`${event.type} ${event.target.type}/${event.target.id} is event ${event.id}.`);
    });
}

/** Sent unchecked: the server reports what is wrong with it. */
async function readContext(text: string): Promise<object> {
  const source = text === '-' ? await readStdin() : text.startsWith('@') ? await readTextFile(text.slice(1)) : text;
  try {
    return parseJson(source) as object;
  } catch (error) {
    throw new CliError(`--context is not JSON: ${(error as Error).message}.`, EXIT.usage);
  }
}
