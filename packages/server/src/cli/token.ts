// chartwire token: who may come in.

import { Command } from 'commander';
import type { Static } from 'typebox';
import type { Token } from '@chartwire/client/internal/contract/tokens';
import { CliError, EXIT } from './cli-error.ts';
import { clientFor, everyItem } from './client.ts';
import { examples, jsonOption, print, printJson, printTable, tell } from './print.ts';

export function token(): Command {
  return new Command('token')
    .summary('make, list and revoke access tokens')
    .description('Makes, lists and revokes the bearer tokens with which programs come in.')
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke());
}

interface CreateOptions {
  readonly scope: readonly string[];
  readonly patient?: string;
  readonly expires?: string;
  readonly json?: boolean;
}

function create(): Command {
  return new Command('create')
    .summary('make a token')
    .description('Makes a token and prints it, once. Only its hash is kept.')
    .argument('<name>', 'which program it’s for')
    .requiredOption('-s, --scope <scopes...>', 'SMART v2 scopes; system/chartwire.admin for the administration')
    .option('-p, --patient <id>', 'bind it to one patient (patient/ scopes)')
    .option('-e, --expires <when>', 'for how long (12h, 90d), or until when (2030-01-31)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'chartwire token create lab-feed --scope system/DiagnosticReport.cu system/Observation.cu system/Patient.rs',
        'chartwire token create portal --scope patient/*.rs --patient 123 --expires 12h',
        'chartwire token create ops --scope "system/*.cruds" system/chartwire.admin',
      ),
    )
    .action(async (name: string, { scope, patient, expires, json }: CreateOptions, command: Command) => {
      const scopes = scope.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean);
      const expiresAt = expires === undefined ? undefined : timeOf(expires);
      const made = await clientFor(command).tokens.create({ body: { name, scopes, patient, expiresAt } });
      if (json) return printJson(made);
      tell(`Token ${made.id} for ${made.name}. It’s shown only once:`);
      print(made.token);
    });
}

function list(): Command {
  return new Command('list')
    .summary('show the tokens')
    .description('Shows the tokens with their scopes and their last use, never the tokens themselves.')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire token list', 'chartwire token list --json'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const client = clientFor(command);
      const tokens = await everyItem((after) => client.tokens.list({ query: { limit: 1000, after } }));
      if (json) return printJson(tokens);
      printTable(
        ['ID', 'NAME', 'SCOPES', 'PATIENT', 'LAST USED', 'STATE'],
        tokens.map((one) => [
          one.id,
          one.name,
          one.scopes.join(' '),
          one.patient ?? '',
          one.lastUsedAt ?? 'never',
          stateOf(one),
        ]),
        'There are no tokens but the administrator’s.',
      );
    });
}

function revoke(): Command {
  return new Command('revoke')
    .summary('revoke a token permanently')
    .argument('<id>', 'its id, as `chartwire token list` shows it')
    .addHelpText('after', examples('chartwire token revoke 0190b5a0-7c3e-7d1a-9a53-0f6b2f6f3a11'))
    .action(async (id: string, _options: unknown, command: Command) => {
      const revoked = await clientFor(command).tokens.revoke({ params: { id } });
      print(`The token ${revoked.id} for ${revoked.name} is revoked.`);
    });
}

function stateOf({ revokedAt, expiresAt }: Static<typeof Token>): string {
  if (revokedAt) return 'revoked';
  if (!expiresAt) return 'valid';
  return Date.parse(expiresAt) > Date.now() ? `valid until ${expiresAt}` : 'expired';
}

const UNITS = { h: 3_600_000, d: 86_400_000 } as const;

/** `12h`, `90d`, or a date or time in ISO 8601; as ISO 8601. */
function timeOf(text: string): string {
  const span = /^(\d{1,5})([hd])$/.exec(text);
  const time = span ? Date.now() + Number(span[1]) * UNITS[span[2] as keyof typeof UNITS] : Date.parse(text);
  if (Number.isNaN(time))
    throw new CliError(`--expires takes 12h, 90d or a date such as 2030-01-31, not ${text}.`, EXIT.usage);
  return new Date(time).toISOString();
}
