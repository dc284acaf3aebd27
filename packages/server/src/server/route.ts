// What a route of /api is: a row with its schemas, from which the server, its checks and the API description are made.

import type { Readable } from 'node:stream';
import type { HTTPMethods } from 'fastify';
import type { Static, TSchema, TUnknown } from 'typebox';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { ADMIN_SCOPE, type Permission } from '@chartwire/sdk/internal/kit/scopes';
import type { Browser } from './access/browser.ts';
import type { RequestAccess } from './access/request-access.ts';
import type { AboutRecord } from './access/request-rows.ts';
import type { Access } from './access/tokens.ts';
import type { Services } from './services.ts';
import type { Source } from './sse.ts';

/** What a route asks of its caller: a scope to name in the refusal, and whether it is held. */
export const NEEDS = {
  /** Nothing: for whoever is about to sign in. */
  open: { scope: null, holds: () => true },
  /** Any valid token, or to be signed in. */
  token: { scope: null, holds: () => true },
  /** To see every chart: the log and its streams cross the charts of all patients. */
  read: {
    scope: 'system/*.rs',
    holds: ({ scopes, patient }: Access) => patient === null && scopes.allows('*', 'r') && scopes.allows('*', 's'),
  },
  /** To run the place: plugins, tokens, deliveries, the audit trail, emitting by hand. */
  admin: { scope: ADMIN_SCOPE, holds: ({ scopes, patient }: Access) => patient === null && scopes.admin },
} as const satisfies Record<string, { scope: string | null; holds: (access: Access) => boolean }>;

/** To do something with records of a type: in every chart, or in that of the one patient the token is bound to. */
export type ChartNeed = `${ChartType}.${Permission}`;

type ChartType =
  | 'Appointment'
  | 'ChargeItem'
  | 'Command'
  | 'Communication'
  | 'DiagnosticReport'
  | 'DocumentReference'
  | 'Note'
  | 'Patient'
  | 'Task';

export type Need = keyof typeof NEEDS | ChartNeed;

/** The scope to name in a refusal, and whether it is held. */
export function needOf(need: Need): { readonly scope: string | null; readonly holds: (access: Access) => boolean } {
  if (Object.hasOwn(NEEDS, need)) return NEEDS[need as keyof typeof NEEDS];
  const [type, permission] = need.split('.') as [string, Permission];
  return { scope: `system/${need}`, holds: ({ scopes }) => scopes.allows(type, permission) };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The row that a route of /api was made from. */
    readonly row?: Route;
  }
}

export interface Call<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly access: RequestAccess;
  readonly browser: Browser;
  /** The header `Idempotency-Key`, as it came. */
  readonly idempotencyKey: string | undefined;
  /** Says whose chart the request touches, as soon as that is known: the audit trail has it even if it is refused. */
  concerns(patient: string): void;
  /** An answer that goes on: messages of `source` after Last-Event-ID, else after `after`, else from now on. */
  stream(source: Source, after?: string): Promise<Readable>;
}

interface RouteRow {
  readonly method: Extract<HTTPMethods, 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>;
  /** As Fastify writes it: `/api/events/:id`. */
  readonly path: string;
  /** `events.list`: operationId of the description and action of the audit trail. */
  readonly operation: string;
  readonly summary: string;
  readonly needs: Need;
  /** What the `:id` of the path is an id of, for the audit trail. */
  readonly about?: ChartType | 'Location' | 'User';
  /** The body is a file of these content types, handed over as a Buffer; with `stream` as AsyncIterable<Buffer>, as it comes. */
  readonly upload?: { readonly types: readonly string[]; readonly limit: number; readonly stream?: true };
  readonly answer: {
    readonly status: 200 | 201 | 204 | 303;
    readonly description: string;
    readonly schema?: TSchema;
    /** `application/json` unless given. */
    readonly type?: string;
  };
  /** The header `Idempotency-Key` makes it safe to repeat. */
  readonly idempotent?: true;
  /** It may end sessions, tokens or what they allow: open streams are looked at before the answer leaves. */
  readonly ends?: true;
  /** False for what shows nothing of any patient and changes nothing. */
  readonly audited?: false;
}

export interface Route extends RouteRow {
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Answers with what is sent as JSON, or with a stream. */
  readonly handle: (call: Call, services: Services) => Promise<unknown>;
  /** The patients that an answer tells about; one row of the audit trail each. */
  readonly patients?: (answer: unknown) => Iterable<string | null>;
  /** The events whose records an answer holds; the rows of their patients name those records. */
  readonly events?: (answer: unknown) => Iterable<AboutRecord>;
}

/** Writes a row with its handler typed by its schemas; they were checked before it is called. */
export function route<
  Params extends TSchema = TUnknown,
  Query extends TSchema = TUnknown,
  Body extends TSchema = TUnknown,
  Answer = unknown,
>(
  row: RouteRow & {
    readonly params?: Params;
    readonly query?: Query;
    readonly body?: Body;
    readonly handle: (
      call: NoInfer<Call<Static<Params>, Static<Query>, Static<Body>>>,
      services: Services,
    ) => Promise<Answer>;
    readonly patients?: (answer: Answer) => Iterable<string | null>;
    readonly events?: (answer: Answer) => Iterable<AboutRecord>;
  },
): Route {
  return row as unknown as Route;
}

/** Refuses a caller who lacks what the route needs. */
export function requireNeed(route: Route, access: Access): void {
  const { scope, holds } = needOf(route.needs);
  if (!scope || holds(access)) return;
  const bound = Object.hasOwn(NEEDS, route.needs) ? `${scope}, not bound to one patient` : `patient/${route.needs}`;
  throw new Refusal('access.forbidden', {
    action: `call ${route.method} ${route.path}`,
    scope: access.patient === null ? scope : bound,
  });
}
