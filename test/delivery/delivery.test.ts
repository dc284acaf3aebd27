import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Patient, Task } from '@medplum/fhirtypes';
import { mergeCharts, mergeKeys } from '#chart/merges/merge.ts';
import { processorMs } from '#plugin-host/usage.ts';
import { ORIGIN, startCore, type TestCore, until } from '../support/core.ts';

const patient = (id: string): Patient => ({ resourceType: 'Patient', id, name: [{ family: 'Test' }] });
const task = (description: string, forPatient?: string): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  description,
  ...(forPatient ? { for: { reference: `Patient/${forPatient}` } } : {}),
});

describe('delivery', () => {
  let core: TestCore;
  /** Answers what a plugin asks of the place it may reach. */
  let receive = (response: ServerResponse): void => void response.end('{}');
  const server = createServer((_request, response) => receive(response));
  const place = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    core = await startCore({ allowPrivateHttp: [place()] });
    await core.create(...['a', 'b', 'c', 'poison', 'deep', 'refused'].map(patient));
  });
  after(async () => {
    await core.end();
    server.closeAllConnections();
    server.close();
  });

  const executions = async (plugin: string) => (await core.plugins.executions(plugin, { limit: 200 })).items;

  test('gives each event once, a chart’s events in order and never two at a time', async () => {
    await core.install({
      name: 'watcher',
      scopes: ['patient/Task.r'],
      source: `import { BaseProtocol, EventType, log } from 'chartwire/sdk';
        export class Watch extends BaseProtocol {
          static RESPONDS_TO = [EventType.TASK_CREATED];
          async compute() {
            await this.data.read('Task', this.event.target.id);
            return [log({ message: this.event.context.record.description })];
          }
        }`,
    });
    const written: string[] = [];
    await Promise.all(
      ['a', 'b', 'c'].map(async (id) => {
        for (let n = 0; n < 12; n++) {
          await core.create(task(`${id} ${n}`, id));
          written.push(`${id} ${n}`);
        }
      }),
    );
    await core.settled();
    const runs = (await executions('watcher')).toReversed();
    const told = runs.map((run) => (run.effects[0]!.payload as { message: string }).message);
    assert.deepEqual(told.toSorted(), written.toSorted());
    for (const id of ['a', 'b', 'c']) {
      const mine = runs.filter((_, index) => told[index]!.startsWith(`${id} `));
      const order = told.filter((message) => message.startsWith(`${id} `));
      assert.deepEqual(
        order,
        Array.from({ length: 12 }, (_, n) => `${id} ${n}`),
      );
      for (const [index, run] of mine.slice(1).entries()) {
        const before = mine[index]!;
        assert.ok(
          Date.parse(before.startedAt) + Math.floor(before.ms) <= Date.parse(run.startedAt) + 1,
          'they do not overlap',
        );
      }
    }
    await core.plugins.remove('watcher');
  });

  test('tries a failure again with backoff, holds the chart’s later events, and keeps the reason when it gives up', async () => {
    await core.install({
      name: 'fragile',
      source: `import { BaseProtocol, EventType, log } from 'chartwire/sdk';
        export class Fragile extends BaseProtocol {
          static RESPONDS_TO = [EventType.TASK_CREATED];
          compute() {
            const { description } = this.event.context.record;
            if (description === 'poison') throw new Error('cannot digest this');
            return [log({ message: description })];
          }
        }`,
    });
    await core.create(task('before', 'poison'));
    await core.create(task('poison', 'poison'));
    await core.create(task('after', 'poison'));
    await core.create(task('other chart', 'a'));
    await until(async () => (await core.deliveries.list({ state: 'dead', limit: 10 })).items.length > 0);
    await core.settled();
    const runs = (await executions('fragile')).toReversed();
    const failed = runs.filter(({ state }) => state === 'failed');
    assert.deepEqual(
      failed.map(({ attempt }) => attempt),
      [1, 2, 3, 4],
    );
    assert.match(failed[0]!.error!.message, /cannot digest this/);
    assert.match(failed[0]!.error!.stack!, /src\/index\.ts:6/);
    const done = runs.flatMap((run) =>
      run.effects[0] ? [(run.effects[0].payload as { message: string }).message] : [],
    );
    assert.deepEqual(
      done.filter((message) => message !== 'other chart'),
      ['before', 'after'],
    );
    assert.ok(done.includes('other chart'));
    const last = runs.findIndex(
      (run) => (run.effects[0]?.payload as { message?: string } | undefined)?.message === 'after',
    );
    assert.ok(last > runs.indexOf(failed.at(-1)!), 'what came after waited until the failure was given up');
    const [dead] = (await core.deliveries.list({ state: 'dead', limit: 10 })).items;
    assert.equal(dead!.attempts, 4);
    assert.equal(dead!.error!.code, 'handler.threw');
    const { items } = await core.events.list({ type: 'DELIVERY_DEAD', limit: 10 });
    assert.deepEqual(
      items.map(({ patient, target, context }) => ({ patient, target, context })),
      [
        {
          patient: 'poison',
          target: { type: 'Delivery', id: dead!.id },
          context: {
            delivery: dead!.id,
            type: 'TASK_CREATED',
            event: dead!.event,
            plugin: 'fragile',
            handler: 'Fragile',
            attempts: 4,
            code: 'handler.threw',
            chain: { root: dead!.event, path: [{ type: 'TASK_CREATED', plugin: 'fragile', handler: 'Fragile' }] },
          },
        },
      ],
    );
    await core.plugins.remove('fragile');
  });

  test('a FatalError is not tried again, a RetryableError says when, and the manifest how often', async () => {
    await core.install({
      name: 'judging',
      source: `import { BaseProtocol, EventType, FatalError, RetryableError } from 'chartwire/sdk';
        export class Judging extends BaseProtocol {
          static RESPONDS_TO = [EventType.TASK_CREATED];
          compute() {
            const { description } = this.event.context.record;
            if (description === 'fatal') throw new FatalError('The order has no code.');
            if (description === 'later') throw new RetryableError('The registry is away.', { after: 600 });
            throw new Error('once more');
          }
        }`,
      more: { delivery: { retries: 1 } },
    });
    await core.create(task('fatal', 'a'), task('later', 'b'), task('again', 'c'));
    await until(async () => (await executions('judging')).length === 4);
    const { items } = await core.deliveries.list({ plugin: 'judging', limit: 10 });
    const byPatient = (patient: string) => items.find((item) => item.patient === patient)!;
    assert.deepEqual([byPatient('a').state, byPatient('a').attempts], ['dead', 1]);
    assert.equal(byPatient('a').error!.code, 'handler.gave-up');
    assert.match(byPatient('a').error!.message, /gave up on the event: The order has no code\./);
    assert.deepEqual([byPatient('b').state, byPatient('b').attempts], ['waiting', 1]);
    assert.ok(Date.parse(byPatient('b').nextAt!) - Date.parse(byPatient('b').at) > 590_000);
    assert.deepEqual([byPatient('c').state, byPatient('c').attempts], ['dead', 2]);
    await core.plugins.remove('judging');
  });

  test('where the manifest says block, a chart waits for an event that was given up, and other charts go on', async () => {
    const source = (body: string) => `import { BaseProtocol, EventType, log } from 'chartwire/sdk';
      export class Strict extends BaseProtocol {
        static RESPONDS_TO = [EventType.TASK_CREATED];
        compute() {
          const { description } = this.event.context.record;
          ${body}
          return [log({ message: description })];
        }
      }`;
    const more = { delivery: { retries: 0, policy: 'block' } };
    const name = 'strict';
    await core.install({ name, source: source("if (description === 'poison') throw new Error('no');"), more });
    for (const description of ['poison', 'second']) await core.create(task(description, 'b'));
    await core.create(task('elsewhere', 'c'));
    const states = async () =>
      (await core.deliveries.list({ plugin: name, limit: 10 })).items.map(({ state }) => state).toReversed();
    await until(async () => (await executions(name)).length === 2 && (await states()).includes('behind'));
    // The upgrade restarts its readers: the chart waits still.
    await core.install({ name, source: source(''), more });
    await core.create(task('third', 'b'));
    await until(async () => (await states()).length === 3 && !(await states()).includes('pending'));
    assert.deepEqual(await states(), ['dead', 'behind', 'behind']);
    const [dead] = (await core.deliveries.list({ plugin: name, state: 'dead', limit: 10 })).items;
    await core.deliveries.retry(dead!.id);
    await until(async () => (await states()).length === 0);
    const done = (await executions(name)).flatMap(({ effects }) => effects.map(({ payload }) => payload)).toReversed();
    assert.deepEqual(
      done.map((payload) => (payload as { message: string }).message),
      ['elsewhere', 'poison', 'second', 'third'],
    );
    await core.plugins.remove(name);
  });

  test('a quarantined plugin is an event, and a handler that fails at that event starts no loop', async () => {
    await core.install({
      name: 'hopeless',
      source: `import { BaseProtocol, EventType, FatalError } from 'chartwire/sdk';
        export class Hopeless extends BaseProtocol {
          static RESPONDS_TO = [EventType.TASK_CREATED];
          compute() { for (;;); }
        }
        export class Worse extends BaseProtocol {
          static RESPONDS_TO = [EventType.DELIVERY_DEAD, EventType.PLUGIN_QUARANTINED];
          compute() { throw new FatalError('no'); }
        }`,
      more: { limits: { stepMs: 10 }, delivery: { retries: 0 } },
    });
    await core.create(...Array.from({ length: 5 }, (_, n) => task(`${n}`)));
    const told = async (type: string) => (await core.events.list({ type, limit: 100 })).items;
    await until(async () => (await told('PLUGIN_QUARANTINED')).length === 1);
    const [quarantine] = await told('PLUGIN_QUARANTINED');
    assert.deepEqual(quarantine!.target, { type: 'Plugin', id: 'hopeless' });
    assert.ok(Date.parse(String(quarantine!.context.until)) > Date.now());
    await core.plugins.enable('hopeless');
    await until(async () => (await executions('hopeless')).some(({ handler }) => handler === 'Worse'));
    await core.settled();
    const given = await told('DELIVERY_DEAD');
    assert.deepEqual(
      given.filter(({ context: { handler } }) => handler === 'Worse'),
      [],
    );
    await core.plugins.remove('hopeless');
  });

  test('a chart that was held up catches up in rows, not one event a look', async (t) => {
    await core.install({
      name: 'catching-up',
      source: `import { BaseProtocol, EventType } from 'chartwire/sdk';
        export class CatchingUp extends BaseProtocol {
          static RESPONDS_TO = [EventType.TASK_CREATED];
          compute() { if (this.event.context.record.description === 'poison') throw new Error('no'); }
        }`,
    });
    const many = (patientId: string) => Array.from({ length: 48 }, (_, n) => task(`${n}`, patientId));
    const runs = async (chart: string) =>
      (await core.plugins.executions('catching-up', { limit: 200 })).items.filter(
        ({ input, state }) => input?.patient === chart && state === 'completed',
      );
    await core.create(...['swift', 'held'].map(patient));
    await core.create(...many('swift'));
    await until(async () => (await runs('swift')).length === 48);
    // It is asked once for each row whether the chart is through: once an event where each waits for a look.
    const { pool } = core.store;
    const query = pool.query.bind(pool);
    let asked = 0;
    pool.query = ((...given: Parameters<typeof query>) => {
      if ((given[0] as { name?: string }).name === 'open_retries') asked += 1;
      return query(...given);
    }) as typeof pool.query;
    await core.create(task('poison', 'held'), ...many('held'));
    await until(async () => (await runs('held')).length === 48);
    await core.settled();
    pool.query = query as typeof pool.query;
    assert.ok(asked <= 4 + 48 / 8, `asked ${asked} times`);
    const [healthy, held] = await Promise.all(['swift', 'held'].map(async (chart) => rateOf(await runs(chart))));
    t.diagnostic(`${held!.toFixed(0)} events a second after a failure, ${healthy!.toFixed(0)} without one`);
    await core.plugins.remove('catching-up');
  });

  test('a handler that computes too long, or whose runner is ended twice, is tried again like any other', async () => {
    // The first two attempts compute until their runner is killed, the third ends: none depends on the machine's speed.
    let attempts = 0;
    receive = (response) => response.end(String(++attempts <= 2));
    const install = (stepMs: number) =>
      core.install({
        name: 'unlucky',
        source: `import { BaseProtocol, EventType, log } from 'chartwire/sdk';
          export class Unlucky extends BaseProtocol {
            static RESPONDS_TO = [EventType.TASK_CREATED];
            async compute() {
              const { description } = this.event.context.record;
              const response = await this.http.get('http://${place()}/');
              while (description === 'endless' || response.text() === 'true');
              return [log({ message: description })];
            }
          }`,
        more: { limits: { stepMs }, network: [place()] },
      });
    await install(5000);
    const pidOf = (wanted: string) => core.host.runners().processes.find(({ role }) => role === wanted)?.pid;
    await core.create(task('killed', 'b'));
    for (const [index, role] of ['probation', 'trial'].entries()) {
      await until(async () => attempts > index && pidOf(role) !== undefined);
      const before = processorMs(pidOf(role)!)!;
      await until(async () => processorMs(pidOf(role)!)! > before + 20);
      process.kill(pidOf(role)!, 'SIGKILL');
    }
    await until(async () => (await executions('unlucky')).some(({ state }) => state === 'completed'));
    assert.deepEqual(
      (await executions('unlucky')).map(({ attempt, error }) => [attempt, error?.code]),
      [
        [2, undefined],
        [1, 'handler.crashed'],
      ],
    );
    // Its strikes are forgotten: five would have it wait for a minute.
    await core.plugins.enable('unlucky');
    await install(100);
    await core.create(task('endless', 'c'));
    await until(async () => (await core.deliveries.list({ state: 'dead', limit: 10 })).items.length > 0);
    const failed = (await executions('unlucky')).filter(({ error }) => error?.code === 'handler.step-timeout');
    assert.deepEqual(
      failed.map(({ attempt }) => attempt),
      [4, 3, 2, 1],
    );
    await core.plugins.remove('unlucky');
  });

  test('a dead letter is tried again when asked, by the plugin as it is then', async () => {
    const source = (body: string) => `import { BaseProtocol, EventType, createTask } from 'chartwire/sdk';
      export class Fixed extends BaseProtocol {
        static RESPONDS_TO = [EventType.PATIENT_UPDATED];
        compute() { ${body} }
      }`;
    await core.install({ name: 'fixable', source: source("throw new Error('not yet');"), scopes: ['patient/Task.c'] });
    await core.chart.withChart(ORIGIN, async (draft) => {
      await draft.update({ ...patient('a'), id: 'a', gender: 'female' });
    });
    await until(async () => (await core.deliveries.list({ state: 'dead', limit: 10 })).items.length > 0);
    await core.install({
      name: 'fixable',
      source: source("return [createTask({ title: 'Fixed', patient: this.event.patient! })];"),
      scopes: ['patient/Task.c'],
    });
    const [dead] = (await core.deliveries.list({ state: 'dead', limit: 10 })).items;
    await core.deliveries.retry(dead!.id);
    await until(async () => (await core.find('Task', 'patient=a')).some(({ description }) => description === 'Fixed'));
    assert.equal((await core.deliveries.list({ state: 'dead', limit: 10 })).items.length, 0);
    await core.plugins.remove('fixable');
  });

  test('effects are applied all or none: a refused one says why, and the others that they were not applied', async () => {
    await core.install({
      name: 'greedy',
      scopes: ['patient/Task.c'],
      source: `import { BaseProtocol, EventType, createRecord, createTask } from 'chartwire/sdk';
        export class Greedy extends BaseProtocol {
          static RESPONDS_TO = [EventType.PATIENT_UPDATED];
          compute() {
            return [
              createTask({ title: 'allowed', patient: 'refused' }),
              createRecord({ resourceType: 'Basic', code: { text: 'no scope' }, subject: { reference: 'Patient/refused' } }),
              createTask({ title: 'after', patient: 'refused' }),
            ];
          }
        }`,
    });
    await core.chart.withChart(ORIGIN, async (draft) => {
      await draft.update({ ...patient('refused'), id: 'refused', gender: 'male' });
    });
    await until(async () => (await executions('greedy')).length > 0);
    await core.settled();
    const [run, ...others] = await executions('greedy');
    assert.equal(others.length, 0, 'what is refused for good is not tried again');
    assert.equal(run!.error!.code, 'effect.forbidden');
    assert.match(run!.error!.message, /patient\/Basic\.c/);
    assert.deepEqual(
      run!.effects.map(({ outcome }) => outcome),
      ['not-applied', 'refused', 'not-applied'],
    );
    assert.deepEqual(await core.find('Task', 'patient=refused'), []);
    await core.plugins.remove('greedy');
  });

  test('a patient/ scope reaches the chart of the event and no other', async () => {
    await core.install({
      name: 'curious',
      scopes: ['patient/Task.cr'],
      source: `import { BaseProtocol, EventType, createTask } from 'chartwire/sdk';
        export class Curious extends BaseProtocol {
          static RESPONDS_TO = [EventType.PATIENT_UPDATED];
          compute() { return [createTask({ title: 'for somebody else', patient: 'b' })]; }
        }`,
    });
    await core.chart.withChart(ORIGIN, async (draft) => {
      await draft.update({ ...patient('c'), id: 'c', gender: 'other' });
    });
    await until(async () => (await executions('curious')).length > 0);
    const [run] = await executions('curious');
    assert.equal(run!.error!.code, 'effect.forbidden');
    assert.match(run!.error!.message, /another patient/);
    await core.plugins.remove('curious');
  });

  /** A handler that creates `count` tasks for each task. */
  const multiplier = (name: string, count: number, more = '') => `export class ${name} extends BaseProtocol {
      static RESPONDS_TO = [EventType.TASK_CREATED];
      ${more}
      compute() {
        const patient = this.event.patient;
        return Array.from({ length: ${count} }, () => createTask({ title: '${name}', patient }));
      }
    }`;
  const IMPORTS = `import { BaseProtocol, createTask, EventType, log } from 'chartwire/sdk';`;
  /** Responds to the same events, and feeds nobody. */
  const bystander = {
    name: 'bystander',
    source: `${IMPORTS}
      export class Count extends BaseProtocol {
        static RESPONDS_TO = [EventType.TASK_CREATED, EventType.TASK_UPDATED];
        compute() { return [log({ message: this.event.id })]; }
      }`,
  };
  const tasksOf = async (patient: string) =>
    (await core.events.list({ patient, type: 'TASK_CREATED', limit: 500 })).items;
  const lettersOf = async (patient: string) =>
    (await core.deliveries.list({ state: 'dead', limit: 500 })).items.filter((one) => one.patient === patient);
  /** Each event was given to the bystander, once. */
  const assertAllGiven = async (events: readonly { readonly id: string }[]) => {
    const { rows } = await core.store.pool.query<{ event: string }>(
      `SELECT event FROM execution WHERE plugin = 'bystander' AND state = 'completed' AND event = ANY ($1::uuid[])`,
      [events.map(({ id }) => id)],
    );
    assert.deepEqual(rows.map(({ event }) => event).toSorted(), events.map(({ id }) => id).toSorted());
  };

  test('every event says what caused it, and a handler is not given its own effects', async () => {
    await core.create(patient('echo'));
    await core.install({ name: 'echo', scopes: ['patient/Task.c'], source: `${IMPORTS}${multiplier('Echo', 1)}` });
    await core.install(bystander);
    await core.create(task('first', 'echo'));
    await core.settled();
    const items = await tasksOf('echo');
    assert.deepEqual(
      items.map(({ depth, cause }) => [depth, cause?.event, cause?.root]),
      [
        [0, undefined, undefined],
        [1, items[0]!.id, items[0]!.id],
      ],
    );
    assert.deepEqual(items[1]!.actor, { type: 'plugin', id: 'echo' });
    assert.deepEqual(items[1]!.cause!.path, [{ type: 'TASK_CREATED', plugin: 'echo', handler: 'Echo' }]);
    const [first, second] = [await core.events.get(items[0]!.id), await core.events.get(items[1]!.id)];
    assert.deepEqual(
      first!.caused.map(({ id }) => id),
      [items[1]!.id],
    );
    const given = (story: typeof first) => story!.deliveries.map(({ plugin, state }) => `${plugin} ${state}`);
    assert.deepEqual(given(first), ['bystander done', 'echo done']);
    assert.deepEqual(given(second), ['bystander done']);
    assert.deepEqual(first!.passedOver, []);
    assert.deepEqual(second!.passedOver, [{ plugin: 'echo', handler: 'Echo' }]);
    await core.plugins.remove('echo');
  });

  test('a loop is stopped by one dead letter that names it, and bystanders are given all its events', async () => {
    await core.create(patient('fan'));
    // It also turns dead letters into tasks: nor does that begin the loop again.
    await core.install({
      name: 'fan',
      scopes: ['patient/Task.c'],
      source: `${IMPORTS}${multiplier('Fan', 3, 'static HEARS_OWN = true;')}
        export class Alarm extends BaseProtocol {
          static RESPONDS_TO = [EventType.DELIVERY_DEAD];
          compute() { return [createTask({ title: 'alarm', patient: this.event.patient })]; }
        }`,
    });
    await core.create(task('first', 'fan'));
    await until(async () => (await lettersOf('fan')).length > 0);
    await core.settled();
    const items = await tasksOf('fan');
    assert.ok(items.length > 100 && items.length < 320, `${items.length} tasks`);
    await assertAllGiven(items);
    const [letter, ...more] = await lettersOf('fan');
    assert.deepEqual(more, []);
    const { code, message } = letter!.error!;
    assert.equal(code, 'delivery.loop');
    assert.match(message, /^A loop was stopped after 100 runs: fan\/Fan → TASK_CREATED → fan\/Fan\. Make one of /);
    // What was left of it is skipped, and says why.
    const skipped = (await core.deliveries.list({ state: 'skipped', plugin: 'fan', limit: 500 })).items;
    assert.equal(letter!.ended, skipped.length);
    assert.ok(skipped.length > 100);
    for (const { error } of skipped) assert.ok(error!.message.includes(`Its dead letter is ${letter!.id}.`));
    const runs = items.length - 1 - 1; // All but the first, and the alarm, are of three each.
    assert.equal((await executions('fan')).filter(({ handler }) => handler === 'Alarm').length, 1);
    assert.equal(skipped.length + 1 + runs / 3, items.length);
    const told = (await core.events.list({ type: 'DELIVERY_DEAD', patient: 'fan', limit: 10 })).items;
    assert.deepEqual(
      told.map(({ context }) => [context.code, context.loop, context.attempts]),
      [['delivery.loop', 'fan/Fan → TASK_CREATED → fan/Fan', 0]],
    );
    const lines = (await core.pluginLog.list('fan', { limit: 500 })).items;
    assert.equal(lines.filter((line) => line.message.startsWith('delivery.loop: A loop was stopped')).length, 1);
    // Mended, the letter is delivered when it is retried, and leaves the rest as it is.
    await core.install({
      name: 'fan',
      scopes: ['patient/Task.c'],
      source: `${IMPORTS}${multiplier('Fan', 0, 'static HEARS_OWN = true;')}`,
    });
    await core.deliveries.retry(letter!.id);
    await until(async () => (await lettersOf('fan')).length === 0);
    await core.settled();
    assert.equal((await tasksOf('fan')).length, items.length);
    await core.plugins.remove('fan');
  });

  test('handlers of two plugins that feed each other are stopped together, and what else began there goes on', async () => {
    await core.create(patient('ring'));
    for (const name of ['ping', 'pong']) {
      const source = `${IMPORTS}${multiplier(name === 'ping' ? 'Ping' : 'Pong', 1)}`;
      await core.install({ name, scopes: ['patient/Task.c'], source });
    }
    await core.create(task('first', 'ring'));
    await until(async () => (await lettersOf('ring')).length > 0);
    await core.settled();
    const letters = await lettersOf('ring');
    assert.equal(letters.length, 1);
    assert.match(
      letters[0]!.error!.message,
      /after 8 runs in a row: (ping\/Ping → TASK_CREATED → pong\/Pong → TASK_CREATED → ping\/Ping|pong\/Pong → TASK_CREATED → ping\/Ping → TASK_CREATED → pong\/Pong)\./,
    );
    const items = await tasksOf('ring');
    assert.ok(items.length <= 40, `${items.length} tasks`);
    await assertAllGiven(items);
    for (const name of ['ping', 'pong']) await core.plugins.remove(name);
  });

  test('a long chain of different handlers goes through, and so does a job of one that stops by itself', async () => {
    await core.create(patient('steps'), patient('job'));
    const step = (n: number) => `export class Step${n} extends BaseProtocol {
        static RESPONDS_TO = [EventType.TASK_CREATED];
        compute() {
          const { description } = this.event.context.record;
          if (description !== 'step ${n}') return [];
          return [createTask({ title: 'step ${n + 1}', patient: this.event.patient })];
        }
      }`;
    await core.install({
      name: 'steps',
      scopes: ['patient/Task.c'],
      source: `${IMPORTS}${Array.from({ length: 12 }, (_, n) => step(n)).join('\n')}
        export class Job extends BaseProtocol {
          static RESPONDS_TO = [EventType.TASK_CREATED];
          static HEARS_OWN = true;
          compute() {
            const left = Number(/^job (\\d)$/.exec(this.event.context.record.description)?.[1] ?? 0);
            return left === 0 ? [] : [createTask({ title: 'job ' + (left - 1), patient: this.event.patient })];
          }
        }`,
    });
    await core.create(task('step 0', 'steps'), task('job 6', 'job'));
    await core.settled();
    const steps = await tasksOf('steps');
    assert.deepEqual(
      steps.map(({ depth }) => depth),
      Array.from({ length: 13 }, (_, n) => n),
    );
    await assertAllGiven(steps);
    assert.equal((await tasksOf('job')).length, 7);
    assert.deepEqual([await lettersOf('steps'), await lettersOf('job')], [[], []]);
    await core.plugins.remove('steps');
    await core.plugins.remove('bystander');
  });

  test('what happened in a chart is told before what happens in the one it was merged into', async () => {
    const move = { source: 'ends', target: 'stays' };
    await core.create(patient(move.source), patient(move.target));
    await core.install({
      name: 'slow-to-hear',
      scopes: ['patient/Task.r'],
      source: `import { BaseProtocol, EventType, log } from 'chartwire/sdk';
        export class Slow extends BaseProtocol {
          static RESPONDS_TO = [EventType.TASK_CREATED, EventType.TASK_UPDATED];
          async compute() {
            // It takes its time over what happened in the chart that ends.
            const reads = this.event.type === EventType.TASK_CREATED ? 90 : 0;
            for (let read = 0; read < reads; read++) await this.data.read('Task', this.event.target.id);
            return [log({ message: this.event.type })];
          }
        }`,
    });
    await core.create(task('moves', move.source));
    const wish = { ...move, actor: ORIGIN.actor };
    await core.chart.withChart(ORIGIN, (draft) => mergeCharts(draft, wish), { exclusive: mergeKeys(move) });
    await core.settled();
    const runs = (await executions('slow-to-hear')).filter(({ state }) => state === 'completed');
    const told = runs.map(({ effects }) => (effects[0]!.payload as { message: string }).message);
    assert.deepEqual(told.toReversed(), ['TASK_CREATED', 'TASK_UPDATED']);
    await core.plugins.remove('slow-to-hear');
  });
});

