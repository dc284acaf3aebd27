// The plugin host's interface to the rest of Chartwire. protocol.ts has the messages between host and runner.

import type { Resource } from '@medplum/fhirtypes';
import type { ErrorCode } from '@chartwire/sdk/internal/kit/errors';
import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import type { Manifest } from './manifest.ts';

/** A built plugin: one script for the sandbox, its source map, and its manifest. */
export interface PluginBuild {
  readonly manifest: Manifest;
  /** The bundled script. */
  readonly code: string;
  /** Source map (JSON), so that stack traces show the author's file and line. */
  readonly sourceMap: string;
  /** SHA-256 of code, hex. */
  readonly digest: string;
}

/** A handler class that a plugin exports. */
export interface HandlerInfo {
  /** Name of the exported class. */
  readonly name: string;
  readonly respondsTo: readonly string[];
  /** CronTask only. */
  readonly schedule?: string;
  readonly timezone?: string;
  readonly catchUp?: CatchUp;
  /** It is also given the events of its own effects. */
  readonly hearsOwn?: boolean;
}

/** What happens to runs of a schedule that were missed: none, the last one, or each is made up for. */
export type CatchUp = 'skip' | 'latest' | 'all';

/** What the host offers a plugin during a call, already limited to the plugin's scopes and the event. */
export interface HostServices {
  /**
   * Reads a record; null if it doesn't exist.
   *
   * @throws {Refusal} when the scopes don't allow it
   */
  read(type: string, id: string): Promise<Resource | null>;
  /** FHIR search parameters as a query string; at most 1,000 records. */
  search(type: string, query: string): Promise<Resource[]>;
}

export interface HandlerCall {
  readonly plugin: string;
  readonly handler: string;
  readonly event: EventEnvelope;
  /** UUIDv7 of the execution. */
  readonly execution: string;
  readonly services: HostServices;
  /** Values of the plugin's variables. Sensitive ones stay with the host, which inserts them into outgoing requests. */
  readonly variables: Readonly<Record<string, { value: string; sensitive: boolean }>>;
  /** The practice's time zone. Defaults to UTC. */
  readonly timeZone?: string;
  /** Milliseconds for the whole call. Defaults to 5,000. */
  readonly deadline?: number;
}

/** One request of the handler to the host, recorded in order for replay. */
export interface HostCallRecord {
  readonly kind: 'read' | 'search' | 'http';
  /** `Patient/1`, `Observation?code=...`, `POST https://host/path`. Excludes sensitive values. */
  readonly request: string;
  /** `ok`, an HTTP status, or an error code. */
  readonly outcome: string;
  readonly ms: number;
  /** Versioned references of the records returned: `Patient/1/_history/3`. */
  readonly given: readonly string[];
}

export interface HandlerResult {
  readonly state: 'completed' | 'failed';
  /** Effects exactly as they left the sandbox: untrusted. Empty if the call failed. */
  readonly effects: readonly { type: string; payload: unknown }[];
  readonly error: { code: ErrorCode; message: string; stack?: string } | null;
  readonly calls: readonly HostCallRecord[];
  readonly logs: readonly { level: 'debug' | 'info' | 'warn' | 'error'; message: string; at: string }[];
  /** Wall time of the call in milliseconds. */
  readonly ms: number;
  /** Whether a retry of the event may help, as after a neighbor's crash or on a busy host. */
  readonly retryable: boolean;
  /** The handler's minimum delay before a retry, in milliseconds. */
  readonly retryAfterMs: number;
}

export interface PluginHost {
  /** Starts the runner processes. */
  start(): Promise<void>;
  /**
   * Loads a build, next to or instead of an earlier one of the same name.
   *
   * @throws {Refusal} `plugin.load` with the reason
   */
  load(build: PluginBuild): Promise<{ handlers: readonly HandlerInfo[] }>;
  /** Runs no more calls of the plugin, and drops its isolates. */
  unload(plugin: string): Promise<void>;
  /** Runs one handler on one event. A plugin's failure is in the result and never rejects. */
  call(call: HandlerCall): Promise<HandlerResult>;
  /** For the plugins page and the metrics. */
  status(): readonly PluginStatus[];
  /** For the operator: the runners' isolation and state. */
  runners(): RunnersStatus;
  /** Stops the runners. Calls in progress fail as retryable. */
  stop(): Promise<void>;
}

export interface PluginStatus {
  readonly plugin: string;
  readonly version: string;
  readonly where: 'probation' | 'main' | 'quarantined';
  readonly strikes: number;
}

export interface RunnersStatus {
  /** `bubblewrap`, `namespaces and another user` ...; undefined before the start. */
  readonly isolation: string | undefined;
  /** Whether the runners could open network connections. A plugin can't, unless it breaks out of its isolate. */
  readonly network: 'none' | 'open' | undefined;
  /** How to get stronger isolation on this machine. */
  readonly advice?: string;
  readonly processes: readonly {
    readonly role: 'main' | 'probation' | 'trial' | 'apart';
    readonly pid: number | undefined;
    readonly isolates: number;
    /** Number of deaths since the start. */
    readonly deaths: number;
  }[];
}
