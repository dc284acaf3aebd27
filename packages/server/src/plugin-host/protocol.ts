// All messages between the host, a runner process, and the plugin inside it. Guest messages (host and plugin) are JSON text that
// the runner forwards unread; entries (host and runner) carry them.

import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { LiteralTree } from '@chartwire/sdk/internal/kit/json/literal-tree';
import { parseJson as parseExact } from '@chartwire/sdk/internal/kit/json/parse';
import { SecretBody, SecretPairs } from '@chartwire/sdk/internal/kit/secret-text';
import { FROM_RUNNER, type RawEntry } from './frames.ts';
import { storable } from './storable-json.ts';

// ── Guest messages, host to plugin: one step each, as JSON text

export type ToGuest =
  | {
      readonly type: 'call';
      readonly call: number;
      readonly handler: string;
      readonly event: unknown;
      /** How the event's numbers are written. */
      readonly literals?: LiteralTree;
      readonly practice: { readonly timeZone: string; readonly today: string };
      readonly variables: Readonly<Record<string, string>>;
      /** Names of sensitive variables with a value; the values stay with the host. */
      readonly secrets: readonly string[];
      /** The clock of the whole call, in ms since 1970, and the seed of its random numbers (32 bits). */
      readonly now: number;
      readonly seed: number;
      /** Seeds its `crypto`: 32 hex digits. */
      readonly key: string;
    }
  | {
      readonly type: 'answer';
      readonly call: number;
      readonly ask: number;
      readonly value: unknown;
      /** How the value's numbers are written. */
      readonly literals?: LiteralTree;
    }
  | {
      readonly type: 'refusal';
      readonly call: number;
      readonly ask: number;
      readonly code: string;
      readonly message: string;
    }
  /** The host has ended the call and drops what is pending. */
  | { readonly type: 'cancel'; readonly call: number };

// ── Guest messages, plugin to host: untrusted. An isolate sends a JSON array of them.

const Call = Type.Integer({ minimum: 0 });
const closed = { additionalProperties: false } as const;

const Registered = Type.Object(
  {
    type: Type.Literal('registered'),
    handlers: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          respondsTo: Type.Array(Type.String(), { maxItems: 2_000 }),
          schedule: Type.Optional(Type.String()),
          timezone: Type.Optional(Type.String()),
          catchUp: Type.Optional(Type.Enum(['skip', 'latest', 'all'])),
          hearsOwn: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
  },
  closed,
);

const Thrown = { name: Type.String(), message: Type.String(), stack: Type.String() } as const;
const Retry = Type.Union([
  Type.Literal(false),
  Type.Object({ afterSeconds: Type.Number({ minimum: 0, maximum: 3_600 }) }, closed),
]);
const LoadFailed = Type.Object({ type: Type.Literal('load-failed'), ...Thrown, retry: Type.Optional(Retry) }, closed);

const Http = Type.Object(
  {
    kind: Type.Literal('http'),
    method: Type.String(),
    url: Type.String(),
    query: SecretPairs,
    headers: SecretPairs,
    body: SecretBody,
  },
  closed,
);

const Ask = Type.Object(
  {
    type: Type.Literal('ask'),
    call: Call,
    ask: Call,
    request: Type.Union([
      Type.Object({ kind: Type.Literal('read'), type: Type.String(), id: Type.String() }, closed),
      Type.Object({ kind: Type.Literal('search'), type: Type.String(), query: Type.String() }, closed),
      Http,
    ]),
  },
  closed,
);

const LogLevel = Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')]);
const Log = Type.Object({ type: Type.Literal('log'), call: Call, level: LogLevel, message: Type.String() }, closed);

const Effect = Type.Object({ type: Type.String({ minLength: 1 }), payload: Type.Unknown() }, closed);
const Done = Type.Object({ type: Type.Literal('done'), call: Call, effects: Type.Array(Effect) }, closed);
const Failed = Type.Object(
  { type: Type.Literal('failed'), call: Call, ...Thrown, retry: Type.Optional(Retry) },
  closed,
);
/** The handler returned something other than effects, or too much. */
const Nonsense = Type.Object({ type: Type.Literal('nonsense'), call: Call, reason: Type.String() }, closed);
const Excess = Type.Union([
  Type.Literal('host calls'),
  Type.Literal('bytes in one request'),
  Type.Literal('bytes of effects'),
  Type.Literal('effects'),
]);
const TooMuch = Type.Object({ type: Type.Literal('too-much'), call: Call, what: Excess }, closed);

const FromGuestSchema = Type.Array(Type.Union([Registered, LoadFailed, Ask, Log, Done, Failed, Nonsense, TooMuch]));

export type FromGuest = Static<typeof FromGuestSchema>[number];
export type AskRequest = Static<typeof Ask>['request'];
export type HttpAsk = Static<typeof Http>;
export type LogLevel = Static<typeof LogLevel>;
/** What a call can have too much of. */
export type Excess = Static<typeof Excess>;

