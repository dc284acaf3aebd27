// chartwire audit: proves that the audit trail is whole, and takes it out.

import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Client } from '@chartwire/client/internal/client/index';
import { TrailWalk } from '#store/audit/chain.ts';
import type { ChainedRow, ChainHead } from '#store/audit/row.ts';
import { CliError, EXIT } from './cli-error.ts';
import { clientFor, linesIn } from './client.ts';
import { examples, jsonOption, print, printJson, tell } from './print.ts';

export function audit(): Command {
  return new Command('audit')
    .summary('verify and export the audit trail')
    .description('Verifies that nothing of the audit trail was changed or removed, and exports it.')
    .addCommand(verify())
    .addCommand(heads())
    .addCommand(exportRows());
}

type Chains = Awaited<ReturnType<Client['audit']['chains']>>;

function verify(): Command {
  return new Command('verify')
    .summary('find the first row that was changed or is missing')
    .description(
      'Reads the whole audit trail, computes every hash here, and names the rows that were changed, moved or removed, ' +
        'the first one first. It ends with 1 when there are any.',
    )
    .option(
      '--kept <file>',
      'heads that `chartwire audit heads` printed earlier: shows also whether the end was cut off',
    )
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire audit verify', 'chartwire audit verify --kept heads-2026-03-01.json'))
    .action(async ({ kept, json }: { kept?: string; json?: boolean }, command: Command) => {
      const client = clientFor(command);
      const noted = kept === undefined ? [] : await headsIn(kept);
      const before = await client.audit.chains();
      const walk = new TrailWalk(before.chains, noted);
      const rowsOf = await client.audit.export({ query: { format: 'ndjson', order: 'asc' } });
      for await (const line of linesIn(rowsOf)) walk.take(JSON.parse(line) as ChainedRow);
      await refuseMoved(client, before);
      const faults = walk.end();
      const { rows } = walk;
      if (json) printJson({ rows, faults, protected: before.protected, reason: before.reason, chains: before.chains });
      else report(rows, faults, before);
      if (faults.length > 0) process.exitCode = EXIT.failed;
    });
}

function heads(): Command {
  return new Command('heads')
    .summary('print where the chains end, to keep elsewhere')
    .description(
      'Prints the newest hash of each chain as JSON. Keep it where the server and its database cannot reach: with it, ' +
        '`chartwire audit verify --kept` notices when the end was cut off or everything was rewritten.',
    )
    .addHelpText('after', examples('chartwire audit heads > heads-2026-03-01.json'))
    .action(async (_options: unknown, command: Command) => {
      const { chains } = await clientFor(command).audit.chains();
      printJson(chains.filter(({ seq }) => seq > 0));
    });
}

function exportRows(): Command {
  return new Command('export')
    .summary('print the audit trail as NDJSON')
    .description('Prints rows of the audit trail, oldest first, one JSON object a line. That leaves a row itself.')
    .option('--patient <id>', 'only of this patient')
    .option('--from <time>', 'only from then on: ISO 8601 with a time zone')
    .option('--to <time>', 'only before then')
    .addHelpText(
      'after',
      examples(
        'chartwire audit export > audit.ndjson',
        'chartwire audit export --patient 123 --from 2026-01-01T00:00:00Z',
      ),
    )
    .action(async (filter: { patient?: string; from?: string; to?: string }, command: Command) => {
      const rows = await clientFor(command).audit.export({ query: { format: 'ndjson', order: 'asc', ...filter } });
      for await (const line of linesIn(rows)) print(line);
    });
}

async function headsIn(file: string): Promise<readonly ChainHead[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliError(`${file} can't be read: name a file that \`chartwire audit heads\` printed.`, EXIT.usage);
  });
  try {
    const heads = JSON.parse(text) as ChainHead[];
    if (
      heads.every(
        ({ chain, seq, head }) => Number.isInteger(chain) && Number.isInteger(seq) && /^[0-9a-f]{64}$/.test(head),
      )
    )
      return heads;
  } catch {
    // Said below.
  }
  throw new CliError(`${file} doesn't hold what \`chartwire audit heads\` prints.`, EXIT.usage);
}

/** If a rule removes rows while they are read, it looks like tampering. */
async function refuseMoved(client: Client, before: Chains): Promise<void> {
  const after = await client.audit.chains();
  const moved = after.chains.some(
    ({ chain, first }) => before.chains.find((one) => one.chain === chain)?.first !== first,
  );
  if (moved) throw new CliError('Old rows were removed by rule while this read them: run it again.');
}

function report(
  rows: number,
  faults: readonly { message: string }[],
  { protected: isProtected, reason, chains }: Chains,
): void {
  if (!isProtected)
    tell(
      `Nothing in the database protects the audit trail: ${reason}. See /docs/operating.html#verify-it on the server.`,
    );
  const removed = chains.reduce((sum, { first }) => sum + first - 1, 0);
  if (removed > 0) tell(`${removed} older rows were removed by rule.`);
  if (faults.length === 0) print(`All ${rows} rows are as they were written, and none is missing.`);
  for (const { message } of faults) print(message);
}
