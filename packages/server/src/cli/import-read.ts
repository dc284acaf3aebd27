// What `chartwire import` reads: FHIR bundles, single resources and NDJSON, gzipped or not, as bundles to send.

import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { parseForeignJson, UnfitJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { type NotUtf8, notUtf8In, utf8Conversion, utf8Reason } from '@chartwire/sdk/internal/kit/utf8';
import { CliError, EXIT } from './cli-error.ts';
import { splitTransaction } from './import-split.ts';
import { withoutMark } from './text-input.ts';

/** A bundle to send in one request, and where each of its entries came from. */
export interface Parcel {
  readonly bundle: Bundle;
  readonly json: string;
  /** Of an entry: `file.json entry 3`, `file.ndjson line 12`. */
  readonly from: (entry: number) => string;
  /** Bytes of its file that it covers, as stored on disk. */
  readonly size: number;
}

/** Something in a file that cannot be sent at all. */
export interface Unreadable {
  readonly from: string;
  readonly message: string;
}

/** What a server takes at once is 20 MB; a request stays well below. */
const LARGEST = 16 * 1024 * 1024;
/** Levels of a file: a server takes no more. */
const DEEPEST = 200;
/** NDJSON lines that go together: a batch, so that each succeeds or fails by itself. */
const LINES = 200;
const LINES_BYTES = 2 * 1024 * 1024;

const NO_RESOURCE = 'it is not a FHIR resource: it has no resourceType';
const READABLE = /\.(json|ndjson|jsonl)(\.gz)?$/i;
const NDJSON = /\.(ndjson|jsonl)(\.gz)?$/i;

/** What others refer to comes first, as exports name their files; the rest by name. */
const FIRST = [
  /^hospitalInformation/i,
  /^practitionerInformation/i,
  /^(Organization|Location|Practitioner)\b/,
  /^Patient\b/,
];

/** The files below what was named, in the order in which they are sent. Throws when there are none. */
export async function filesIn(paths: readonly string[]): Promise<string[]> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  if (files.length === 0)
    throw new CliError('There is no .json or .ndjson file (gzipped or not) in there.', EXIT.usage);
  return [...new Set(files)].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

function rank(file: string): number {
  const place = FIRST.findIndex((pattern) => pattern.test(basename(file)));
  return place < 0 ? FIRST.length : place;
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${path} cannot be read (${error.code}).`, EXIT.usage);
  });
  if (!found.isDirectory()) {
    if (READABLE.test(path)) return [path];
    throw new CliError(`${path} is neither .json nor .ndjson (gzipped or not).`, EXIT.usage);
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && READABLE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The parcels of a file, one after another; only one bundle, or one batch of lines, is in memory. */
export function parcelsIn(file: string): AsyncGenerator<Parcel | Unreadable> {
  return NDJSON.test(file) ? ndjsonParcels(file) : jsonParcels(file);
}

async function* jsonParcels(file: string): AsyncGenerator<Parcel | Unreadable> {
  let content: unknown;
  let size: number;
  try {
    const bytes = await readFile(file);
    size = bytes.length;
    const unpacked = isGzipped(file) ? await promisify(gunzip)(bytes) : bytes;
    const fault = notUtf8In(unpacked);
    if (fault) {
      yield { from: file, message: notUtf8(fault) };
      return;
    }
    content = parseForeignJson(withoutMark(unpacked).toString('utf8'), DEEPEST);
  } catch (error) {
    yield { from: file, message: (error as Error).message };
    return;
  }
  if (!isResource(content)) {
    yield { from: file, message: NO_RESOURCE };
    return;
  }
  const bundle = sendable(content);
  const parcel = parcelOf(bundle, (entry) => `${file} entry ${entry + 1}`, size);
  if (parcel.json.length < LARGEST) {
    yield parcel;
    return;
  }
  const parts = splitTransaction(bundle);
  if (!parts) {
    yield { from: file, message: 'it is larger than a server takes at once, and its entries cannot be parted' };
    return;
  }
  let first = 0;
  for (const part of parts) {
    const offset = first;
    yield parcelOf(part, (entry) => `${file} entry ${offset + entry + 1}`, size / parts.length);
    first += part.entry!.length;
  }
}

/** Transactions and batches as they are; the resources of any other bundle as a transaction; a resource by itself. */
function sendable(content: Resource): Bundle {
  if (content.resourceType !== 'Bundle') return { resourceType: 'Bundle', type: 'batch', entry: [entryOf(content)] };
  const bundle = content;
  if (bundle.type === 'transaction' || bundle.type === 'batch') return bundle;
  const entry = (bundle.entry ?? []).flatMap(({ resource, fullUrl }) =>
    resource ? [{ ...entryOf(resource), ...(fullUrl && { fullUrl }) }] : [],
  );
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

async function* ndjsonParcels(file: string): AsyncGenerator<Parcel | Unreadable> {
  const bytes = createReadStream(file);
  const lines = linesIn(isGzipped(file) ? bytes.pipe(createGunzip()) : bytes);
  let number = 0;
  let length = 0;
  let taken = 0;
  let entries: BundleEntry[] = [];
  let numbers: number[] = [];
  const take = (): Parcel => {
    const at = numbers;
    const bundle: Bundle = { resourceType: 'Bundle', type: 'batch', entry: entries };
    const parcel = parcelOf(bundle, (entry) => `${file} line ${at[entry]}`, bytes.bytesRead - taken);
    [entries, numbers, length, taken] = [[], [], 0, bytes.bytesRead];
    return parcel;
  };
  try {
    for await (const line of lines) {
      number++;
      const fault = notUtf8In(line);
      if (fault?.encoding) {
        yield { from: `${file} line ${number}`, message: notUtf8(fault) };
        break;
      }
      const text = withoutMark(line).toString('utf8').trim();
      if (text === '') continue;
      const resource = fault ? notUtf8({ ...fault, line: number }) : readLine(text);
      if (typeof resource === 'string') {
        yield { from: `${file} line ${number}`, message: resource };
        continue;
      }
      entries.push(entryOf(resource));
      numbers.push(number);
      length += line.length;
      if (entries.length >= LINES || length >= LINES_BYTES) yield take();
    }
  } catch (error) {
    yield { from: `${file} after line ${number}`, message: (error as Error).message };
  }
  if (entries.length > 0) yield take();
}

const NEWLINE = 0x0a;

async function* linesIn(input: Readable): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...pieces, chunk.subarray(from, to)]);
      pieces = [];
      from = to + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}

function notUtf8(fault: NotUtf8): string {
  return `${utf8Reason(fault)}; convert the file first: ${utf8Conversion(fault)}`;
}

/** The resource of a line, or why there is none. */
function readLine(line: string): Resource | string {
  try {
    const value = parseForeignJson(line, DEEPEST);
    return isResource(value) ? value : NO_RESOURCE;
  } catch (error) {
    return error instanceof UnfitJson ? error.message : 'it is not JSON';
  }
}

const isGzipped = (file: string): boolean => file.toLowerCase().endsWith('.gz');

function isResource(value: unknown): value is Resource {
  return (
    typeof value === 'object' && value !== null && 'resourceType' in value && typeof value.resourceType === 'string'
  );
}

/** A resource that has an id keeps it, so that an import can be repeated. */
function entryOf(resource: Resource): BundleEntry {
  const { resourceType, id } = resource;
  return {
    resource,
    request: id ? { method: 'PUT', url: `${resourceType}/${id}` } : { method: 'POST', url: resourceType },
  };
}

export function parcelOf(bundle: Bundle, from: Parcel['from'], size: number): Parcel {
  return { bundle, json: printJson(bundle), from, size };
}

/** The same entries in fewer parcels: those of batches together, transactions as they are. */
export function packed(parcels: readonly Parcel[]): Parcel[] {
  const batches = parcels.filter(({ bundle }) => bundle.type === 'batch');
  const entries = batches.flatMap(({ bundle, from }) =>
    (bundle.entry ?? []).map((entry, index) => ({ entry, from: from(index) })),
  );
  const together = Array.from({ length: Math.ceil(entries.length / LINES) }, (_, n) => {
    const some = entries.slice(n * LINES, (n + 1) * LINES);
    const bundle: Bundle = { resourceType: 'Bundle', type: 'batch', entry: some.map(({ entry }) => entry) };
    return parcelOf(bundle, (index) => some[index]!.from, 0);
  });
  return [...parcels.filter((parcel) => !batches.includes(parcel)), ...together];
}
