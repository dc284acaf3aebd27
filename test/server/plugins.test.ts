import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { packPlugin } from '#plugin-host/package.ts';
import { routesFor } from '#server/routes.ts';
import { until } from '../support/core.ts';
import { type Answered, type RunningApp, runApp } from './running-app.ts';

/** The plugin's handler, in the versions that the tests go through. */
const WELCOMES = `
import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
export class Welcome extends BaseProtocol.on(EventType.PATIENT_CREATED) {
  async compute() {
    this.log.info('welcome');
    return [createTask({ title: 'Say welcome', patient: this.event.context.record.id })];
  }
}`;
const THROWS = WELCOMES.replace("this.log.info('welcome');", "throw new Error('not today');");

describe('plugins over HTTP', () => {
  let app: RunningApp;
  let folder: string;
  before(async () => {
    app = await runApp({ retryPolicy: { waits: [] } });
    folder = await mkdtemp(join(tmpdir(), 'chartwire-plugins-'));
    await mkdir(join(folder, 'src'));
    const manifest = {
      name: 'welcome',
      version: '1.0.0',
      description: '',
      entry: 'src/index.ts',
      scopes: ['patient/Task.c'],
    };
    await writeFile(join(folder, 'chartwire.json'), JSON.stringify(manifest));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await app.close();
  });

  async function install(code: string, name = 'welcome'): Promise<Answered> {
    await writeFile(join(folder, 'src/index.ts'), code);
    const response = await fetch(`${app.url}/api/plugins/${name}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await app.tokenFor(['system/chartwire.admin', 'system/Task.c'])}`,
        'content-type': 'application/gzip',
      },
      body: new Uint8Array(await packPlugin(folder)),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
  }

  async function newPatient(): Promise<string> {
    const made = await app.ask('POST', '/fhir/R4/Patient', {
      body: { resourceType: 'Patient', name: [{ family: 'Wu' }] },
    });
    return made.json.id;
  }

  /** What `path` answers once `holds` is true of it. */
  async function once(path: string, holds: (answer: Answered['json']) => boolean): Promise<Answered['json']> {
    let answer: Answered['json'];
    await until(async () => {
      answer = (await app.ask('GET', path)).json;
      return holds(answer);
    });
    return answer;
  }
  async function storyOf(patient: string, holds: (story: Answered['json']) => boolean) {
    const { items } = await once(
      `/api/events?patient=${patient}&type=PATIENT_CREATED`,
      ({ items }) => items.length === 1,
    );
    return once(`/api/events/${items[0].id}`, holds);
  }

  /** Holds an answer to what the description of the API says of it. */
  function fits(operation: string, json: unknown): void {
    const { answer } = routesFor({ commands: [] }).find((row) => row.operation === operation)!;
    assert.deepEqual(Compile(answer.schema!).Errors(json), [], operation);
  }

  test('a package is answered with 200 only once its plugin is live', async () => {
    const installed = await install(WELCOMES);
    assert.equal(installed.status, 200, installed.text);
    assert.equal(installed.json.state, 'live');
    assert.deepEqual(installed.json.handlers, [{ name: 'Welcome', respondsTo: ['PATIENT_CREATED'] }]);
    assert.deepEqual([installed.json.scopes, installed.json.receives], [['patient/Task.c'], ['Patient']]);
    fits('plugins.install', installed.json);
    fits('plugins.get', (await app.ask('GET', '/api/plugins/welcome')).json);
    fits('plugins.variables.list', (await app.ask('GET', '/api/plugins/welcome/variables')).json);
  });

  test('a package that is not what it says, or does not build or load, is refused with the reason', async () => {
    assert.equal((await install(WELCOMES, 'other')).json.code, 'plugin.package');
    const broken = await install('export class {');
    assert.equal(broken.status, 422);
    assert.equal(broken.json.code, 'plugin.build');
    assert.match(broken.text, /src\/index\.ts:1/);
    const endless = await install(`export const it = ${'('.repeat(3e6)}1${')'.repeat(3e6)};`);
    assert.equal(endless.status, 422);
    assert.equal(endless.json.code, 'plugin.build-stopped');
    // What follows is built as if nothing had been.
    assert.equal((await install("throw new Error('no luck')")).json.code, 'plugin.load');
    assert.equal((await app.ask('GET', '/api/plugins/welcome')).json.state, 'live', 'the former version goes on');
  });

  test('an event’s story goes from its delivery to what its effects caused', async () => {
    const story = await storyOf(await newPatient(), ({ caused }) => caused.length === 1);
    assert.deepEqual(
      story.deliveries.map(({ plugin, handler, state }: Record<string, string>) => [plugin, handler, state]),
      [['welcome', 'Welcome', 'done']],
    );
    assert.equal(story.executions[0].state, 'completed');
    assert.equal(story.executions[0].logs[0].message, 'welcome');
    assert.deepEqual(
      story.effects.map(({ type, outcome, execution, index }: Record<string, string>) => [
        type,
        outcome,
        execution,
        index,
      ]),
      [['CREATE_TASK', 'applied', story.executions[0].id, 0]],
    );
    assert.equal(story.caused[0].type, 'TASK_CREATED');
    assert.equal(story.caused[0].cause.event, story.id);
    fits('events.get', story);
    const executions = await app.ask('GET', '/api/plugins/welcome/executions?state=completed');
    assert.equal(executions.json.items[0].id, story.executions[0].id);
    fits('plugins.executions.list', executions.json);
    const { handler } = story.executions[0];
    const ofHandler = async (name: string) =>
      (await app.ask('GET', `/api/plugins/welcome/executions?handler=${name}`)).json.items;
    assert.equal((await ofHandler(handler))[0].id, story.executions[0].id);
    assert.deepEqual(await ofHandler(`${handler}Other`), []);
  });

  test('what is given up is kept with its reason, and tried again when asked', async () => {
    await install(THROWS);
    const patient = await newPatient();
    const { items } = await once('/api/deliveries?state=dead', ({ items }) => items.length > 0);
    const [dead] = items;
    assert.equal(dead.patient, patient);
    assert.equal(dead.error.code, 'handler.threw');
    assert.match(dead.error.message, /not today/);
    fits('deliveries.list', { items, next: null });

    await install(WELCOMES);
    const retried = await app.ask('POST', `/api/deliveries/${encodeURIComponent(dead.id)}/retry`);
    assert.equal(retried.status, 200, retried.text);
    fits('deliveries.retry', retried.json);
    const story = await storyOf(patient, ({ caused }) => caused.length === 1);
    assert.equal(story.deliveries[0].state, 'done');
    assert.deepEqual((await app.ask('GET', '/api/deliveries?state=dead')).json.items, []);
  });

  test('the live log gives each line once, also to one who comes back', async () => {
    await newPatient();
    const { items } = await once('/api/plugins/welcome/logs?limit=1', ({ items }) => items.length === 1);
    fits('plugins.logs.list', { items, next: null });
    const hangUp = new AbortController();
    const response = await fetch(`${app.url}/api/logs/stream?plugin=welcome`, {
      headers: {
        authorization: `Bearer ${await app.tokenFor(['system/chartwire.admin', 'system/Task.c'])}`,
        'last-event-id': String(BigInt(items[0].id) - 1n),
      },
      signal: hangUp.signal,
    });
    const ids: string[] = [];
    await newPatient();
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      ids.push(...Array.from(text.matchAll(/^id: (\d+)$/gm), ([, id]) => id!));
      if (ids.length >= 2) break;
    }
    hangUp.abort();
    assert.equal(ids[0], items[0].id, 'the line after the one it named');
    assert.equal(new Set(ids).size, ids.length);
    assert.equal((await app.ask('GET', '/api/logs/stream?plugin=nobody')).json.code, 'plugin.not-found');
  });

  test('a plugin that is removed is gone, what it did is not', async () => {
    assert.equal((await app.ask('DELETE', '/api/plugins/welcome')).status, 204);
    assert.equal((await app.ask('GET', '/api/plugins/welcome')).json.code, 'plugin.not-found');
    const { json } = await app.ask('GET', '/api/events?type=TASK_CREATED');
    assert.ok(json.items.length > 0);
    const story = (await app.ask('GET', `/api/events/${json.items[0].cause.event}`)).json;
    assert.equal(story.executions[0].plugin, 'welcome');
  });
});
