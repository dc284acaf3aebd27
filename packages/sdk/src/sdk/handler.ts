// The classes that make up a plugin: each declares the events it responds to, and computes effects.

import type { GateAnswer, SearchAnswer } from '#effects/answers.ts';
import type { ChartEvent, EventType } from '#events/catalogue.ts';
import type { DataReader } from './data.ts';
import type { Effect } from './effect.ts';
import { Http } from './http.ts';
import type { Secret } from './secrets.ts';

/** Writes to the plugin's log at once, even if the execution fails. Keep PHI out of it. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Values by name. Sensitive variables are references; variables without a value are absent. */
export type Variables = Readonly<Record<string, string | Secret | undefined>>;

/** Facts about the practice at the time of the call. */
export interface Practice {
  /** IANA name, `America/New_York`. */
  readonly timeZone: string;
  /** The local day, `2026-08-23`. */
  readonly today: string;
}

/** What a handler receives for one event. */
export interface HandlerContext<T extends EventType = EventType> {
  readonly event: ChartEvent<T>;
  readonly practice: Practice;
  readonly data: DataReader;
  readonly http: Pick<Http, 'fetch'>;
  readonly variables: Variables;
  readonly log: Log;
}

/** Effects for a notice; an answer for a gate or a search. */
export type Returned = Effect | GateAnswer | SearchAnswer;

/** What `compute()` returns: one effect or answer, a list of them, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: compute() may end without a return
export type Answer = Returned | readonly Returned[] | void;

/** A base class for handlers of the event types `T`. */
export type HandlerClass<T extends EventType> = {
  readonly RESPONDS_TO: readonly T[];
  readonly HEARS_OWN: boolean;
} & (abstract new (
  context: HandlerContext<T>,
) => BaseProtocol<T>);

/**
 * The base class of handlers; one instance per event. Extend `BaseProtocol.on(EventType.X, ...)`, which also types `this.event`.
 * Or extend `BaseProtocol`, set `static RESPONDS_TO`, and branch on `this.event.type`.
 */
export abstract class BaseProtocol<T extends EventType = EventType> {
  static readonly RESPONDS_TO: readonly EventType[];
  /**
   * Whether it is also given the events that its own effects cause, as a step-by-step job needs. A loop is stopped after
   * 8 runs in a row, so return nothing when nothing is left to do.
   */
  static readonly HEARS_OWN: boolean = false;

  /** The event being answered. */
  readonly event: ChartEvent<T>;
  /** Time zone of the practice and the local day; `new Date()` is in UTC. */
  readonly practice: Practice;
  /** Reads records, within the plugin's scopes. */
  readonly data: DataReader;
  /** Calls the hosts that the manifest names. */
  readonly http: Http;
  /**
   * The plugin's variables: strings, and for sensitive ones references that only `http` can send. Declare their types:
   * `declare readonly variables: { readonly PLACE?: string; readonly TOKEN?: Secret };`
   */
  readonly variables: Variables;
  readonly log: Log;

  constructor(context: HandlerContext<T>) {
    this.event = context.event;
    this.practice = context.practice;
    this.data = context.data;
    this.http = new Http(context.http);
    this.variables = context.variables;
    this.log = context.log;
  }

  /** A base class for handlers of these event types. Sets RESPONDS_TO and types `this.event`. */
  static on<const Types extends readonly [EventType, ...EventType[]]>(...types: Types): HandlerClass<Types[number]> {
    abstract class Responding extends BaseProtocol<Types[number]> {
      static override readonly RESPONDS_TO: readonly Types[number][] = types;
    }
    return Responding;
  }

  /** Computes the answer to the event. The server applies all returned effects, or none. */
  abstract compute(): Answer | Promise<Answer>;
}
