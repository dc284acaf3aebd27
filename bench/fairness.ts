// How a plugin that uses all it can affects others: many handlers, many effects in one answer, a looping gate, and attacks in the
// same runner. Each is compared with the same work alone, in the same run.

import { randomFillSync } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Task } from '@medplum/fhirtypes';
import { createNote } from '#chart/notes.ts';
import { uuidv7 } from '#kit/ids.ts';
import { buildPlugin } from '#plugin-host/build.ts';
import type { PluginHost } from '#plugin-host/contract.ts';
import { createPluginHost } from '#plugin-host/host.ts';
import { packPlugin } from '#plugin-host/package.ts';
import { ORIGIN, openPlace, type Place } from './support/place.ts';

const ESCAPES = join(import.meta.dirname, '../test/sandbox/escapes');
const INNOCENT = `
import { BaseProtocol, EventType, log } from 'chartwire/sdk';
export class Works extends BaseProtocol.on(EventType.TASK_CREATED) {
  async compute() { return [log({ message: this.event.target.id })]; }
}`;

export async function run(): Promise<void> {
  const parts: Record<string, () => Promise<void>> = { handlers, effects, gates, neighbors };
  const wanted = (process.env.FAIRNESS ?? Object.keys(parts).join()).split(',');
  for (const name of wanted) await parts[name]?.();
}

/** Three events, and how long the innocent plugin takes to have done them, beside so many handlers of another plugin. */
async function handlers(): Promise<void> {
  for (const count of [0, 100, 400, 1_500]) {
    const place = await openPlace();
    try {
      await install(place, 'innocent', INNOCENT);
      await threeEvents(place);
      const refused = count === 0 ? undefined : await install(place, 'hog', hog(count)).then(undefined, String);
      if (refused) console.log(`  ${count} handlers: not installed: ${refused}`);
      else {
        const delay = monitorEventLoopDelay({ resolution: 5 });
        delay.enable();
        const ms = await threeEvents(place);
        const rss = process.memoryUsage.rss() / 1e6;
        console.log(
          `  beside ${count} handlers: ${ms.toFixed(0)} ms for three events, event loop held ${(delay.max / 1e6).toFixed(0)} ms, ${rss.toFixed(0)} MB`,
        );
      }
    } finally {
      await place.close();
    }
  }
}

function hog(count: number): string {
  const classes = Array.from(
    { length: count },
    (_, n) =>
      `export class H${n} extends BaseProtocol.on(EventType.TASK_CREATED) { compute() { return [log({ message: 'x' })]; } }`,
  );
  return `import { BaseProtocol, EventType, log } from 'chartwire/sdk';\n${classes.join('\n')}`;
}

async function threeEvents(place: Place): Promise<number> {
  const began = performance.now();
  const before = await done(place, 'innocent');
  for (let n = 1; n <= 3; n++) await createTask(place, `p${n}`);
  while ((await done(place, 'innocent')) < before + 3) await pause(10);
  return performance.now() - began;
}

async function done(place: Place, plugin: string): Promise<number> {
  const { rows } = await place.core.store.pool.query<{ n: string }>(
    'SELECT count(*) AS n FROM execution WHERE plugin = $1',
    [plugin],
  );
  return Number(rows[0]!.n);
}

/** How long the server's event loop is held by one answer of so many effects. */
async function effects(): Promise<void> {
  const place = await openPlace();
  try {
    for (const count of [1, 100, 500, 4_000]) {
      const name = `many-${count}`;
      await install(place, name, many(count), ['patient/Task.c']);
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const began = performance.now();
      await createTask(place, 'p1', 'start');
      let state = 'nothing after 20 s';
      while (performance.now() - began < 20_000) {
        const [execution] = (await place.core.plugins.executions(name, { limit: 1 })).items;
        if (execution) {
          state = execution.error?.message ?? execution.state;
          break;
        }
        await pause(20);
      }
      const ms = performance.now() - began;
      console.log(
        `  ${count} effects: ${ms.toFixed(0)} ms, event loop held ${(delay.max / 1e6).toFixed(0)} ms: ${state}`,
      );
      await place.core.plugins.remove(name);
    }
  } finally {
    await place.close();
  }
}

function many(count: number): string {
  return `import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
export class Many extends BaseProtocol.on(EventType.TASK_CREATED) {
  compute() {
    if (this.event.context.record.description !== 'start') return [];
    return Array.from({ length: ${count} }, (_, n) => createTask({ title: 'Task ' + n, patient: this.event.patient }));
  }
}`;
}

