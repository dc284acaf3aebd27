// Talks to a Chartwire server over HTTP, and turns its refusals into sentences.

import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { type Client, createClient, type Problem, problemIn } from '@chartwire/client/internal/client/index';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { CliError, EXIT } from './cli-error.ts';

/** Options of the whole program; every verb has them. */
export interface ServerOptions {
  readonly server?: string;
  readonly token?: string;
  readonly data?: string;
}

export const DEFAULT_URL = 'http://127.0.0.1:8080';
export const DEFAULT_DATA = 'data';

export interface FhirAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Where a server is, and with what one comes in. */
export interface Door {
  readonly url: string;
  readonly token: string;
}

/** Sends a bundle to the FHIR API and returns the answer, whatever it is. */
export async function postBundle(door: Door, json: string): Promise<FhirAnswer> {
  const response = await reach(door.url, `${door.url}/fhir/R4`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${door.token}`,
      'content-type': 'application/fhir+json',
      prefer: 'return=minimal',
    },
    body: json,
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : readJson(text) };
}

/** The lines of an answer, as they come. */
export async function* linesIn({ body }: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const text of body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') throw new CliError('The answer was cut off: run it again.');
}

/** Every item of a list, page after page. */
export async function everyItem<Item>(
  read: (after: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly next: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let after: string | undefined; ; ) {
    const page = await read(after);
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}

async function reach(url: string, address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    const { cause } = error as { cause?: { code?: string; message?: string } };
    const why = cause?.code ?? cause?.message ?? 'no answer';
    throw new CliError(
      `No Chartwire server answers at ${url} (${why}): start one with \`chartwire serve\`, or set its address with --server.`,
      EXIT.unreachable,
    );
  }
}

/** The client for a verb. What it is refused becomes sentences in program.ts. */
export function clientFor(command: Command): Client {
  const { url, token } = doorFor(command);
  return createClient({ url, token, fetch: (address, init) => reach(url, address, init) });
}

/** From the command's options, the environment, or the data folder of a server on this machine. */
export function doorFor(command: Command): Door {
  const options = command.optsWithGlobals<ServerOptions>();
  const url = options.server ?? process.env.CHARTWIRE_URL ?? DEFAULT_URL;
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new CliError(`${url} is not an http(s) address.`, EXIT.usage);
  const token = options.token ?? process.env.CHARTWIRE_TOKEN ?? localToken(url, options.data);
  return { url: url.replace(/\/+$/, ''), token };
}

/** The administrator's token of a server on this machine. It is never sent anywhere else. */
function localToken(url: string, data: string | undefined): string {
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
  if (!local) throw new CliError(`A token is needed for ${url}: give --token or set CHARTWIRE_TOKEN.`, EXIT.usage);
  if (process.env.CHARTWIRE_ADMIN_TOKEN) return process.env.CHARTWIRE_ADMIN_TOKEN;
  const named = data ?? process.env.CHARTWIRE_DATA;
  const folders = named
    ? [named]
    : [...dataFoldersAbove(), fileURLToPath(new URL('../../../../data', import.meta.url))];
  for (const folder of folders) {
    try {
      return readFileSync(join(folder, 'admin-token'), 'utf8').trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') {
        throw new CliError(`${join(folder, 'admin-token')} can’t be read by this user: use --token instead.`);
      }
    }
  }
  throw new CliError(
    `No token: give --token, set CHARTWIRE_TOKEN, or name the server’s data folder with --data (there is no admin-token in ${resolve(folders[0]!)}${named ? '' : ', nor in a data folder further up'}).`,
    EXIT.usage,
  );
}

/** `data` here and in each folder above: a plugin is often made in a folder where the server was started. */
function dataFoldersAbove(): string[] {
  const folders = [resolve(DEFAULT_DATA)];
  for (let folder = resolve('.'); folder !== dirname(folder); folder = dirname(folder)) {
    folders.push(join(dirname(folder), DEFAULT_DATA));
  }
  return folders;
}

/** A refusal as lines of text. */
export function linesOf({ message, faults, next }: Problem): string {
  const lines = [message];
  for (const fault of faults) if (!message.includes(fault.message)) lines.push(`  ${fault.path}: ${fault.message}`);
  if (next) lines.push(next);
  return lines.join('\n');
}

/** A refusal of the FHIR API (an OperationOutcome) as an error of the command. */
export function refusalOf({ status, body }: FhirAnswer): CliError {
  return new CliError(linesOf(problemIn(status, body)));
}

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
