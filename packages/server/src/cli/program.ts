// The `chartwire` command: its verbs as a table, and what becomes of whatever they throw.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { Problem } from '@chartwire/client/internal/client/index';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { visibleText } from '@chartwire/sdk/internal/kit/visible';
import { audit } from './audit.ts';
import { checks } from './checks.ts';
import { CliError, EXIT } from './cli-error.ts';
import { linesOf } from './client.ts';
import { disable } from './disable.ts';
import { doctor } from './doctor.ts';
import { emit } from './emit.ts';
import { enable } from './enable.ts';
import { importRecords } from './import.ts';
import { init } from './init.ts';
import { install } from './install.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { tell } from './print.ts';
import { serve } from './serve.ts';
import { terms } from './terms.ts';
import { token } from './token.ts';
import { uninstall } from './uninstall.ts';
import { user } from './user.ts';
import { validate } from './validate.ts';
import { variables } from './variables.ts';

/** Each makes its command. The order is that of the help. */
const VERBS: readonly (() => Command)[] = [
  serve,
  init,
  validate,
  install,
  list,
  enable,
  disable,
  uninstall,
  variables,
  logs,
  emit,
  importRecords,
  terms,
  checks,
  token,
  user,
  audit,
  doctor,
];

const GUIDE = `
Where the server is and who is asking:
  --server or CHARTWIRE_URL     http://127.0.0.1:8080 unless given
  --token or CHARTWIRE_TOKEN    for a server on this machine the data folder's admin-token will do

Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 no server.

A first plugin:
  $ chartwire init my-plugin && cd my-plugin && npm test
  $ chartwire install .
  $ chartwire logs my-plugin`;

function program(): Command {
  const chartwire = new Command('chartwire')
    .description(
      'A clinical record that speaks: every change is a typed event, and plugins answer events with effects.',
    )
    .version(version(), '-V, --version')
    .option('--server <url>', 'the server to talk to')
    .option('--token <token>', 'the bearer token to send')
    .option('--data <folder>', 'the server’s data folder (CHARTWIRE_DATA, else ./data)')
    .addHelpText('after', GUIDE);
  for (const verb of VERBS) chartwire.addCommand(verb());
  return settle(chartwire);
}

/** What holds for every command; those made by themselves inherit nothing. */
function settle(command: Command): Command {
  for (const one of command.commands) settle(one);
  return command
    .exitOverride()
    .showHelpAfterError('(--help says how it is used)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => process.stdout.write(visibleText(text)),
      writeErr: (text) => process.stderr.write(visibleText(text)),
    });
}

/** Runs one command line and gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof CliError) {
      tell(error.message);
      return error.exit;
    }
    if (error instanceof Problem) {
      tell(linesOf(error));
      return EXIT.failed;
    }
    if (error instanceof Refusal) {
      tell(sentencesOf(error));
      return EXIT.failed;
    }
    // A bug: with its stack, and what is quoted in it made visible.
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.failed;
  }
}

/** What was refused on this side: a manifest, a package, a build. */
function sentencesOf(refusal: Refusal): string {
  const faults = refusal.faults
    .filter(({ message }) => !refusal.message.includes(message))
    .map(({ path, message }) => `  ${path}: ${message}`);
  return [refusal.message, ...faults, refusal.next].join('\n');
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