const fromGuest = Compile(FromGuestSchema);

/**
 * The call whose answer, if longer than a shared text, has more than `most` names, since a huge object takes long to parse.
 * Undefined for any other text.
 */
export function callOfTooMany(text: string, most: number): number | undefined {
  const [, call] = /^\[\{"type":"done","call":(\d{1,15}),/.exec(text) ?? [];
  if (call === undefined) return undefined;
  let names = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) {
    if (text[at - 1] !== '\\' && ++names > most) return Number(call);
  }
  return undefined;
}

/** Parses an isolate's output; undefined if no plugin can produce it, so the isolate has been tampered with. */
export function parseFromGuest(text: string): readonly FromGuest[] | undefined {
  const json = parseJson(text);
  return fromGuest.Check(json) ? json : undefined;
}

// ── Entries of a batch: messages between host and runner. `frames.ts` has their wire format.
//    Isolate numbers are never reused, so a late answer can't reach a newer isolate.

export type ToRunner =
  /** Creates an isolate and runs the script in it. The text is `LoadOptions` as JSON, a newline, and the script. */
  | { readonly type: 'load'; readonly isolate: number; readonly text: string }
  /** Runs one step; the text is a `ToGuest`. */
  | { readonly type: 'step'; readonly isolate: number; readonly text: string }
  | { readonly type: 'drop'; readonly isolate: number; readonly text: string };

export interface LoadOptions {
  readonly memoryMB: number;
  /** Wall time limit of a step. */
  readonly stepWallMs: number;
  readonly loadMs: number;
  readonly guest: {
    /** Milliseconds since 1970 while the plugin's top level runs. */
    readonly now: number;
    readonly hostCalls: number;
    readonly requestBytes: number;
    readonly effectBytes: number;
    readonly effects: number;
    readonly logLines: number;
    readonly logBytes: number;
  };
}

const IsolateEndSchema = Type.Object(
  {
    /** A step took too long, used too much memory, or returned too much, or the script doesn't run. */
    why: Type.Union([Type.Literal('timeout'), Type.Literal('memory'), Type.Literal('output'), Type.Literal('load')]),
    /** Position in the batch of the entry that was running. */
    entry: Type.Integer({ minimum: 0 }),
    /** Total processor time of the isolate, in ms; 0 if the engine disposed of it. */
    cpuMs: Type.Number(),
    /** Processor time of its last step, in ms. */
    ranMs: Type.Number({ minimum: 0 }),
    detail: Type.String({ maxLength: 4_000 }),
  },
  closed,
);
export type IsolateEnd = Static<typeof IsolateEndSchema>;

const StraySchema = Type.Object(
  { entry: Type.Integer({ minimum: 0 }), message: Type.String({ maxLength: 2_000 }) },
  closed,
);

export type FromRunner =
  | { readonly type: 'ready' }
  /** JSON text of a list of `FromGuest`. */
  | { readonly type: 'said'; readonly isolate: number; readonly text: string }
  /** Processor time of the isolate so far, in ms. */
  | { readonly type: 'spent'; readonly isolate: number; readonly cpuMs: number }
  /** A promise was rejected in a step without a handler. */
  | { readonly type: 'stray'; readonly isolate: number; readonly entry: number; readonly message: string }
  /** The isolate is gone. */
  | { readonly type: 'ended'; readonly isolate: number; readonly end: IsolateEnd };

const isolateEnd = Compile(IsolateEndSchema);
const stray = Compile(StraySchema);

/** Parses a runner's message; undefined if none of ours sends it. */
export function parseFromRunner(entry: RawEntry): FromRunner | undefined {
  const { isolate, text } = entry;
  switch (entry.kind) {
    case FROM_RUNNER.ready:
      return { type: 'ready' };
    case FROM_RUNNER.said:
      return { type: 'said', isolate, text };
    case FROM_RUNNER.spent: {
      const cpuMs = Number(text);
      return Number.isFinite(cpuMs) && cpuMs >= 0 ? { type: 'spent', isolate, cpuMs } : undefined;
    }
    case FROM_RUNNER.stray: {
      const json = parseJson(text);
      return stray.Check(json) ? { type: 'stray', isolate, ...json } : undefined;
    }
    case FROM_RUNNER.ended: {
      const json = parseJson(text);
      return isolateEnd.Check(json) ? { type: 'ended', isolate, end: json } : undefined;
    }
    default:
      return undefined;
  }
}

/** The slow way only for text that may contain unstorable characters. */
function parseJson(text: string): unknown {
  try {
    const json: unknown = parseExact(text);
    return text.includes('__proto__') || text.includes('\\u') ? storable(json) : json;
  } catch {
    return undefined;
  }
}
