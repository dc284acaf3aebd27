// For plugin authors, as `chartwire/testing`: runs a plugin's folder in the real sandbox, with records in memory.
//
//   const plugin = await openPlugin('.', { records: [patient, report] });
//   const { effects, error } = await plugin.deliver('LAB_REPORT_CREATED', { record: report });
//   await plugin.close();

import { randomFillSync } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { inReach, requirePermission, requireReach, requireSearch } from '#chart/authority.ts';
import type { ChartEvent, ContextOf, EventType } from '@chartwire/sdk/internal/events/catalogue';
import { EVENTS } from '@chartwire/sdk/internal/events/catalogue';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { uuidv7 } from '@chartwire/sdk/internal/kit/ids';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import { ScopeSet } from '@chartwire/sdk/internal/kit/scopes';
import { isResourceType } from '#r4/resource-types.ts';
import { patientOf } from '#r4/search-index.ts';
import { buildPlugin } from './build.ts';
import type { HandlerInfo, HandlerResult, HostServices, PluginHost } from './contract.ts';
import { createPluginHost } from './host.ts';
import type { OutgoingRequest } from './http.ts';
import type { Limits } from './limits.ts';
import type { Manifest } from './manifest.ts';
import { wholeEvent } from './test-event.ts';
import { searchRecords } from './test-search.ts';

export type { OutgoingRequest } from './http.ts';

/** What a test gives its plugin to work with. */
export interface OpenOptions {
  /** FHIR records that the plugin can read and search. Each needs an id. */
  readonly records?: readonly Resource[];
  /** Values of the variables that the manifest declares, by name. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Answers HTTP requests to the hosts of the manifest. Requests fail without it. */
  readonly http?: (request: OutgoingRequest) => TestAnswer | Promise<TestAnswer>;
  /** IANA time zone of the practice. Defaults to UTC. */
  readonly timeZone?: string;
  /** Lower limits than the server's, to find an overrun sooner. */
  readonly limits?: Partial<Limits>;
}

/** The response of another system to a plugin's request. */
export interface TestAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
}

/** An event to deliver. Missing members are filled in. */
export type TestEvent<T extends EventType = EventType> = Partial<Omit<ChartEvent<T>, 'type' | 'context'>> & {
  /** The FHIR record that it is about. Target, patient, and context are derived from it. */
  readonly record?: Resource;
  /** Missing members of a command's or a search's context are those of an empty command, staged in a note. */
  readonly context?: Partial<ContextOf<T>>;
  /** Runs only the handler with this class name. */
  readonly handler?: string;
};

/** The results of all handlers that respond to the event, in order of their names. */
export interface Delivered {
  /** Effects that the handlers returned. They aren't applied. */
  readonly effects: HandlerResult['effects'];
  readonly logs: HandlerResult['logs'];
  readonly calls: HandlerResult['calls'];
  /** The first error, or null. */
  readonly error: HandlerResult['error'];
}

/** A plugin, loaded in the sandbox. */
export interface TestPlugin extends AsyncDisposable {
  readonly manifest: Manifest;
  readonly handlers: readonly HandlerInfo[];
  /**
   * Runs the handlers that respond to `type`, and returns their results. A handler that throws is in `error`.
   *
   * @throws {Error} when no handler responds to the type
   */
  deliver<T extends EventType>(type: T, event?: TestEvent<T>): Promise<Delivered>;
  /**
   * Adds records, or replaces those with the same type and id.
   *
   * @throws {Error} for a record without an id
   */
  put(...records: readonly Resource[]): void;
  /** Stops the sandbox. The plugin can't be used afterwards. */
  close(): Promise<void>;
}

const SILENT = { info() {}, warn() {}, error() {} };
const EVENT_TYPES: ReadonlySet<string> = new Set(EVENTS.map(({ type }) => type));

/**
 * Builds and loads the plugin in `folder`. Close it after the tests.
 *
 * @throws {Refusal} the one that `chartwire install` would show
 * @throws {Error} for a variable that the manifest doesn't declare, or a record without an id
 */
export async function openPlugin(folder: string, options: OpenOptions = {}): Promise<TestPlugin> {
  const build = await buildPlugin(folder);
  const host = createPluginHost({
    log: SILENT,
    http: { send: (request) => answer(options.http, request) },
    limits: options.limits,
    eventTypes: EVENT_TYPES,
    mainRunners: 0,
  });
  await host.start();
  try {
    const { handlers } = await host.load(build);
    return new OpenPlugin(host, build.manifest, handlers, options);
  } catch (error) {
    await host.stop();
    throw error;
  }
}

