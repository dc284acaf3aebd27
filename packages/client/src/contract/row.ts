// What a row of the contract says of one operation of /api. The server, its checks, the description of the API and the
// client are made from these rows.

import type { Static, TSchema } from 'typebox';
import type { Permission } from '@chartwire/sdk/internal/kit/scopes';

/** Types of records that rows are about. */
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

/** To do something with records of a type: in every chart, or in that of the one patient the token is bound to. */
export type ChartNeed = `${ChartType}.${Permission}`;

/**
 * What a row asks of its caller. `open`: nothing. `token`: to be signed in, or any valid token. `read`: to see every chart.
 * `admin`: to run the place.
 */
export type Need = 'open' | 'token' | 'read' | 'admin' | ChartNeed;

export interface Answer {
  readonly status: 200 | 201 | 204 | 303;
  readonly description: string;
  /** Of the JSON that is answered. Without one the answer is empty, or of `type`. */
  readonly schema?: TSchema;
  /** The content type of an answer that is not JSON. */
  readonly type?: string;
  /** Of a stream (`text/event-stream`): what each of its messages holds, as JSON. */
  readonly messages?: TSchema;
}

export interface Row {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/events/:id` */
  readonly path: string;
  /** `events.list`: operationId of the description and action of the audit trail. */
  readonly operation: string;
  readonly summary: string;
  readonly needs: Need;
  /** What the `:id` of the path is an id of, for the audit trail. */
  readonly about?: ChartType | 'Location' | 'User';
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** The body is a file of these content types; with `stream` it is handed over as it comes. `limit` is in bytes. */
  readonly upload?: { readonly types: readonly string[]; readonly limit: number; readonly stream?: true };
  readonly answer: Answer;
  /** The header `Idempotency-Key` makes it safe to repeat. */
  readonly idempotent?: true;
  /** It may end sessions, tokens or what they allow: open streams are looked at before the answer leaves. */
  readonly ends?: true;
  /** False for what shows nothing of any patient and changes nothing. */
  readonly audited?: false;
}

/** Rows by name, in groups as deep as they read well: `notes.addenda.create`. */
export interface Rows {
  readonly [name: string]: Row | Rows;
}

/** Writes a row, and keeps the types of its parts. */
export const row = <const R extends Row>(row: R): R => row;

/** Whether a member of a group is a row, not a group. */
export function isRow(member: Row | Rows): member is Row {
  return typeof member.operation === 'string';
}

/** What a part of a request must be; `undefined` where the row has no such part. */
export type PartOf<R, Part extends string> = R extends { readonly [P in Part]: infer S extends TSchema }
  ? Static<S>
  : undefined;

/** The JSON that a row answers with; `undefined` where it answers with none. */
export type AnswerOf<R extends Row> = PartOf<R['answer'], 'schema'>;

/** What each message of a stream holds. */
export type MessageOf<R extends Row> = PartOf<R['answer'], 'messages'>;

/** A value as somebody gives it away: its lists may be such as nobody changes, and where nothing is said of an object it is any. */
export type Unchanging<T> = T extends { readonly resourceType: string }
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Unchanging<Item>[]
    : T extends object
      ? unknown extends T[keyof T]
        ? object
        : { readonly [K in keyof T]: Unchanging<T[K]> }
      : T;
