// chartwire import: imports FHIR bundles and NDJSON through the FHIR API, as any client would.

import { stat } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { visibleLine } from '@chartwire/sdk/internal/kit/visible';
import { EXIT } from './cli-error.ts';
import { type Door, doorFor } from './client.ts';
import { filesIn, type Parcel, packed, parcelsIn } from './import-read.ts';
import { newTally, sendParcel, type Tally } from './import-send.ts';
import { examples, jsonOption, print, printJson, tell } from './print.ts';

interface Options {
  readonly parallel: number;
  readonly json?: boolean;
}

/** Refusals that are printed one by one. */
const SHOWN = 20;

export function importRecords(): Command {
  return new Command('import')
    .summary('import FHIR bundles and NDJSON')
    .description(
      'Imports FHIR R4 from files and folders: bundles (a transaction succeeds or fails as a whole) and NDJSON (each line ' +
        'by itself), gzipped or not. Records that have an id keep it, so an import can be repeated. Every change becomes ' +
        'an event, as if it had come by any other way.',
    )
    .argument('<paths...>', '.json, .ndjson, .json.gz, .ndjson.gz, or folders of them')
    .option('--parallel <number>', 'requests under way at a time', numberOf, 4)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('chartwire import patient.json', 'chartwire import export/*.ndjson.gz', 'chartwire import synthea/fhir'),
    )
    .action(async (paths: readonly string[], { parallel, json }: Options, command: Command) => {
      const door = doorFor(command);
      const files = await filesIn(paths);
      const tally = await importFiles(door, files, parallel);
      const { created, updated, refused } = tally;
      if (json) printJson({ files: files.length, created, updated, refused });
      else report(files.length, tally);
      if (refused.length > 0) process.exitCode = EXIT.failed;
    });
}

async function importFiles(door: Door, files: readonly string[], parallel: number): Promise<Tally> {
  const tally = newTally();
  const bar = await progressBar(files);
  const send = async (parcel: Parcel): Promise<void> => {
    await sendParcel(door, parcel, tally);
    bar.advance(parcel.size, tally);
  };
  try {
    await sideBySide(parallel, everyParcel(files, tally), send);
    await sendDeferred(parallel, tally, send);
  } catch (error) {
    bar.stop('Stopped.');
    throw error;
  }
  bar.stop('Done.');
  return tally;
}

async function* everyParcel(files: readonly string[], tally: Tally): AsyncGenerator<Parcel> {
  for (const file of files) {
    for await (const parcel of parcelsIn(file)) {
      if ('message' in parcel) tally.refused.push(parcel);
      else yield parcel;
    }
  }
}

/** As long as a round brings something in, what was missing for the rest may be there now. */
async function sendDeferred(parallel: number, tally: Tally, send: (parcel: Parcel) => Promise<void>): Promise<void> {
  for (;;) {
    const again = tally.deferred.splice(0);
    if (again.length === 0) return;
    await sideBySide(parallel, packed(again.map(({ parcel }) => parcel)).values(), send);
    if (tally.deferred.length < again.length) continue;
    tally.refused.push(...tally.deferred.splice(0).map(({ refused }) => refused));
  }
}

/** Works through `items` with so many at a time; the first failure ends it. */
async function sideBySide<Item>(
  count: number,
  items: AsyncIterator<Item> | Iterator<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let failed = false;
  const one = async (): Promise<void> => {
    for (;;) {
      const next = await items.next();
      if (next.done || failed) return;
      await work(next.value).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: count }, one));
}

/** By the bytes of the files, on a terminal; nothing elsewhere. */
async function progressBar(files: readonly string[]) {
  if (!process.stderr.isTTY) return { advance: () => {}, stop: () => {} };
  const { progress } = await import('@clack/prompts');
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const bar = progress({ max: sizes.reduce((sum, size) => sum + size, 0), output: process.stderr });
  bar.start(`${files.length} ${files.length === 1 ? 'file' : 'files'}`);
  return {
    advance: (size: number, { created, updated }: Tally) =>
      bar.advance(size, `${(created + updated).toLocaleString('en')} records`),
    stop: (message: string) => bar.stop(message),
  };
}

function report(files: number, { created, updated, refused }: Tally): void {
  const number = (count: number): string => count.toLocaleString('en');
  print(
    `${number(files)} ${files === 1 ? 'file' : 'files'}: ${number(created)} records created, ${number(updated)} updated or unchanged, ${number(refused.length)} refused.`,
  );
  for (const { from, message } of refused.slice(0, SHOWN)) tell(`  ${from}: ${visibleLine(message)}`);
  if (refused.length > SHOWN) tell(`  ... and ${number(refused.length - SHOWN)} more; --json lists all.`);
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 64) return number;
  throw new InvalidArgumentError('A number from 1 to 64.');
}
