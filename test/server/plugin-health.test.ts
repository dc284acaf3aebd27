import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { PluginHealth, PluginPreview } from '#contract/plugins.ts';
import { packageOf, until } from '../support/core.ts';
import { type Charting, charting } from './charting.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';

/** Welcomes who has a name that is not Trouble, and fails with the others; its gate always fails. */
const SOURCE = `
  import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
  export class Welcome extends BaseProtocol.on(EventType.PATIENT_CREATED) {
    compute() {
      if (this.event.context.record.name[0].family === 'Trouble') throw new Error('not today');
      return [createTask({ title: 'Say welcome', patient: this.event.patient })];
    }
  }
  export class Gate extends BaseProtocol.on(EventType.PLAN_COMMAND__PRE_COMMIT) {
    compute() { throw new Error('never'); }
  }`;

describe('how plugins fare', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp({ retryPolicy: { waits: [] } });
    chart = charting(app);
    await chart.install('welcome', SOURCE, { scopes: ['patient/Task.c'], more: { network: ['old.example.org'] } });
  });
  after(() => app.close());

  const health = async (name = 'welcome') => (await app.ask('GET', `/api/plugins/${name}/health`)).json;
  const patient = async (family: string) => {
    const body = { resourceType: 'Patient', name: [{ family }] };
    assert.equal((await app.ask('POST', '/fhir/R4/Patient', { body })).status, 201);
  };
  async function preview(body: Buffer, token = ADMIN, name = 'welcome') {
    const response = await fetch(`${app.url}/api/plugins/${name}/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/gzip' },
      body: new Uint8Array(body),
    });
    return { status: response.status, json: JSON.parse(await response.text()) };
  }

  test('its runs are counted by what they came to and how long they took, and so is what is owed to it', async () => {
    for (const family of ['Wu', 'Trouble', 'Noether']) await patient(family);
    await until(async () => {
      const { queue, runs } = await health();
      return runs.hour.completed === 2 && runs.hour.failed === 1 && queue.pending === 0 && queue.dead === 1;
    });
    const fares = await health();
    assert.deepEqual(Compile(PluginHealth).Errors(fares), []);
    const { hour, day } = fares.runs;
    assert.deepEqual(hour, day);
    assert.deepEqual(hour.errors, { 'handler.threw': 1 });
    const counted = hour.latency.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    assert.equal(counted, 3);
    assert.ok(hour.p50 <= hour.p95 && hour.p95 <= hour.longest);
    assert.deepEqual([fares.queue, fares.leftOut], [{ pending: 0, waiting: 0, behind: 0, dead: 1, skipped: 0 }, []]);
  });

  test('shows how far it is behind in events and seconds, also as a metric', async () => {
    const metric = async (what: string) => {
      const { text } = await app.ask('GET', '/metrics');
      return Number(new RegExp(`^chartwire_plugin_lag_${what}{plugin="welcome"} (\\S+)$`, 'm').exec(text)?.[1]);
    };
    assert.deepEqual((await health()).lag, { events: 0, seconds: 0 });
    assert.deepEqual([await metric('events'), await metric('seconds')], [0, 0]);
    await app.ask('POST', '/api/plugins/welcome/disable', { body: {} });
    for (const family of ['Lagging', 'Late']) await patient(family);
    await until(async () => (await metric('seconds')) > 0.1);
    const { lag } = await health();
    assert.deepEqual([lag.events, await metric('events')], [2, 2]);
    assert.ok(lag.seconds > 0.1);
    const skipped = await app.ask('POST', '/api/plugins/welcome/disable', { body: { pending: 'skip' } });
    assert.equal(skipped.status, 200);
    assert.deepEqual((await health()).lag, { events: 0, seconds: 0 });
    await app.ask('POST', '/api/plugins/welcome/enable', { body: {} });
  });

  test('a gate that keeps failing is left out for a while, and that is said', async () => {
    const note = await chart.note();
    for (let i = 0; i < 5; i++) {
      const { json } = await chart.originate(note, { command: 'plan', fields: { narrative: 'Walk.' } });
      assert.equal((await app.ask('POST', `/api/commands/${json.id}/commit`, { body: {} })).status, 200);
    }
    const { leftOut } = await health();
    assert.deepEqual(
      leftOut.map(({ name }: { name: string }) => name),
      ['welcome/Gate'],
    );
    assert.ok(Date.parse(leftOut[0].until) > Date.now() - 1_000);
  });

  test('a package is shown beside what is installed, and changes nothing', async () => {
    const sendTo = [{ host: 'new.example.org', in: ['header:authorization'] }];
    const variables = [{ name: 'KEY', sensitive: true, sendTo }];
    const more = { network: ['new.example.org'], variables, version: '1.1.0' };
    const next = SOURCE.replace('class Gate', 'class Check');
    const scopes = ['patient/Task.c', 'patient/Patient.r'];
    const { status, json } = await preview(await packageOf({ name: 'welcome', source: next, scopes, more }));
    assert.equal(status, 200);
    assert.deepEqual(Compile(PluginPreview).Errors(json), []);
    assert.deepEqual([json.version, json.installed], ['1.1.0', '1.0.0']);
    assert.deepEqual(json.scopes, { added: ['patient/Patient.r'], removed: [], kept: ['patient/Task.c'] });
    assert.deepEqual(json.network, { added: ['new.example.org'], removed: ['old.example.org'], kept: [] });
    assert.deepEqual(json.variables, {
      added: ['KEY, sent to new.example.org (header:authorization)'],
      removed: [],
      kept: [],
    });
    assert.deepEqual(json.handlers.map(({ name }: { name: string }) => name).toSorted(), ['Check', 'Welcome']);
    const installed = (await app.ask('GET', '/api/plugins')).json.items;
    assert.deepEqual(
      installed.map(({ name, version, state }: Record<string, string>) => [name, version, state]),
      [['welcome', '1.0.0', 'live']],
    );
    await patient('Hopper');
    await until(async () => (await health()).runs.hour.completed >= 3);
  });

  test('a package of a new plugin adds all it asks for; one that does not build or load says why', async () => {
    const fresh = await preview(
      await packageOf({ name: 'fresh', source: SOURCE, scopes: ['patient/Task.c'] }),
      ADMIN,
      'fresh',
    );
    assert.deepEqual([fresh.json.installed, fresh.json.scopes.added], [null, ['patient/Task.c']]);
    assert.equal((await app.ask('GET', '/api/plugins/fresh')).status, 404);
    const broken = await preview(await packageOf({ name: 'welcome', source: 'export class {' }));
    assert.deepEqual([broken.status, broken.json.code], [422, 'plugin.build']);
    const empty = await preview(await packageOf({ name: 'welcome', source: 'throw new Error("at once")' }));
    assert.deepEqual([empty.status, empty.json.code], [422, 'plugin.load']);
    const other = await preview(await packageOf({ name: 'other', source: SOURCE }));
    assert.deepEqual([other.status, other.json.code], [422, 'plugin.package']);
    const reader = await app.tokenFor(['system/*.rs']);
    assert.equal((await preview(await packageOf({ name: 'welcome', source: SOURCE }), reader)).status, 403);
    assert.equal((await app.ask('GET', '/api/plugins/welcome/health', { token: reader })).status, 403);
    assert.equal((await app.ask('GET', '/api/plugins/nobody/health')).status, 404);
  });
});