/** Runs a second, from the first to the last. */
function rateOf(runs: readonly { readonly startedAt: string }[]): number {
  const times = runs.map(({ startedAt }) => Date.parse(startedAt));
  return (1_000 * (times.length - 1)) / Math.max(1, Math.max(...times) - Math.min(...times));
}

test('events are read ahead of a handler that waits by their bytes, not all of them', async (t) => {
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    asked.resolve();
    void held.promise.then(() => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const core = await startCore({ allowPrivateHttp: [place] });
  t.after(async () => {
    held.resolve();
    await core.end();
    server.closeAllConnections();
    server.close();
  });
  const charts = Array.from({ length: 20 }, (_, n) => `large-${n}`);
  await core.create(...charts.map(patient));
  const text = 'x'.repeat(100_000);
  const { pool } = core.store;
  const query = pool.query.bind(pool);
  // By id: what stands behind a running transaction of anybody is read again until that ends.
  const read = new Set<string>();
  pool.query = (async (...given: Parameters<typeof query>) => {
    const answer = (await query(...given)) as unknown as { rows: { id: string | null }[] };
    const isRead = (given[0] as { name?: string }).name?.startsWith('read_log_');
    if (isRead) for (const { id } of answer.rows) if (id !== null) read.add(id);
    return answer;
  }) as unknown as typeof pool.query;
  await core.install({
    name: 'slow',
    source: `import { BaseProtocol, EventType } from 'chartwire/sdk';
      export class Slow extends BaseProtocol {
        static RESPONDS_TO = [EventType.TASK_CREATED];
        async compute() { await this.http.get('http://${place}/'); }
      }`,
    more: { network: [place] },
  });
  for (let n = 0; n < 4; n++) await core.create(...charts.map((chart) => task(text, chart)));
  await asked.promise;
  // It reads no more until something is delivered, however long that takes.
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(read.size > 0 && read.size < 60, `${read.size} events of 80, with 100,000 bytes each, were read`);
  held.resolve();
  await core.settled();
  assert.equal(read.size, 80, 'all of it is delivered');
});

test('a chart with many events holds up no other of the same handler, and gets all of them delivered in order', async (t) => {
  const held = Promise.withResolvers<void>();
  const server = createServer((_request, response) => void held.promise.then(() => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const core = await startCore({ allowPrivateHttp: [place] });
  t.after(async () => {
    held.resolve();
    await core.end();
    server.closeAllConnections();
    server.close();
  });
  await core.create(patient('many'), patient('few'));
  await core.install({
    name: 'waits',
    scopes: ['patient/Task.c'],
    source: `import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';
      export class Waits extends BaseProtocol {
        static RESPONDS_TO = [EventType.TASK_CREATED];
        async compute() {
          const { description } = this.event.context.record;
          if (description === '0') await this.http.get('http://${place}/');
          return [createTask({ title: 'told ' + description, patient: this.event.patient })];
        }
      }`,
    more: { network: [place] },
  });
  const told = async (): Promise<string[]> => {
    const { rows } = await core.store.pool.query<{ told: string }>(
      `SELECT substr(r.content->>'description', 6) AS told FROM event e
        JOIN record_version r ON r.type = e.record_type AND r.id = e.record_id AND r.version = e.record_version
        WHERE e.type = 'TASK_CREATED' AND e.source = 'effect' ORDER BY e.epoch, e.xid, e.seq`,
    );
    return rows.map((row) => row.told);
  };
  // More than is held in memory.
  const many = Array.from({ length: 60 }, (_, n) => `${n}`);
  const note = [{ text: 'x'.repeat(100_000) }];
  const create = (texts: string[]) => core.create(...texts.map((text) => ({ ...task(text, 'many'), note })));
  await create(many.slice(0, 30));
  await create(many.slice(30));
  await core.create(task('few', 'few'));
  await until(async () => (await told()).length > 0);
  assert.deepEqual(await told(), ['few']);
  const { items } = await core.plugins.executions('waits', { limit: 10 });
  assert.equal(items.length, 1, 'it is told while the other chart still waits');
  // What comes while the chart catches up is told after what was left in the log.
  held.resolve();
  await until(async () => (await told()).length > 10);
  await create(['60']);
  await core.settled();
  assert.deepEqual(await told(), ['few', ...many, '60']);
});

test('what is left when a node ends is done by the next, once', async () => {
  const source = `import { BaseProtocol, EventType, createTask } from 'chartwire/sdk';
    export class Greet extends BaseProtocol {
      static RESPONDS_TO = [EventType.PATIENT_CREATED];
      compute() { return [createTask({ title: 'hello', patient: this.event.target.id })]; }
    }`;
  const first = await startCore();
  await first.install({ name: 'greeter', source, scopes: ['patient/Task.c'] });
  const ids = Array.from({ length: 60 }, (_, n) => `p${n}`);
  const writing = Promise.all(ids.map((id) => first.create(patient(id))));
  await writing;
  await first.end({ keep: true });
  const second = await startCore({ on: first.database });
  await second.settled();
  const tasks = await second.find('Task', '_count=500');
  assert.deepEqual(tasks.map((one) => one.for!.reference!.slice('Patient/'.length)).toSorted(), ids.toSorted());
  await second.end();
});
