// What a route of /api is: a row of the contract and the handler that carries it out.

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

/** A row of the contract with what carries it out. */
export type Route<R extends Row = Row> = R & {
  /** Answers with what is sent as JSON, with a stream, or with a whole response. */
  readonly handle: (call: Call, services: Services) => Promise<unknown>;
  /** The patients that an answer tells about; one row of the audit trail each. */
  readonly patients?: (answer: unknown) => Iterable<string | null>;
  /** The events whose records an answer holds; the rows of their patients name those records. */
  readonly events?: (answer: unknown) => Iterable<AboutRecord>;
};

/** A route for each row of a group: one too few, one too many or one of another row does not compile. */
export type RoutesOf<T> = { readonly [K in keyof T]: T[K] extends Row ? Route<T[K]> : RoutesOf<T[K]> };

/** A call whose parts were checked against the row before its handler is called. */
export type CallOf<R extends Row> = Call<PartOf<R, 'params'>, PartOf<R, 'query'>, BodyOf<R>>;

type BodyOf<R extends Row> = R extends { readonly upload: infer U }
  ? U extends { readonly stream: true }
    ? AsyncIterable<Buffer>
    : Buffer | undefined
  : PartOf<R, 'body'>;

/** What a handler gives back for its row. */
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

/** The properties of `Given`, however deep, that `Declared` does not have. */
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

/** Says what is wrong with a handler that answers with more than its row declares. */
type Declared<Given, R extends Row> = [Undeclared<Given, Answered<R>>] extends [never]
  ? unknown
  : { readonly 'the answer has properties that the row does not declare': Undeclared<Given, Answered<R>> };

/** Puts a handler to a row of the contract. What it answers must be what the row declares, no less and no more. */
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
