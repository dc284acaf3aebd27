// chartwire user: the people who may sign in.

import { Command, Option } from 'commander';
import { loginOf } from '#server/access/login.ts';
import type { Client } from '@chartwire/client/internal/client/index';
import { ROLE_NAMES, type Role, type UserShape } from '@chartwire/client/internal/contract/users';
import { ROLES } from '#server/access/roles.ts';
import { CliError } from './cli-error.ts';
import { clientFor, everyItem } from './client.ts';
import { examples, jsonOption, print, printJson, printTable, tell } from './print.ts';

export function user(): Command {
  return new Command('user')
    .summary('create, list, reset and disable users')
    .description(
      'Makes, lists, resets and disables the people who sign in with a browser. Programs have tokens instead.',
    )
    .addCommand(add())
    .addCommand(list())
    .addCommand(reset())
    .addCommand(disable())
    .addCommand(enable())
    .addCommand(unlink());
}

interface AddOptions {
  readonly name: string;
  readonly role: readonly Role[];
  readonly practitioner?: string;
  readonly json?: boolean;
}

function add(): Command {
  return new Command('add')
    .summary('make a user')
    .description(
      [
        'Makes a user and prints the link with which they choose their password, once. The roles are:',
        ...roleLines(),
      ].join('\n'),
    )
    .argument('<login>', 'usually their e-mail address')
    .requiredOption('-n, --name <name>', 'shown to others with what they write')
    .addOption(
      new Option('-r, --role <roles...>', 'what they can do (one or more)').choices(ROLE_NAMES).makeOptionMandatory(),
    )
    .option('-p, --practitioner <id>', 'the Practitioner that they are: the author of what they write')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'chartwire user add helen.park@clinic.example --name "Helen Park, MD" --role clinician --practitioner 123',
        'chartwire user add front.desk@clinic.example --name "Front desk" --role staff biller',
      ),
    )
    .action(async (login: string, { name, role, practitioner, json }: AddOptions, command: Command) => {
      const made = await clientFor(command).users.create({ body: { login, name, roles: role, practitioner } });
      if (json) return printJson(made);
      tell(`${made.login} is a user. This link, good once until ${made.expiresAt}, is for them to choose a password:`);
      print(made.link);
    });
}

function list(): Command {
  return new Command('list')
    .summary('show the users')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire user list', 'chartwire user list --json'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const users = await everyUser(clientFor(command));
      if (json) return printJson(users);
      printTable(
        ['ID', 'LOGIN', 'NAME', 'ROLES', 'LAST SIGN-IN', 'STATE'],
        users.map((one) => [
          one.id,
          one.login,
          one.name,
          one.roles.join(' '),
          one.lastSignInAt ?? 'never',
          stateOf(one),
        ]),
        'There are no users.',
      );
    });
}

function reset(): Command {
  return new Command('reset')
    .summary('make a link for a new password')
    .description(
      'Makes a link with which a user chooses a new password, and clears failed attempts. The old password and their sessions end when it is used.',
    )
    .argument('<user>', 'their login or id')
    .addHelpText('after', examples('chartwire user reset helen.park@clinic.example'))
    .action(async (who: string, _options: unknown, command: Command) => {
      const client = clientFor(command);
      const { id, login } = await find(client, who);
      const { link, expiresAt } = await client.users.reset({ params: { id } });
      tell(`This link, good once until ${expiresAt}, is for ${login} to choose a new password:`);
      print(link);
    });
}

function disable(): Command {
  return new Command('disable')
    .summary('disable a user')
    .description('Signs a user out everywhere. They can’t sign in until you enable them again.')
    .argument('<user>', 'their login or id')
    .addHelpText('after', examples('chartwire user disable helen.park@clinic.example'))
    .action((who: string, _options: unknown, command: Command) => setActive(command, who, false));
}

function enable(): Command {
  return new Command('enable')
    .summary('let a user sign in again')
    .argument('<user>', 'their login or id')
    .addHelpText('after', examples('chartwire user enable helen.park@clinic.example'))
    .action((who: string, _options: unknown, command: Command) => setActive(command, who, true));
}

function unlink(): Command {
  return new Command('unlink')
    .summary('remove a user’s link to the identity provider')
    .description(
      'Removes the link and signs the user out. Their address makes no new link until an administrator allows it.',
    )
    .argument('<user>', 'their login or id')
    .addHelpText('after', examples('chartwire user unlink helen.park@clinic.example'))
    .action(async (who: string, _options: unknown, command: Command) => {
      const client = clientFor(command);
      const { id, login } = await find(client, who);
      await client.users.unlink({ params: { id } });
      print(`${login} is no longer linked, and is signed out.`);
    });
}

async function setActive(command: Command, who: string, active: boolean): Promise<void> {
  const client = clientFor(command);
  const { id, login } = await find(client, who);
  await client.users.update({ params: { id }, body: { active } });
  print(active ? `${login} may sign in.` : `${login} is signed out, and may not sign in.`);
}

async function find(client: Client, who: string): Promise<UserShape> {
  // As the server compares logins: another character that looks the same is another user.
  const wanted = loginOf(who);
  const found = (await everyUser(client)).find(({ id, login }) => id === wanted || login === wanted);
  if (!found) throw new CliError(`There is no user ${who}: \`chartwire user list\` shows who there is.`);
  return found;
}

function everyUser(client: Client): Promise<UserShape[]> {
  return everyItem((after) => client.users.list({ query: { limit: 1000, after } }));
}

function stateOf({ active, hasPassword, identity, lockedUntil }: UserShape): string {
  if (!active) return 'disabled';
  if (lockedUntil) return `slowed down until ${lockedUntil}`;
  if (identity) return 'active, linked';
  return hasPassword ? 'active' : 'no password yet';
}

function roleLines(): string[] {
  return ROLE_NAMES.map((role) => `  ${role.padEnd(10)} ${ROLES[role].summary}`);
}
