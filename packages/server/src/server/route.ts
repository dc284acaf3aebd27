// A route of /api: a row of the contract and its handler.

import type { Readable } from 'node:stream';
import type { Static, TSchema } from 'typebox';
import type { Need, PartOf, Row, Unchanging } from '@chartwire/client/internal/contract/row';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { ADMIN_SCOPE, type Permission } from '@chartwire/sdk/internal/kit/scopes';
import type { Browser } from './access/browser.ts';
import type { RequestAccess } from './access/request-access.ts';
import type { AboutRecord } from './access/request-rows.ts';
import type { Access } from './access/tokens.ts';
import type { Services } from './services.ts';
import type { Source } from './sse.ts';

/** What a route requires: a scope to name in the refusal, and whether the caller has it. */
export const NEEDS = {
  /** Nothing: for callers who are about to sign in. */
  open: { scope: null, holds: () => true },
  /** A session or any valid token. */
  token: { scope: null, holds: () => true },
  /** All charts: the log and its streams include all patients. */
  read: {
    scope: 'system/*.rs',
    holds: ({ scopes, patient }: Access) => patient === null && scopes.allows('*', 'r') && scopes.allows('*', 's'),
  },
  /** Administration: plugins, tokens, deliveries, the audit trail, and emitting events by hand. */
  admin: { scope: ADMIN_SCOPE, holds: ({ scopes, patient }: Access) => patient === null && scopes.admin },
} as const satisfies Record<string, { scope: string | null; holds: (access: Access) => boolean }>;

/** The scope to name in a refusal, and whether the caller has it. */
export function needOf(need: Need): { readonly scope: string | null; readonly holds: (access: Access) => boolean } {
  if (Object.hasOwn(NEEDS, need)) return NEEDS[need as keyof typeof NEEDS];
  const [type, permission] = need.split('.') as [string, Permission];
  return { scope: `system/${need}`, holds: ({ scopes }) => scopes.allows(type, permission) };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The row of a route of /api. */
    readonly row?: Route;
  }
}

export interface Call<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly access: RequestAccess;
  readonly browser: Browser;
  /** The `Idempotency-Key` header as sent. */
  readonly idempotencyKey: string | undefined;
  /**
   * Records whose chart the request touches as soon as it is known, so that the audit trail has it even if the request is
   * refused.
   */
  concerns(patient: string): void;
  /** A streaming answer: messages of `source` after Last-Event-ID, or `after`, or from now on. */
  stream(source: Source, after?: string): Promise<Readable>;
}

/** A row of the contract with its handler. */
export type Route<R extends Row = Row> = R & {
  /** Returns JSON, a stream, or a whole response. */
  readonly handle: (call: Call, services: Services) => Promise<unknown>;
  /** The patients in an answer, each with an audit row. */
  readonly patients?: (answer: unknown) => Iterable<string | null>;
  /** The events in an answer. The audit rows of their patients name those records. */
  readonly events?: (answer: unknown) => Iterable<AboutRecord>;
};

/** A route for each row of a group. A missing, additional, or mismatched row doesn't compile. */
export type RoutesOf<T> = { readonly [K in keyof T]: T[K] extends Row ? Route<T[K]> : RoutesOf<T[K]> };

/** A call whose parts have been validated against the row. */
export type CallOf<R extends Row> = Call<PartOf<R, 'params'>, PartOf<R, 'query'>, BodyOf<R>>;

type BodyOf<R extends Row> = R extends { readonly upload: infer U }
  ? U extends { readonly stream: true }
    ? AsyncIterable<Buffer>
    : Buffer | undefined
  : PartOf<R, 'body'>;

/** What a handler returns for its row. */
export type Answered<R extends Row> = R['answer'] extends { readonly schema: infer S extends TSchema }
  ? Unchanging<Static<S>>
  : R['answer'] extends { readonly type: infer T }
    ? T extends 'text/event-stream'
      ? Readable
      : Response
    : R['answer']['status'] extends 303
      ? Response
      : // biome-ignore lint/suspicious/noConfusingVoidType: what a handler that returns nothing gives
        void;

/** Properties of `Given`, at any depth, that `Declared` lacks. */
type Undeclared<Given, Declared> = [Declared] extends [Given]
  ? never
  : [KeyOf<Declared>] extends [never]
    ? never
    : Given extends { readonly resourceType: string }
      ? never
      : Given extends readonly (infer Item)[]
        ? Undeclared<Item, ItemOf<Declared>>
        : Given extends object
          ? {
              [K in keyof Given]-?: K extends KeyOf<Declared> ? Undeclared<Given[K], ValueOf<Declared, K>> : K;
            }[keyof Given]
          : never;

type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never;
type KeyOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

/** The compiler's message for a handler that returns more than its row declares. */
type Declared<Given, R extends Row> = [Undeclared<Given, Answered<R>>] extends [never]
  ? unknown
  : { readonly 'the answer has properties that the row does not declare': Undeclared<Given, Answered<R>> };

/** Combines a row with its handler. The handler must return exactly what the row declares. */
export function route<const R extends Row, Given extends Answered<R>>(
  row: R,
  handle: ((call: CallOf<R>, services: Services) => Promise<Given>) & Declared<Given, R>,
  told: {
    readonly patients?: (answer: Given) => Iterable<string | null>;
    readonly events?: (answer: Given) => Iterable<AboutRecord>;
  } = {},
): Route<R> {
  return { ...row, handle, ...told } as unknown as Route<R>;
}

/** Refuses a caller without the route's permission. */
export function requireNeed(route: Route, access: Access): void {
  const { scope, holds } = needOf(route.needs);
  if (!scope || holds(access)) return;
  const bound = Object.hasOwn(NEEDS, route.needs) ? `${scope}, not bound to one patient` : `patient/${route.needs}`;
  throw new Refusal('access.forbidden', {
    action: `call ${route.method} ${route.path}`,
    scope: access.patient === null ? scope : bound,
  });
}
