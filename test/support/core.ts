// A core on a database of its own, and plugins written into the test that uses them.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExtractResource, Resource } from '@medplum/fhirtypes';
import type { Origin } from '#chart/origin.ts';
import type { PluginView } from '#delivery/plugin-view.ts';
import { SYSTEM } from '#kit/authority.ts';
import { packPlugin } from '#plugin-host/package.ts';
import { type Core, type CoreOptions, openCore } from '#app.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';
import { seenIn } from './seen.ts';

export const ORIGIN: Origin = { actor: { type: 'user', id: 'test' }, source: 'api', authority: SYSTEM };

/** Retries that a test can wait for. */
const QUICK = { waits: [30, 60, 90] };

export interface TestCore extends Core {
  readonly database: FreshDatabase;
  /** Creates records in one unit of work. */
  create<R extends Resource>(...resources: R[]): Promise<R[]>;
  /** Installs a plugin from its source. */
  install(plugin: { name: string; source: string; scopes?: string[]; more?: object }): Promise<PluginView>;
  /** Waits until only dead letters are left. */
  settled(): Promise<void>;
  find<T extends Resource['resourceType']>(type: T, query?: string): Promise<ExtractResource<T>[]>;
  /** Closes the core; with `keep`, the database stays for another. */
  end(options?: { keep?: boolean }): Promise<void>;
}

export async function startCore(options: Partial<CoreOptions> & { on?: FreshDatabase } = {}): Promise<TestCore> {
  const database = options.on ?? (await freshDatabase());
  const core = await openCore(database.connection, { node: 'test', retryPolicy: QUICK, ...options });
  await core.run();
  return {
    ...core,
    database,
    create: async <R extends Resource>(...resources: R[]) => {
      const { result } = await core.chart.withChart(ORIGIN, async (draft) => resources.map((one) => draft.create(one)));
      return result;
    },
    install: async (plugin) => core.plugins.install(plugin.name, await packageOf(plugin), () => {}),
    settled: () => until(async () => owed(core)),
    find: async (type, query = '') => [...(await seenIn(core.chart).search(type, query)).matches],
    async end({ keep = false } = {}) {
      await core.close();
      if (!keep) await database.drop();
    },
  };
}

/** The plugin's folder, packed as `chartwire install` would. */
export async function packageOf(plugin: {
  name: string;
  source: string;
  scopes?: string[];
  more?: object;
}): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-test-plugin-'));
  try {
    const { name, scopes = [], more } = plugin;
    const manifest = { name, version: '1.0.0', description: 'For a test.', entry: 'src/index.ts', scopes, ...more };
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'chartwire.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'src/index.ts'), plugin.source);
    return await packPlugin(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Polls until `done`, for at most two minutes: a slow machine may take its time, and only a failure takes them all. */
export async function until(done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error('what was waited for did not happen within two minutes');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function owed(core: Core): Promise<boolean> {
  const { items } = await core.deliveries.list({ limit: 200 });
  return items.every(({ state }) => state === 'dead');
}
