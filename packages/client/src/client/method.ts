// A row of the contract as a typed function.

import type { AnswerOf, MessageOf, PartOf, Row, Unchanging } from '#contract/row.ts';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { type Message, messagesIn } from './messages.ts';
import { type Query, queryText, type Sending, type Sent, type Transport, type Upload } from './transport.ts';

/** The parts of a request: `params`, `query`, and `body`, as the row declares them, and `upload` for a file. */
export type RequestOf<R extends Row> = Part<'params', PartOf<R, 'params'>> &
  Part<'query', PartOf<R, 'query'>> &
  Part<'body', Unchanging<PartOf<R, 'body'>>> &
  (R extends { readonly upload: { readonly types: readonly (infer Type extends string)[] } }
    ? { readonly upload: Upload<Type> }
    : unknown);

/** Absent if the row doesn't declare it; optional if all its members are. */
type Part<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : Record<never, never> extends Value
    ? { readonly [N in Name]?: Value }
    : { readonly [N in Name]: Value };

interface Repeating {
  /** A key of your choice. The server carries out requests with the same key only once, so a retry is safe. */
  readonly idempotencyKey?: string;
}

/** Options for sending, apart from the parts of the request. */
export type SendingOf<R extends Row> = Sending & (R extends { readonly idempotent: true } ? Repeating : unknown);

/** One argument, optional when nothing in it is required. */
type Argument<Request, More> =
  Record<never, never> extends Request ? [request?: Request & More] : [request: Request & More];

/** The parts that make up an address: path parameters and query. */
type AddressOf<R extends Row> = Part<'params', PartOf<R, 'params'>> & Part<'query', PartOf<R, 'query'>>;

interface Addressed<R extends Row> {
  /** The address without the host, for links and cache keys: `/api/tasks/1?limit=5`. */
  path(...request: Argument<AddressOf<R>, unknown>): string;
}

/**
 * An operation that answers with JSON, or with no content. Takes the parts of its request.
 *
 * @throws {Problem} when the server refuses the request or doesn't answer
 */
export interface JsonMethod<R extends Row> extends Addressed<R> {
  (...request: Argument<RequestOf<R>, SendingOf<R>>): Promise<AnswerOf<R>>;
  /** The same call with the options apart, for code that calls many operations. */
  ask(request: RequestOf<R>, sending?: Sending): Promise<AnswerOf<R>>;
}

/**
 * An operation that answers with a file, as a `Response`.
 *
 * @throws {Problem} when the server refuses the request or doesn't answer
 */
export interface FileMethod<R extends Row> extends Addressed<R> {
  (...request: Argument<RequestOf<R>, SendingOf<R>>): Promise<Response>;
}

interface Resuming {
  /** The id of the last message you received. The stream resumes after it. */
  readonly after?: string;
}

/**
 * An operation that answers with a stream of messages (Server-Sent Events), until the server ends it.
 *
 * @throws {Problem} when the server refuses the request or doesn't answer
 */
export interface StreamMethod<R extends Row> extends Addressed<R> {
  (...request: Argument<RequestOf<R>, SendingOf<R> & Resuming>): AsyncGenerator<Message<MessageOf<R>>>;
  /** Parses the text of one message, for use with an EventSource. */
  message(text: string): MessageOf<R>;
}

/** The function for a row; the row's answer decides which kind. */
export type Method<R extends Row> = R['answer'] extends { readonly messages: unknown }
  ? StreamMethod<R>
  : R['answer'] extends { readonly type: string }
    ? FileMethod<R>
    : JsonMethod<R>;

interface AnyRequest extends Sending, Repeating, Resuming {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Query;
  readonly body?: unknown;
  readonly upload?: Upload;
}

/** How a row answers; JSON unless it declares a file or a stream. */
export type Kind = 'json' | 'file' | 'stream';

/** Makes the method for an address such as `GET /api/tasks/:id`. The caller supplies its type. */
export function methodAt(transport: Transport, address: string, kind: Kind): object {
  const [verb, route] = address.split(' ') as [string, string];
  const path = ({ params = {}, query }: AnyRequest = {}): string =>
    route.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name]))) + queryText(query);
  const call = (request: AnyRequest = {}): unknown => {
    const { body, upload, signal, idempotencyKey, after } = request;
    const headers = {
      ...request.headers,
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(after !== undefined && { 'last-event-id': after }),
    };
    const sent = { method: verb, path: path(request), body, upload, headers, ...(signal && { signal }) };
    if (kind === 'json') return transport.json(sent);
    return kind === 'file' ? transport.response({ ...sent, accept: '*/*' }) : heard(transport, sent);
  };
  const ask = (request: AnyRequest, sending?: Sending): unknown => call({ ...request, ...sending });
  return Object.assign(call, { path, ask, message: parseJson });
}

async function* heard(transport: Transport, sent: Sent): AsyncGenerator<Message<unknown>> {
  yield* messagesIn(await transport.response({ ...sent, accept: 'text/event-stream' }));
}
