// What builders return: data only. The server checks, authorizes, and applies it. Payload types are inferred from the effects'
// schemas, which stay with the server. This file also has the builders that don't take the payload itself.

import type { EffectPayloads, EffectType } from '#effects/index.ts';
import type { R4Resource } from '#records/resource-types.ts';
import type { HttpRequest } from './http.ts';
import type { Secret } from './secrets.ts';

/** An effect in the list that `compute()` returns: `type` and `payload` as in docs/catalogue/effects.md. */
export type Effect<T extends EffectType = EffectType> = {
  readonly [Type in T]: { readonly type: Type; readonly payload: EffectPayloads[Type] };
}[T];

export type Builder<T extends EffectType> = (payload: EffectPayloads[T]) => Effect<T>;

export function builder<const T extends EffectType>(type: T): Builder<T> {
  return (payload) => ({ type, payload });
}

/**
 * Creates a record of any R4 type. The server assigns an id unless `resource.id` is set. https://hl7.org/fhir/R4/http.html#create
 */
export function createRecord(resource: R4Resource): Effect<'CREATE_RECORD'> {
  return { type: 'CREATE_RECORD', payload: { resource } };
}

/**
 * Replaces a record. If it was read, the server applies the effect only if the record is still at that version. Decimals keep how
 * they were written (`1.00`) in the record and in a spread of it. https://hl7.org/fhir/R4/http.html#update
 */
export function updateRecord(resource: R4Resource & { id: string }): Effect<'UPDATE_RECORD'> {
  return { type: 'UPDATE_RECORD', payload: { resource } };
}

interface Retried {
  /** Comes back with the answer. Keep PHI out of it. */
  readonly tag?: string;
  /** How often it is retried, 0 to 20. Defaults to 8, within 11 hours. */
  readonly retries?: number;
}

/** A request as `this.http` takes it, with its tag and retries. */
export type LaterRequest = HttpRequest & Retried & { readonly url: string };

/**
 * Sends an HTTP request once the other effects are committed, and retries it until it is answered. What comes of it is an
 * event for the same plugin: HTTP_REQUEST_COMPLETED or HTTP_REQUEST_FAILED, with the request’s tag.
 */
export function httpRequest(request: LaterRequest): Effect<'HTTP_REQUEST'> {
  return sentLater('HTTP_REQUEST', request);
}

/** As the handler wrote it: its secrets become references on the way to the server, where the schema checks it. */
function sentLater<const T extends 'HTTP_REQUEST' | 'SEND_WEBHOOK'>(type: T, payload: object) {
  return { type, payload: payload as Effect<T>['payload'] } as Effect<T>;
}

/** A webhook to send: https://www.standardwebhooks.com */
export interface Webhook extends Retried {
  readonly url: string;
  /** What happened: `task.created`. */
  readonly type: string;
  /** Anything that is JSON. */
  readonly data: unknown;
  /** A sensitive variable; the receiver has the same value. `whsec_` and Base64, or any text. */
  readonly key: Secret | undefined;
  readonly headers?: HttpRequest['headers'];
}

/**
 * Posts `{ type, timestamp, data }` as JSON, signed as Standard Webhooks has it: `webhook-id`, which stays the same for every
 * attempt, `webhook-timestamp` and `webhook-signature`. Answered by the same events as `httpRequest`.
 */
export function sendWebhook(webhook: Webhook): Effect<'SEND_WEBHOOK'> {
  return sentLater('SEND_WEBHOOK', webhook);
}
