// What the rest of Chartwire knows of the plugin host. The messages between host and runner are in protocol.ts.

import type { Resource } from '@medplum/fhirtypes';
import type { ErrorCode } from '@chartwire/sdk/internal/kit/errors';
import type { EventEnvelope } from '@chartwire/sdk/internal/kit/event';
import type { Manifest } from './manifest.ts';

/** A plugin built from its folder: one script for the sandbox, its source map, and what it registers. */
export interface PluginBuild {
  readonly manifest: Manifest;
  /** The bundled script. */
  readonly code: string;
  /** Source map (JSON), so that a stack trace names the author's file and line. */
  readonly sourceMap: string;
  /** SHA-256 of code, hex. */
  readonly digest: string;
}

/** A handler class that a loaded plugin exports. */
export interface HandlerInfo {
  /** Name of the exported class. */
  readonly name: string;
  readonly respondsTo: readonly string[];
  /** CronTask only. */
  readonly schedule?: string;
  readonly timezone?: string;
  readonly catchUp?: CatchUp;
}

/** What happens to runs of a schedule that were missed: none, the last one, or each is made up for. */
export type CatchUp = 'skip' | 'latest' | 'all';

/** What the host answers for a plugin during one call; bound by the caller to the plugin's scopes and to the event. */
export interface HostServices {
  /** The record, or null when it does not exist. Throws a Refusal when the scopes do not allow it. */
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
  /** Values of the plugin's variables; the host keeps the sensitive ones to itself and puts them in on the way out. */
  readonly variables: Readonly<Record<string, { value: string; sensitive: boolean }>>;
  /** The practice's; UTC unless given. */
  readonly timeZone?: string;
  /** Milliseconds for the whole call; 5,000 unless given. */
  readonly deadline?: number;
}

/** One thing the handler asked of the host, in order. Recorded, so that an execution can be replayed. */
export interface HostCallRecord {
  readonly kind: 'read' | 'search' | 'http';
  /** `Patient/1`, `Observation?code=...`, `POST https://host/path`. Without sensitive values. */
  readonly request: string;
  /** `ok`, an HTTP status, or an error code. */
  readonly outcome: string;
  readonly ms: number;
  /** References with versions that were given: `Patient/1/_history/3`. */
  readonly given: readonly string[];
}

export interface HandlerResult {
  readonly state: 'completed' | 'failed';
  /** Effects exactly as they left the sandbox: untrusted data. Empty when failed. */
  readonly effects: readonly { type: string; payload: unknown }[];
  readonly error: { code: ErrorCode; message: string; stack?: string } | null;
  readonly calls: readonly HostCallRecord[];
  readonly logs: readonly { level: 'debug' | 'info' | 'warn' | 'error'; message: string; at: string }[];
  /** Wall time of the call in milliseconds. */
  readonly ms: number;
  /** Whether trying the same event again can help (a crash by a neighbour, a busy host) or cannot. */
  readonly retryable: boolean;
  /** How long a retry should wait at least, as the handler said; in milliseconds. */
  readonly retryAfterMs: number;
}

export interface PluginHost {
  /** Starts the runner processes. */
  start(): Promise<void>;
  /** Loads a build beside or instead of the one of the same name; refuses with `plugin.load` and the reason. */
  load(build: PluginBuild): Promise<{ handlers: readonly HandlerInfo[] }>;
  /** Runs no more calls of the plugin and drops its isolates. */
  unload(plugin: string): Promise<void>;
  /** Runs one handler on one event. Never rejects for what a plugin does: that is in the result. */
  call(call: HandlerCall): Promise<HandlerResult>;
  /** For the plugins page and the metrics. */
  status(): readonly PluginStatus[];
  /** For the operator: what keeps the runners from the rest of the machine, and how they fare. */
  runners(): RunnersStatus;
  /** Ends the runners; calls in flight fail as retryable. */
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
  /** Whether the runners could open network connections; a plugin never can, unless it breaks out of its isolate. */
  readonly network: 'none' | 'open' | undefined;
  /** What would make the isolation stronger here. */
  readonly advice?: string;
  readonly processes: readonly {
    readonly role: 'main' | 'probation' | 'trial' | 'apart';
    readonly pid: number | undefined;
    readonly isolates: number;
    /** How often it died since the start. */
    readonly deaths: number;
  }[];
}
