// The `chartwire` command: its verbs as a table, and how their errors are reported.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { Problem } from '@chartwire/client/internal/client/index';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { visibleText } from '@chartwire/sdk/internal/kit/visible';
import { CliError, EXIT } from './cli-error.ts';
import { linesOf } from './client.ts';
import { tell } from './print.ts';

/** Loaded on use. The order is that of the help. */
const VERBS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve(),
  init: async () => (await import('./init.ts')).init(),
  validate: async () => (await import('./validate.ts')).validate(),
  install: async () => (await import('./install.ts')).install(),
  list: async () => (await import('./list.ts')).list(),
  enable: async () => (await import('./enable.ts')).enable(),
  disable: async () => (await import('./disable.ts')).disable(),
  uninstall: async () => (await import('./uninstall.ts')).uninstall(),
  schedule: async () => (await import('./schedule.ts')).schedule(),
  run: async () => (await import('./run.ts')).run(),
  variables: async () => (await import('./variables.ts')).variables(),
  logs: async () => (await import('./logs.ts')).logs(),
  emit: async () => (await import('./emit.ts')).emit(),
  import: async () => (await import('./import.ts')).importRecords(),
  terms: async () => (await import('./terms.ts')).terms(),
  checks: async () => (await import('./checks.ts')).checks(),
  token: async () => (await import('./token.ts')).token(),
  user: async () => (await import('./user.ts')).user(),
  audit: async () => (await import('./audit.ts')).audit(),
  doctor: async () => (await import('./doctor.ts')).doctor(),
};

const GUIDE = `
Where the server is and who is asking:
  --server or CHARTWIRE_URL     http://127.0.0.1:8080 unless given
  --token or CHARTWIRE_TOKEN    for a server on this machine the data folder's admin-token will do

Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 no server.

A first plugin:
  $ chartwire init my-plugin && cd my-plugin && npm test
  $ chartwire install .
  $ chartwire logs my-plugin`;

async function program(args: readonly string[]): Promise<Command> {
  const chartwire = new Command('chartwire')
    .description(
      'A clinical record that speaks: every change is a typed event, and plugins answer events with effects.',
    )
    .version(version(), '-V, --version')
    .option('--server <url>', 'address of the server')
    .option('--token <token>', 'the bearer token to send')
    .option('--data <folder>', 'the server’s data folder (CHARTWIRE_DATA, else ./data)')
    .addHelpText('after', GUIDE);
  const named = verbIn(chartwire, args);
  const verbs = named === undefined ? Object.values(VERBS) : [VERBS[named]!];
  for (const verb of await Promise.all(verbs.map((load) => load()))) chartwire.addCommand(verb);
  return settle(chartwire);
}

/** The verb that a command line begins with, after options of the whole program; undefined when it begins with none. */
function verbIn(chartwire: Command, args: readonly string[]): string | undefined {
  const takesNext = (arg: string): boolean => chartwire.options.some(({ long, required }) => required && long === arg);
  const first = args.find((arg, at) => !arg.startsWith('-') && !takesNext(args[at - 1] ?? ''));
  return first !== undefined && Object.hasOwn(VERBS, first) ? first : undefined;
}

/** Applies to every command; separately created ones inherit nothing. */
function settle(command: Command): Command {
  for (const one of command.commands) settle(one);
  return command
    .exitOverride()
    .showHelpAfterError('(see --help for usage)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => process.stdout.write(visibleText(text)),
      writeErr: (text) => process.stderr.write(visibleText(text)),
    });
}

/** Runs one command line and gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const chartwire = await program(args);
    await chartwire.parseAsync(args, { from: 'user' });
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
    // A bug: shows its stack, with invisible characters escaped.
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
