// What a row of the contract is to whoever calls it: a function with its parts and its answer typed.

import type { AnswerOf, MessageOf, PartOf, Row, Unchanging } from '#contract/row.ts';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { type Message, messagesIn } from './messages.ts';
import { type Query, queryText, type Sending, type Sent, type Transport, type Upload } from './transport.ts';

/** The parts of a request that a row has: `params`, `query`, `body`, and `upload` for a file. */
export type RequestOf<R extends Row> = Part<'params', PartOf<R, 'params'>> &
  Part<'query', PartOf<R, 'query'>> &
  Part<'body', Unchanging<PartOf<R, 'body'>>> &
  (R extends { readonly upload: { readonly types: readonly (infer Type extends string)[] } }
    ? { readonly upload: Upload<Type> }
    : unknown);

/** None where the row has none; one may be left out where everything in it may. */
type Part<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : Record<never, never> extends Value
    ? { readonly [N in Name]?: Value }
    : { readonly [N in Name]: Value };

interface Repeating {
  /** Of your choosing: sent again under the same key, the request is carried out once. */
  readonly idempotencyKey?: string;
}

/** How it is sent, besides its parts. */
export type SendingOf<R extends Row> = Sending & (R extends { readonly idempotent: true } ? Repeating : unknown);

/** One argument, which may be left out where nothing in it is required. */
type Argument<Request, More> =
  Record<never, never> extends Request ? [request?: Request & More] : [request: Request & More];

/** What addresses an operation: the parameters in its path, and its query. */
type AddressOf<R extends Row> = Part<'params', PartOf<R, 'params'>> & Part<'query', PartOf<R, 'query'>>;

interface Addressed<R extends Row> {
  /** `/api/tasks/1?limit=5`: where it is, for a link or the key of a cache. */
  path(...request: Argument<AddressOf<R>, unknown>): string;
}

/** An operation that is answered with JSON, or with nothing. It rejects with a Problem. */
export interface JsonMethod<R extends Row> extends Addressed<R> {
  (...request: Argument<RequestOf<R>, SendingOf<R>>): Promise<AnswerOf<R>>;
  /** The same with how it is sent apart, for code that serves many operations. */
  ask(request: RequestOf<R>, sending?: Sending): Promise<AnswerOf<R>>;
}

/** An operation that is answered with a file. It rejects with a Problem. */
export interface FileMethod<R extends Row> extends Addressed<R> {
  (...request: Argument<RequestOf<R>, SendingOf<R>>): Promise<Response>;
}

interface Resuming {
  /** The id of the last message that was heard: the stream goes on after it. */
  readonly after?: string;
}

/** An operation that is answered with a stream of messages, until the server ends it. It rejects with a Problem. */
export interface StreamMethod<R extends Row> extends Addressed<R> {
  (...request: Argument<RequestOf<R>, SendingOf<R> & Resuming>): AsyncGenerator<Message<MessageOf<R>>>;
  /** A message from its text, for whoever hears the stream by an EventSource. */
  message(text: string): MessageOf<R>;
}

/** An operation, as its row says that it is answered. */
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

/** How an answer comes. JSON unless it is a file or a stream. */
export type Kind = 'json' | 'file' | 'stream';

/** The method at an address, as `GET /api/tasks/:id`. Its row types it. */
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
