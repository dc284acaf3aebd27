// What a plugin is made of: classes that say what they respond to, and compute effects.

import type { GateAnswer, SearchAnswer } from '#effects/answers.ts';
import type { ChartEvent, EventType } from '#events/catalogue.ts';
import type { DataReader } from './data.ts';
import type { Effect } from './effect.ts';
import { Http } from './http.ts';
import type { Secret } from './secrets.ts';

/** Writes to the plugin's log at once, whatever becomes of the execution. Keep PHI out of it. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** By name; a sensitive one is a reference. Those that have no value are missing. */
export type Variables = Readonly<Record<string, string | Secret | undefined>>;

/** What holds at the practice, when the handler is called. */
export interface Practice {
  /** IANA name, `America/New_York`. */
  readonly timeZone: string;
  /** The day it is there, `2026-08-23`. */
  readonly today: string;
}

/** What the host gives a handler for one event. */
export interface HandlerContext<T extends EventType = EventType> {
  readonly event: ChartEvent<T>;
  readonly practice: Practice;
  readonly data: DataReader;
  readonly http: Pick<Http, 'fetch'>;
  readonly variables: Variables;
  readonly log: Log;
}

/** Effects for a notice; for a gate or a search, what is said to it. */
export type Returned = Effect | GateAnswer | SearchAnswer;

// biome-ignore lint/suspicious/noConfusingVoidType: compute() may end without a return
export type Answer = Returned | readonly Returned[] | void;

/** A class to extend, for handlers of the event types `T`. */
export type HandlerClass<T extends EventType> = {
  readonly RESPONDS_TO: readonly T[];
} & (abstract new (
  context: HandlerContext<T>,
) => BaseProtocol<T>);

/**
 * A handler: one object an event. Extend `BaseProtocol.on(EventType.X, ...)`, which also types `this.event`; or extend
 * `BaseProtocol`, give `static RESPONDS_TO`, and tell the events apart by `this.event.type`.
 */
export abstract class BaseProtocol<T extends EventType = EventType> {
  static readonly RESPONDS_TO: readonly EventType[];

  /** The event being answered. */
  readonly event: ChartEvent<T>;
  /** Its time zone, and the day it is there: `new Date()` knows UTC only. */
  readonly practice: Practice;
  /** Reads records, as far as the plugin's scopes reach. */
  readonly data: DataReader;
  /** Calls other systems, of the hosts that the manifest names. */
  readonly http: Http;
  /**
   * The plugin's variables: text, and of a sensitive one a reference that only `http` can carry. Say which is which:
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

  /** A base class for handlers of these event types: it sets RESPONDS_TO and types `this.event`. */
  static on<const Types extends readonly [EventType, ...EventType[]]>(...types: Types): HandlerClass<Types[number]> {
    abstract class Responding extends BaseProtocol<Types[number]> {
      static override readonly RESPONDS_TO: readonly Types[number][] = types;
    }
    return Responding;
  }

  /** What is to be done about the event. All of the effects are applied, or none. */
  abstract compute(): Answer | Promise<Answer>;
}