/** How many of twenty commits a harmless gate answers next to a looping one, both new. */
async function gates(): Promise<void> {
  const place = await openPlace();
  try {
    const gate = (body: string) => `import { BaseProtocol, EventType } from 'chartwire/sdk';
export class Gate extends BaseProtocol.on(EventType.PLAN_COMMAND__PRE_COMMIT) { compute() { ${body} } }`;
    await install(place, 'a-loops', gate('for (;;);'));
    await install(place, 'innocent', gate('return [];'));
    const { result: note } = await place.core.chart.withChart(ORIGIN, async (draft) =>
      createNote(draft, ORIGIN, { patient: 'p1' }),
    );
    for (let n = 0; n < 20; n++) {
      await place.core.chart.withChart(ORIGIN, async (draft) => {
        const wish = { note: note.id, command: 'plan', fields: { narrative: `Plan ${n}` }, commit: true };
        await place.core.commands.originate(draft, ORIGIN, wish);
      });
    }
    await pause(500);
    const { items } = await place.core.plugins.executions('innocent', { limit: 100 });
    const passed = items.filter(({ state, ms }) => state === 'completed' && ms <= 300);
    const longest = Math.max(...items.map(({ ms }) => ms));
    console.log(
      `  the innocent gate answered in time in ${passed.length} of 20 commits; its longest took ${longest.toFixed(0)} ms`,
    );
    console.log(
      `  left out: ${JSON.stringify(['a-loops', 'innocent'].map((name) => place.core.plugins.breaker.resting(name, Date.now())))}`,
    );
  } finally {
    await place.close();
  }
}

/** How late the calls of a plugin in the same runner are, under each attack of the folder. */
async function neighbors(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  const only = process.env.ATTACKS?.split(',');
  for (const attack of (await readdir(ESCAPES)).toSorted()) {
    if (only && !only.includes(attack)) continue;
    // Attacks on the build have no handler.
    if (attack.startsWith('build-')) continue;
    const host = createPluginHost({ log: { info() {}, warn() {}, error() {} } });
    await host.start();
    try {
      await loadInto(host, folder, 'neighbor');
      await loadInto(host, folder, attack, attack);
      const alone = await slowest(host, new Promise((resolve) => setTimeout(resolve, 500)));
      const result = call(host, attack, 'Attack');
      const beside = await slowest(host, Promise.all([result, pause(300)]));
      console.log(
        `  ${attack.padEnd(28)} ${(await result).error?.code ?? 'completed'}: alone ${alone.toFixed(0)} ms, beside it ${beside.toFixed(0)} ms`,
      );
    } finally {
      await host.stop();
    }
  }
  await rm(folder, { recursive: true });
}

async function slowest(host: PluginHost, until: Promise<unknown>): Promise<number> {
  let longest = 0;
  let over = false;
  void until.then(() => {
    over = true;
  });
  const calls: Promise<void>[] = [];
  while (!over) {
    calls.push(
      call(host, 'neighbor', 'Works').then(({ ms, error }) => {
        longest = Math.max(longest, error ? Number.POSITIVE_INFINITY : ms);
      }),
    );
    await pause(5);
  }
  await Promise.all(calls);
  return longest;
}

const WORKS = `
import { BaseProtocol, EventType } from 'chartwire/sdk';
export class Works extends BaseProtocol {
  static RESPONDS_TO = [EventType.PATIENT_CREATED];
  async compute() { await this.data.read('Patient', 'p'); return []; }
}
`;

async function loadInto(host: PluginHost, folder: string, name: string, attack?: string): Promise<void> {
  const at = join(folder, name);
  await mkdir(join(at, 'src'), { recursive: true });
  const manifest = {
    name,
    version: '1.0.0',
    description: 'For a bench.',
    entry: 'src/main.ts',
    network: ['example.org'],
  };
  await writeFile(join(at, 'chartwire.json'), JSON.stringify(manifest));
  await writeFile(join(at, 'src/main.ts'), attack ? `${WORKS}\nexport * from './index.ts';` : WORKS);
  if (attack) await cp(join(ESCAPES, attack, 'index.ts'), join(at, 'src/index.ts'));
  await host.load(await buildPlugin(at));
}

function call(host: PluginHost, plugin: string, handler: string) {
  const id = () => uuidv7(Date.now(), (bytes) => randomFillSync(bytes));
  return host.call({
    plugin,
    handler,
    execution: id(),
    services: { read: async (_, id) => ({ resourceType: 'Patient', id }), search: async () => [] },
    variables: {},
    event: {
      id: id(),
      type: 'PATIENT_CREATED',
      target: { type: 'Patient', id: 'p' },
      patient: 'p',
      note: null,
      actor: { type: 'user', id: 'user' },
      source: 'fhir',
      at: new Date().toISOString(),
      chartVersion: 1,
      cause: null,
      depth: 0,
      context: {},
    },
  });
}

// ── Parts

async function install(place: Place, name: string, source: string, scopes: string[] = []): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  await mkdir(join(folder, 'src'));
  const manifest = { name, version: '1.0.0', description: 'For a bench.', entry: 'src/index.ts', scopes };
  await writeFile(join(folder, 'chartwire.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'src/index.ts'), source);
  await place.core.plugins.install(name, await packPlugin(folder), () => {});
  await rm(folder, { recursive: true });
}

async function createTask(place: Place, patient: string, description = 'task'): Promise<void> {
  const task: Task = {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    description,
    for: { reference: `Patient/${patient}` },
  };
  await place.core.chart.withChart(ORIGIN, async (draft) => draft.create(task));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
