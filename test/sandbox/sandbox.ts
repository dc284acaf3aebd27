// A plugin host and plugins for the tests of this folder: real runners, real isolates.

import { randomFillSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import type { EventEnvelope } from '#kit/event.ts';
import { uuidv7 } from '#kit/ids.ts';
import { buildPlugin } from '#plugin-host/build.ts';
import type { HandlerCall, HandlerInfo, HandlerResult, HostServices, PluginHost } from '#plugin-host/contract.ts';
import { createPluginHost, type PluginHostOptions } from '#plugin-host/host.ts';

export interface Written {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

const folders: string[] = [];
const hosts: PluginHost[] = [];
after(async () => {
  for (const host of hosts) await host.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A folder with these files, removed after the tests of the file. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-sandbox-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

export function manifestOf(name: string, more: object = {}): string {
  return JSON.stringify({ name, version: '1.0.0', description: 'For a test.', entry: 'src/index.ts', ...more });
}

/** A handler class named `name` whose compute() has this body. */
export function handler(body: string, name = 'Handler'): string {
  return `import { BaseProtocol, CronTask, EventType } from 'chartwire/sdk';
export class ${name} extends BaseProtocol {
  static RESPONDS_TO = [EventType.PATIENT_CREATED];
  async compute() { ${body} }
}
`;
}

export class Sandbox {
  readonly host: PluginHost;
  /** What the host logged. */
  readonly log: readonly Written[];

  private constructor(host: PluginHost, log: readonly Written[]) {
    this.host = host;
    this.log = log;
  }

  /** A started host, stopped after the tests of the file. */
  static async start(options: Partial<PluginHostOptions> = {}): Promise<Sandbox> {
    const written: Written[] = [];
    const at = (level: Written['level']) => (fields: object, message: string) =>
      void written.push({ level, fields: { ...fields }, message });
    const host = createPluginHost({ log: { info: at('info'), warn: at('warn'), error: at('error') }, ...options });
    await host.start();
    hosts.push(host);
    return new Sandbox(host, written);
  }

  /** Loads a plugin whose entry is `source`. */
  async load(name: string, source: string, manifest: object = {}): Promise<readonly HandlerInfo[]> {
    const folder = await folderOf({ 'chartwire.json': manifestOf(name, manifest), 'src/index.ts': source });
    return (await this.host.load(await buildPlugin(folder))).handlers;
  }

  call(plugin: string, more: Partial<HandlerCall> = {}): Promise<HandlerResult> {
    return this.host.call({
      plugin,
      handler: 'Handler',
      event: patientCreated(),
      execution: newId(),
      services: NOTHING,
      variables: {},
      ...more,
    });
  }

  /** Calls it until it is trusted. */
  async prove(plugin: string, handlerName: string): Promise<void> {
    while (this.where(plugin) === 'probation') {
      const { error } = await this.call(plugin, { handler: handlerName });
      if (error) throw new Error(`${plugin}: ${error.message}`);
    }
  }

  where(plugin: string): string | undefined {
    return this.host.status().find((status) => status.plugin === plugin)?.where;
  }
}

export const NOTHING: HostServices = { read: async () => null, search: async () => [] };

export function patientCreated(more: Partial<EventEnvelope> = {}): EventEnvelope {
  return {
    id: newId(),
    type: 'PATIENT_CREATED',
    target: { type: 'Patient', id: 'pat' },
    patient: 'pat',
    note: null,
    actor: { type: 'user', id: 'user' },
    source: 'fhir',
    at: '2026-01-02T03:04:05.678Z',
    chartVersion: 1,
    cause: null,
    depth: 0,
    context: {},
    ...more,
  };
}

export function newId(): string {
  return uuidv7(Date.now(), (bytes) => randomFillSync(bytes));
}
