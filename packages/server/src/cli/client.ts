// Talks to a Chartwire server over HTTP, and turns its refusals into sentences.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { nextIn } from '@chartwire/sdk/internal/kit/diagnostics';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { CliError, EXIT } from './cli-error.ts';

/** Options of the whole program; every verb has them. */
export interface ServerOptions {
  readonly server?: string;
  readonly token?: string;
  readonly data?: string;
}

export const DEFAULT_URL = 'http://127.0.0.1:8080';
export const DEFAULT_DATA = 'data';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export class Client {
  readonly url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.url = url.replace(/\/+$/, '');
    this.#token = token;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.ask('GET', path)) as T;
  }

  /** The JSON that a request is answered with; a refusal is thrown as a sentence. */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const json = body === undefined ? undefined : { text: printJson(body), type: 'application/json' };
    const answer = await this.send(method, path, json);
    if (answer.status >= 400) throw refusalOf(answer);
    return answer.body;
  }

  /** Sends a body as it is and gives the answer, whatever it is. */
  async send(
    method: string,
    path: string,
    body?: { text: string | Uint8Array | ReadableStream<Uint8Array>; type: string },
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await this.#fetch(path, {
      method,
      headers: { ...headers, ...(body && { 'content-type': body.type }) },
      ...(body && { body: body.text as RequestInit['body'] }),
      // A stream is sent while it is read.
      ...(body?.text instanceof ReadableStream && { duplex: 'half' }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : readJson(text) };
  }

  /** The messages of a stream, from now on or after an id, until the server ends it. */
  async *stream<T>(path: string, after?: string): AsyncGenerator<{ id: string; data: T }> {
    const headers = { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': after }) };
    const response = await this.#fetch(path, { headers });
    if (!response.ok) throw refusalOf({ status: response.status, body: readJson(await response.text()) });
    let buffer = '';
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const messages = (buffer + text).split('\n\n');
      buffer = messages.pop()!;
      for (const message of messages) {
        const id = /^id: (.*)$/m.exec(message)?.[1];
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (id !== undefined && data !== undefined) yield { id, data: parseJson(data) as T };
      }
    }
  }

  /** The lines of an answer, as they come. */
  async *lines(path: string): AsyncGenerator<string> {
    const response = await this.#fetch(path, {});
    if (!response.ok) throw refusalOf({ status: response.status, body: readJson(await response.text()) });
    let rest = '';
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    if (rest !== '') throw new CliError('The answer was cut off: run it again.');
  }

  async #fetch(path: string, options: RequestInit): Promise<Response> {
    try {
      return await fetch(this.url + path, {
        ...options,
        headers: { ...options.headers, authorization: `Bearer ${this.#token}` },
      });
    } catch (error) {
      const { cause } = error as { cause?: { code?: string; message?: string } };
      const why = cause?.code ?? cause?.message ?? 'no answer';
      throw new CliError(
        `No Chartwire server answers at ${this.url} (${why}): start one with \`chartwire serve\`, or name it with --server.`,
        EXIT.unreachable,
      );
    }
  }
}

/** The client for a verb: from its options, the environment, or the data folder of a server on this machine. */
export function clientFor(command: Command): Client {
  const options = command.optsWithGlobals<ServerOptions>();
  const url = options.server ?? process.env.CHARTWIRE_URL ?? DEFAULT_URL;
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new CliError(`${url} is not an http(s) address.`, EXIT.usage);
  return new Client(url, options.token ?? process.env.CHARTWIRE_TOKEN ?? localToken(url, options.data));
}

/** The administrator's token of a server on this machine. It is never sent anywhere else. */
function localToken(url: string, data: string | undefined): string {
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
  if (!local) throw new CliError(`A token is needed for ${url}: give --token or set CHARTWIRE_TOKEN.`, EXIT.usage);
  if (process.env.CHARTWIRE_ADMIN_TOKEN) return process.env.CHARTWIRE_ADMIN_TOKEN;
  const named = data ?? process.env.CHARTWIRE_DATA;
  const folders = named ? [named] : [DEFAULT_DATA, fileURLToPath(new URL('../../../../data', import.meta.url))];
  for (const folder of folders) {
    try {
      return readFileSync(join(folder, 'admin-token'), 'utf8').trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') {
        throw new CliError(`${join(folder, 'admin-token')} may not be read by this user: give --token instead.`);
      }
    }
  }
  throw new CliError(
    `No token: give --token, set CHARTWIRE_TOKEN, or name the server’s data folder with --data (there is no admin-token in ${resolve(folders[0]!)}).`,
    EXIT.usage,
  );
}

interface Problem {
  readonly detail?: string;
  readonly next?: string;
  readonly faults?: readonly { path: string; message: string }[];
  /** Of an OperationOutcome. */
  readonly issue?: readonly { details?: { text?: string }; diagnostics?: string }[];
}

/** A refusal of /api (a problem) or of the FHIR door (an OperationOutcome) as lines of text. */
export function refusalOf({ status, body }: Answer): CliError {
  const problem: Problem = typeof body === 'object' && body !== null ? body : {};
  const [issue] = problem.issue ?? [];
  const lines = [problem.detail ?? issue?.details?.text ?? `The server answered with status ${status}.`];
  for (const { path, message } of problem.faults ?? []) {
    if (!lines[0]!.includes(message)) lines.push(`  ${path}: ${message}`);
  }
  const next = problem.next ?? (issue && nextIn(issue));
  if (next) lines.push(next);
  return new CliError(lines.join('\n'));
}

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