async function answer(http: OpenOptions['http'], request: OutgoingRequest) {
  if (!http) throw new Refusal('host.http', { reason: 'the test gives no `http` to answer it' });
  const { status, headers = {}, body = '' } = await http(request);
  return { status, headers, body: typeof body === 'string' ? body : printJson(body) };
}

class OpenPlugin implements TestPlugin {
  readonly manifest: Manifest;
  readonly handlers: readonly HandlerInfo[];
  readonly #host: PluginHost;
  readonly #variables: Readonly<Record<string, { value: string; sensitive: boolean }>>;
  readonly #timeZone: string;
  readonly #records = new Map<string, Resource>();

  constructor(host: PluginHost, manifest: Manifest, handlers: readonly HandlerInfo[], options: OpenOptions) {
    this.#host = host;
    this.manifest = manifest;
    this.handlers = handlers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.#variables = variablesOf(manifest, options.variables ?? {});
    this.#timeZone = options.timeZone ?? 'UTC';
    this.put(...(options.records ?? []));
  }

  put(...records: readonly Resource[]): void {
    for (const record of records) {
      if (!record.id) throw new Error(`A ${record.resourceType} for a test needs an id.`);
      this.#records.set(`${record.resourceType}/${record.id}`, record);
    }
  }

  async deliver<T extends EventType>(type: T, given: TestEvent<T> = {}): Promise<Delivered> {
    const { record, handler: only, ...event } = given;
    if (record) this.put(record);
    const { target } = event;
    const about = record ?? (target && this.#records.get(`${target.type}/${target.id}`));
    const whole = wholeEvent(newId(), type, event, about);
    const responding = this.handlers.filter(
      ({ name, respondsTo }) => respondsTo.includes(type) && (only === undefined || only === name),
    );
    if (responding.length === 0) throw new Error(`No handler${only ? ` named ${only}` : ''} responds to ${type}.`);
    const delivered = { effects: [], logs: [], calls: [], error: null } as Mutable<Delivered>;
    for (const { name } of responding) {
      const result = await this.#host.call({
        plugin: this.manifest.name,
        handler: name,
        event: whole,
        execution: newId(),
        services: this.#services(whole.patient),
        variables: this.#variables,
        timeZone: this.#timeZone,
      });
      delivered.effects = [...delivered.effects, ...result.effects];
      delivered.logs = [...delivered.logs, ...result.logs];
      delivered.calls = [...delivered.calls, ...result.calls];
      delivered.error ??= result.error;
    }
    return delivered;
  }

  /** Allows reads as the server does: by the manifest's scopes, `patient/` scopes only in the event's chart. */
  #services(patient: string | null): HostServices {
    const authority = { scopes: new ScopeSet(this.manifest.scopes), patient };
    const asker = { actor: { type: 'plugin', id: this.manifest.name }, authority } as const;
    return {
      read: async (type, id) => {
        refuseUnknown(type);
        requirePermission(asker, type, 'r');
        const record = this.#records.get(`${type}/${id}`);
        if (!record) return null;
        requireReach(asker, type, 'r', patientOf(record));
        return record;
      },
      search: async (type, query) => {
        refuseUnknown(type);
        requireSearch(asker, type, query);
        const readable = [...this.#records.values()].filter((record) =>
          inReach(asker, record.resourceType, 's', patientOf(record)),
        );
        return searchRecords(type, readable, query);
      },
    };
  }

  close(): Promise<void> {
    return this.#host.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function variablesOf(manifest: Manifest, given: Readonly<Record<string, string>>) {
  const variables: Record<string, { value: string; sensitive: boolean }> = {};
  for (const { name, sensitive = false, default: fallback } of manifest.variables) {
    const value = given[name] ?? fallback;
    if (value !== undefined) variables[name] = { value, sensitive };
  }
  const unknown = Object.keys(given).find((name) => !manifest.variables.some((variable) => variable.name === name));
  if (unknown) throw new Error(`chartwire.json declares no variable ${unknown}.`);
  return variables;
}

function refuseUnknown(type: string): void {
  if (!isResourceType(type)) throw new Refusal('record.unknown-type', { type });
}

function newId(): string {
  return uuidv7(Date.now(), (bytes) => randomFillSync(bytes));
}
