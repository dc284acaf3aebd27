// A row of the contract declares one operation of /api. The server, its checks, the OpenAPI description, and the client are
// derived from these rows.

import type { Static, TSchema } from 'typebox';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';

/** Record types that rows refer to. */
export type ChartType =
  | 'Appointment'
  | 'ChargeItem'
  | 'Command'
  | 'Communication'
  | 'DiagnosticReport'
  | 'DocumentReference'
  | 'Media'
  | 'Note'
  | 'Observation'
  | 'Patient'
  | 'Task';

/** A permission on a record type, in all charts or in the chart of the patient that the token is bound to. */
export type ChartNeed = `${ChartType}.${Permission}`;

/**
 * What the caller needs. `open`: nothing. `token`: a session or any valid token. `read`: permission to read all charts. `admin`:
 * permission to administer the server.
 */
export type Need = 'open' | 'token' | 'read' | 'admin' | ChartNeed;

export interface Answer {
  readonly status: 200 | 201 | 204 | 303;
  readonly description: string;
  /** Schema of the JSON answer. If absent, the answer is empty or has the content type `type`. */
  readonly schema?: TSchema;
  /** Content type of an answer that isn't JSON. */
  readonly type?: string;
  /** For a stream (`text/event-stream`): schema of each message's JSON. */
  readonly messages?: TSchema;
}

export interface Row {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/events/:id` */
  readonly path: string;
  /** `events.list`: the operationId in OpenAPI, and the action in the audit trail. */
  readonly operation: string;
  readonly summary: string;
  readonly needs: Need;
  /** The type that the path's `:id` refers to, for the audit trail. */
  readonly about?: ChartType | 'Location' | 'User';
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /**
   * The body is a file of one of these content types, of at most `limit` bytes. With `stream`, the handler receives it as it
   * arrives.
   */
  readonly upload?: { readonly types: readonly string[]; readonly limit: number; readonly stream?: true };
  readonly answer: Answer;
  /** The caller may send `Idempotency-Key` to make a retry safe. */
  readonly idempotent?: true;
  /** The operation may end sessions, tokens, or their permissions: the server rechecks open streams before it answers. */
  readonly ends?: true;
  /** False for operations that show no patient's data and change nothing. */
  readonly audited?: false;
}

/** Rows by name, in nested groups: `notes.addenda.create`. */
export interface Rows {
  readonly [name: string]: Row | Rows;
}

/** Declares a row and keeps its literal type. */
export const row = <const R extends Row>(row: R): R => row;

/** Tells a row from a group. */
export function isRow(member: Row | Rows): member is Row {
  return typeof member.operation === 'string';
}

/** The type of one part of a request; `undefined` if the row doesn't declare that part. */
export type PartOf<R, Part extends string> = R extends { readonly [P in Part]: infer S extends TSchema }
  ? Static<S>
  : undefined;

/** The type of a row's JSON answer; `undefined` if it has none. */
export type AnswerOf<R extends Row> = PartOf<R['answer'], 'schema'>;

/** The type of each message in a stream. */
export type MessageOf<R extends Row> = PartOf<R['answer'], 'messages'>;

/** A value for a request: readonly lists are allowed, and an object without declared members may be any object. */
export type Unchanging<T> = T extends { readonly resourceType: string }
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Unchanging<Item>[]
    : T extends object
      ? unknown extends T[keyof T]
        ? object
        : { readonly [K in keyof T]: Unchanging<T[K]> }
      : T;
