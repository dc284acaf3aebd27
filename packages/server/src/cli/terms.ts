// chartwire terms: the loaded code systems, searching them, and importing publishers' files.

import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { progress } from '@clack/prompts';
import { Command } from 'commander';
import type { TERM_FORMATS } from '@chartwire/client/internal/contract/terms';
import { visibleLine } from '@chartwire/sdk/internal/kit/visible';
import { FORMATS } from '#terms/formats/index.ts';
import type { ImportReport } from '#terms/import.ts';
import { CliError } from './cli-error.ts';
import { clientFor } from './client.ts';
import { examples, jsonOption, print, printJson, printTable, tell } from './print.ts';

export function terms(): Command {
  return new Command('terms')
    .summary('import, list and search code systems')
    .description(
      'Imports code systems (ICD-10-CM, RxNorm, LOINC, CVX, HCPCS, or any table of codes and texts), lists those that are ' +
        'here and searches them. Small tables of common codes come with Chartwire.',
    )
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(searchCommand());
}

interface ImportOptions {
  readonly system: string;
  readonly edition?: string;
  readonly format?: string;
  readonly json?: boolean;
}

function importCommand(): Command {
  return new Command('import')
    .summary('replace the edition of a code system by the one in a file')
    .description(
      'Sends a file as its publisher gives it out (unzipped; .gz and .br are fine) and replaces the edition that is here. ' +
        'Whoever searches meanwhile sees the edition before; a file that is not one of the code system changes nothing.',
    )
    .argument(
      '<file>',
      'icd10cm_order_2026.txt, RXNCONSO.RRF, Loinc.csv, cvx.txt, HCPC2026_APR_ANWEB.txt, or a table (.tsv, .csv)',
    )
    .requiredOption('-s, --system <system>', 'icd10cm, rxnorm, loinc, cvx, hcpcs, snomed, or the URI of a code system')
    .option('-e, --edition <name>', 'name of the edition (by default, the file’s name)')
    .option('-f, --format <format>', `${FORMATS.map(({ name }) => name).join(', ')} (detected from the first line)`)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'chartwire terms import icd10cm_order_2026.txt --system icd10cm --edition 2026',
        'chartwire terms import rrf/RXNCONSO.RRF --system rxnorm',
        'chartwire terms import our-codes.tsv --system https://example.org/codes',
      ),
    )
    .action(async (file: string, { json, ...options }: ImportOptions, command: Command) => {
      const client = clientFor(command);
      const query = {
        system: options.system,
        edition: options.edition ?? basename(file).replace(/\.(gz|br)$/, ''),
        // One that there is not is refused by the server, which says which there are.
        format: options.format as (typeof TERM_FORMATS)[number] | undefined,
        ...(file.endsWith('.br') && { compression: 'br' as const }),
      };
      const { body, stop } = withProgress(file);
      const upload = { bytes: body, type: 'application/octet-stream' } as const;
      const report = await client.terms.import({ query, upload }).finally(stop);
      if (json) printJson(report);
      else showReport(report);
    });
}

/** The bytes of a file, with a bar of how many have gone on a terminal. */
function withProgress(file: string): { body: ReadableStream<Uint8Array>; stop: () => void } {
  const size = sizeOf(file);
  const bar = process.stderr.isTTY ? progress({ max: Math.max(1, size), output: process.stderr }) : undefined;
  bar?.start(visibleLine(basename(file)));
  let sent = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      bar?.advance(chunk.length, `${megabytes(sent)} of ${megabytes(size)} MB`);
      done(null, chunk);
    },
  });
  const source = createReadStream(file);
  source.on('error', (error) => counted.destroy(error));
  return {
    body: Readable.toWeb(source.pipe(counted)) as ReadableStream<Uint8Array>,
    stop: () => bar?.stop(sent < size ? 'Stopped.' : 'Sent.'),
  };
}

function sizeOf(file: string): number {
  try {
    const found = statSync(file);
    if (found.isFile()) return found.size;
  } catch {
    // Told below.
  }
  throw new CliError(`${file} is not a file that can be read.`);
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

function showReport({ system, edition, format, rows, skipped, faults }: ImportReport): void {
  print(`${rows.toLocaleString('en')} terms of ${system}, edition ${edition}, are here now (read as ${format}).`);
  if (skipped === 0) return;
  tell(skipped === 1 ? '1 line was left out:' : `${skipped.toLocaleString('en')} lines were left out:`);
  for (const { line, reason } of faults) tell(`  line ${line}: ${reason}`);
  if (skipped > faults.length) tell(`  ... and ${(skipped - faults.length).toLocaleString('en')} more.`);
}

function listCommand(): Command {
  return new Command('list')
    .summary('show the code systems that are here')
    .addOption(jsonOption())
    .addHelpText('after', examples('chartwire terms list'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const { items } = await clientFor(command).terms.list();
      if (json) return printJson(items);
      printTable(
        ['NAME', 'EDITION', 'TERMS', 'SINCE', 'SYSTEM'],
        items.map(({ name, edition, rows, importedAt, system }) => [
          name ?? '',
          edition,
          String(rows),
          importedAt.slice(0, 10),
          system,
        ]),
        'No code system is here.',
      );
    });
}

function searchCommand(): Command {
  return new Command('search')
    .summary('search a code system')
    .argument('<system>', 'icd10cm, rxnorm, loinc, cvx, hcpcs, snomed, or the URI of a code system')
    .argument('[words...]', 'a code, an abbreviation, or beginnings of words in any order')
    .option('-n, --limit <number>', 'terms to show', '20')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('chartwire terms search icd10cm type 2 diab', 'chartwire terms search rxnorm lisinop 10'),
    )
    .action(
      async (
        system: string,
        words: readonly string[],
        { limit, json }: { limit: string; json?: boolean },
        command: Command,
      ) => {
        const query = { system, query: words.join(' '), limit: Number(limit) };
        const { items } = await clientFor(command).terms.search({ query });
        if (json) return printJson(items);
        printTable(
          ['CODE', 'TEXT', ''],
          items.map(({ code, display, flags }) => [code, display, flags.join(' ')]),
          'Nothing was found.',
        );
      },
    );
}
