// What a plugin is given, how its calls run side by side, and where each of its limits ends it.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { Refusal } from '#kit/errors.ts';
import type { EventEnvelope } from '#kit/event.ts';
import { handler, newId, NOTHING, patientCreated, Sandbox } from './sandbox.ts';

describe('a handler', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await Sandbox.start({ limits: { deadlineMs: 60_000 } });
  });

  test('is given its event, and what it returns is its effects', async () => {
    const source = handler(`
      const { id, type, target, patient, context } = this.event;
      return [{ type: 'SEEN', payload: { id, type, target, patient, context } }, { type: 'SECOND', payload: null }];`);
    await sandbox.load('given', source);
    const event = patientCreated({ context: { record: { name: 'Zoë 🙂 \ud800' } } });
    const { state, effects, error } = await sandbox.call('given', { event });
    const { id, type, target, patient } = event;
    assert.deepEqual([state, error], ['completed', null]);
    // Half a surrogate pair is no character: what cannot be kept comes back as U+FFFD.
    const context = { record: { name: 'Zoë 🙂 \ufffd' } };
    assert.deepEqual(effects, [
      { type: 'SEEN', payload: { id, type, target, patient, context } },
      { type: 'SECOND', payload: null },
    ]);
  });

  const answers: [what: string, body: string, effects: unknown[]][] = [
    ['nothing', '', []],
    ['one effect', "return { type: 'A', payload: {} };", [{ type: 'A', payload: {} }]],
    ['an effect with more keys', "return [{ type: 'A', payload: {}, more: 1 }];", [{ type: 'A', payload: {} }]],
    ['an effect without a payload', "return [{ type: 'A' }];", [{ type: 'A', payload: null }]],
  ];
  for (const [what, body, effects] of answers) {
    test(`may return ${what}`, async () => {
      await sandbox.load('returns', handler(body));
      assert.deepEqual((await sandbox.call('returns')).effects, effects);
    });
  }

  test('of every form is registered by the name it is exported by', async () => {
    const source = `
      import { BaseProtocol, CronTask, EventType } from 'chartwire/sdk';
      class Inner extends BaseProtocol.on(EventType.TASK_CREATED, EventType.TASK_UPDATED) { compute() { return []; } }
      export { Inner as Tasks };
      export class Single { static RESPONDS_TO = 'PATIENT_CREATED'; compute() {} }
      export class Nightly extends CronTask {
        static SCHEDULE = '0 3 * * *'; static TIMEZONE = 'America/New_York';
        execute() { return [{ type: 'RAN', payload: this.event.type }]; }
      }
      export class Base extends BaseProtocol {}
      export const other = 1;
      export function plain() {}`;
    const handlers = await sandbox.load('forms', source);
    assert.deepEqual(
      handlers.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { name: 'Nightly', respondsTo: ['CRON'], schedule: '0 3 * * *', timezone: 'America/New_York' },
        { name: 'Single', respondsTo: ['PATIENT_CREATED'] },
        { name: 'Tasks', respondsTo: ['TASK_CREATED', 'TASK_UPDATED'] },
      ],
    );
    const { effects } = await sandbox.call('forms', { handler: 'Nightly', event: patientCreated({ type: 'CRON' }) });
    assert.deepEqual(effects, [{ type: 'RAN', payload: 'CRON' }]);
  });

  test('reads and searches through the host, and each read is recorded with its version', async () => {
    const source = handler(`
      const patient = await this.data.read('Patient', 'pat');
      const none = await this.data.read('Patient', 'none');
      const found = await this.data.search('Observation', { code: 'a|b', date: ['ge2026', 'lt2027'], _id: undefined });
      const all = await this.data.search('Task');
      return [{ type: 'READ', payload: [patient.birthDate, none, found.length, all.length] }];`);
    await sandbox.load('reads', source);
    const asked: string[] = [];
    const record: Resource = { resourceType: 'Patient', id: 'pat', birthDate: '1970-01-01', meta: { versionId: '7' } };
    const { effects, calls } = await sandbox.call('reads', {
      services: {
        read: async (_, id) => (id === 'pat' ? record : null),
        search: async (type, query) => {
          asked.push(`${type}?${query}`);
          return type === 'Task' ? [] : [{ resourceType: 'Observation', id: 'o', status: 'final', code: {} }];
        },
      },
    });
    assert.deepEqual(effects, [{ type: 'READ', payload: ['1970-01-01', null, 1, 0] }]);
    assert.deepEqual(asked, ['Observation?code=a%7Cb&date=ge2026&date=lt2027', 'Task?']);
    assert.deepEqual(
      calls.map(({ kind, request, outcome, given }) => [kind, request, outcome, given]),
      [
        ['read', 'Patient/pat', 'ok', ['Patient/pat/_history/7']],
        ['read', 'Patient/none', 'ok', []],
        ['search', 'Observation?code=a%7Cb&date=ge2026&date=lt2027', 'ok', ['Observation/o']],
        ['search', 'Task', 'ok', []],
      ],
    );
  });

  test('may catch a refusal, with its code; a bug of the host is told without its words', async () => {
    const source = handler(`
      const told = [];
      for (const id of ['refused', 'broken']) {
        await this.data.read('Patient', id).catch((error) => told.push([error.name, error.code, error.message]));
      }
      throw new Error(JSON.stringify(told));`);
    await sandbox.load('refused', source);
    const { error, calls, retryable } = await sandbox.call('refused', {
      services: {
        ...NOTHING,
        read: async (_, id) => {
          if (id === 'broken') throw new Error('password of the database');
          throw new Refusal('host.forbidden', { action: 'read Patient records', scope: 'the scope patient/Patient.r' });
        },
      },
    });
    assert.match(
      String(error?.message),
      /"Refusal","host\.forbidden","The plugin may not read Patient records\. Add the scope/,
    );
    assert.match(String(error?.message), /"Refusal","server\.failed"/);
    assert.ok(!String(error?.message).includes('password'));
    assert.deepEqual(
      calls.map(({ outcome }) => outcome),
      ['host.forbidden', 'server.failed'],
    );
    // The database may be back the next time.
    assert.equal(retryable, true);
    assert.ok(sandbox.log.some(({ level, message }) => level === 'error' && message === 'a read for a plugin failed'));
  });

  test('logs, by this.log and by console', async () => {
    await sandbox.load(
      'logs',
      handler("this.log.debug('a'); this.log.warn('b'); await null; console.log('c', { d: 1 });"),
    );
    const { logs } = await sandbox.call('logs');
    assert.deepEqual(
      logs.map(({ level, message }) => `${level} ${message}`),
      ['debug a', 'warn b', 'info c {"d":1}'],
    );
    assert.ok(logs.every(({ at }) => !Number.isNaN(Date.parse(at))));
  });

  test('sees the same time and the same dice whenever its execution is run', async () => {
    const source = handler(`
      const before = [Date.now(), new Date().toISOString(), Math.random(), Math.random()];
      await this.data.read('Patient', 'pat');
      return [{ type: 'SAW', payload: [...before, Date.now(), Math.random(), typeof Date(), new Date(0).getTime()] }];`);
    await sandbox.load('dice', source);
    const execution = newId();
    const slowly = { ...NOTHING, read: () => new Promise<null>((resolve) => setTimeout(() => resolve(null), 20)) };
    const runs = await Promise.all([
      sandbox.call('dice', { execution, services: slowly }),
      sandbox.call('dice', { execution: newId() }),
      sandbox.call('dice', { execution }),
    ]);
    const [first, other, again] = runs.map(({ effects }) => effects[0]!.payload as unknown[]);
    assert.deepEqual(again, first);
    assert.notDeepEqual(other, first);
    assert.equal(first![0], Number.parseInt(execution.replace('-', '').slice(0, 12), 16));
    assert.equal(new Set([first![2], first![3], first![5]]).size, 3);
  });

  test('runs beside other calls of its plugin', async () => {
    await sandbox.load('beside', handler("await this.data.read('Patient', this.event.target.id);"));
    await sandbox.load('elsewhere', handler(''));
    const atOnce = 128;
    let open = 0;
    let most = 0;
    const full = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const services = {
      ...NOTHING,
      read: async () => {
        most = Math.max(most, ++open);
        if (open === atOnce) full.resolve();
        await release.promise;
        open -= 1;
        return null;
      },
    };
    const calls = Promise.all(Array.from({ length: 300 }, () => sandbox.call('beside', { services })));
    await full.promise;
    // One more would have begun by the time that another plugin, asked after it, has answered.
    await sandbox.call('elsewhere');
    assert.deepEqual([open, most], [atOnce, atOnce]);
    release.resolve();
    assert.equal((await calls).filter(({ state }) => state === 'completed').length, 300);
  });
});

describe('a request of a handler to another system', () => {
  test('has a key that is the same when its event is given to it again, and that no other request has', async () => {
    const keys: (string | undefined)[] = [];
    const sandbox = await Sandbox.start({
      http: {
        send: async ({ headers }) => {
          keys.push(headers['idempotency-key']);
          return { status: 200, headers: {}, body: '' };
        },
      },
    });
    const body = `
      // A retry may read more, or less.
      for (let reads = this.event.context.reads; reads > 0; reads--) await this.data.read('Patient', 'pat');
      await this.http.post('https://example.org/', 'x');
      await this.http.get('https://example.org/');`;
    const own = `await this.http.fetch('https://example.org/', { headers: { 'Idempotency-Key': 'my-own' } });`;
    await sandbox.load('asking', handler(body) + handler(body, 'Other').replace(/^import.*$/m, ''), {
      network: ['example.org'],
    });
    await sandbox.load('owning', handler(own), { network: ['example.org'] });
    const keysOf = async (event: EventEnvelope, name = 'Handler') => {
      const { error } = await sandbox.call('asking', { event, handler: name });
      assert.equal(error, null);
      return keys.splice(0);
    };
    const event = patientCreated({ context: { reads: 0 } });
    const first = await keysOf(event);
    assert.deepEqual(await keysOf({ ...event, context: { reads: 2 } }), first);
    const all = [
      ...first,
      ...(await keysOf(event, 'Other')),
      ...(await keysOf(patientCreated({ context: { reads: 0 } }))),
    ];
    assert.equal(new Set(all).size, 6);
    for (const key of all) assert.match(key!, /^[0-9a-f]{32}$/);
    await sandbox.call('owning');
    assert.deepEqual(keys, ['my-own']);
  });
});

describe('the limits of a call', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await Sandbox.start({ limits: { deadlineMs: 60_000, stepMs: 10_000 } });
  });

  const over: [what: string, body: string, manifest: object, message: RegExp][] = [
    ['a step', 'while (true) {}', { limits: { stepMs: 100 } }, /handler\.step-timeout .* more than 100 ms/],
    [
      'memory',
      'const a = []; for (;;) a.push(new Array(100_000).fill(0.5));',
      { limits: { memoryMB: 16 } },
      /handler\.memory .* 16 MB/,
    ],
    [
      'a deadline',
      'await new Promise(() => {});',
      { limits: { deadlineMs: 200 } },
      /handler\.deadline .* within 200 ms/,
    ],
    [
      'host calls',
      "for (;;) await this.data.read('A', 'b');",
      { limits: { hostCalls: 3 } },
      /handler\.limit .* 3 host calls/,
    ],
    ['host calls at once', "for (;;) void this.data.read('A', 'b');", {}, /handler\.limit .* 100 host calls/],
    [
      'effects',
      "return [{ type: 'A', payload: 'x'.repeat(2000) }];",
      { limits: { effectBytes: 1000 } },
      /handler\.limit .* 1000 bytes of effects/,
    ],
    ['a request', "await this.data.search('A', 'x'.repeat(2_000_000));", {}, /handler\.limit .* bytes in one request/],
  ];
  for (const [what, body, manifest, message] of over) {
    test(`of ${what} ends it with a code and the figure`, async () => {
      await sandbox.load('over', handler(body), manifest);
      const { state, effects, error, retryable } = await sandbox.call('over');
      assert.deepEqual([state, effects], ['failed', []]);
      assert.match(`${error?.code} ${error?.message}`, message);
      assert.equal(retryable, error?.code === 'handler.deadline');
    });
  }

  test('are the host’s where the manifest asks for more', async () => {
    const strict = await Sandbox.start({ limits: { deadlineMs: 600 } });
    await strict.load('more', handler('await new Promise(() => {});'), { limits: { deadlineMs: 50_000 } });
    assert.match(String((await strict.call('more')).error?.message), /within 600 ms/);
  });

  test('include the deadline that the caller sets, waits and all', async () => {
    await sandbox.load('gate', handler('await new Promise(() => {});'));
    const began = performance.now();
    const { error, ms } = await sandbox.call('gate', { deadline: 100 });
    assert.equal(error?.code, 'handler.deadline');
    assert.match(String(error?.message), /within 100 ms/);
    assert.ok(ms >= 99 && performance.now() - began >= 99);
  });

  test('of one answer refuse it to the plugin', async () => {
    await sandbox.load('large', handler("await this.data.search('A', '');"));
    const record: Resource = { resourceType: 'Basic', id: 'b', code: { text: 'x'.repeat(9_000_000) } };
    const { error } = await sandbox.call('large', { services: { ...NOTHING, search: async () => [record] } });
    assert.match(String(error?.message), /limit of 8000000 bytes in one answer/);
  });

  test('of processor time stop a plugin for the rest of the minute', async () => {
    let now = 0;
    const busy = await Sandbox.start({ limits: { cpuMsPerMinute: 1_000, stepMs: 10_000 }, now: () => now });
    await busy.load(
      'busy',
      handler('let x = 0; for (let i = 0; i < 3_000_000; i++) x += i; this.log.info(String(x));'),
    );
    let result = await busy.call('busy');
    assert.equal(result.error, null);
    while (!result.error) result = await busy.call('busy');
    const { error, retryable } = result;
    assert.match(String(error?.message), /1000 milliseconds of processor time in a minute/);
    assert.equal(retryable, true);
    now += 60_000;
    assert.equal((await busy.call('busy')).error, null);
  });
});

describe('a plugin that does not load', () => {
  let sandbox: Sandbox;
  before(async () => {
    const limits = { loadMs: 2_000, stepMs: 2_000 };
    sandbox = await Sandbox.start({ limits, eventTypes: new Set(['PATIENT_CREATED']) });
  });

  const broken: [what: string, source: string, reason: RegExp][] = [
    ['throws', "throw new RangeError('no');", /RangeError: no\n\s+at .*src\/index\.ts:1:\d+/],
    ['throws nothing', 'throw undefined;', /Error: undefined/],
    ['loops', 'while (true) {}', /its top level ran for more than 2000 ms/],
    [
      'fills the memory',
      'const a: unknown[] = []; for (;;) a.push(new Array(1_000_000).fill(0.5));',
      /memory|more than 2000 ms/,
    ],
    ['ends the process', "'ab'.repeat(2e8).split('');", /it ended the process that ran it|more than 2000 ms/],
    ['exports no handler', 'export const handler = 1;', /its entry exports no handler/],
    [
      'has a handler without compute',
      'export class A { static RESPONDS_TO = "PATIENT_CREATED"; }',
      /A has neither compute\(\) nor execute\(\)/,
    ],
    [
      'runs by the clock, and does not say when',
      "import { CronTask } from 'chartwire/sdk'; export class A extends CronTask { static SCHEDUEL = '0 3 * * *'; execute() {} }",
      /A has execute\(\) and no SCHEDULE/,
    ],
    [
      'responds to nonsense',
      'export class A { static RESPONDS_TO = [1]; compute() {} }',
      /RESPONDS_TO of A holds something/,
    ],
    ['responds to nothing', 'export class A { static RESPONDS_TO = []; compute() {} }', /A responds to nothing: name/],
    [
      'responds to what no event is named',
      'export class A { static RESPONDS_TO = ["NO"]; compute() {} }',
      /A responds to NO, which no event/,
    ],
    ['needs a timer', 'setTimeout(() => {}, 1);', /setTimeout is not defined/],
  ];
  for (const [what, source, reason] of broken) {
    test(`because it ${what} is refused with the reason`, async () => {
      await assert.rejects(sandbox.load('broken', source), (error) => {
        assert.ok(error instanceof Refusal);
        assert.equal(error.code, 'plugin.load');
        assert.match(error.message, reason);
        return true;
      });
      assert.deepEqual(sandbox.host.status(), []);
    });
  }

  test('leaves the one before it in place', async () => {
    await sandbox.load('kept', handler("return [{ type: 'OLD', payload: {} }];"));
    await assert.rejects(sandbox.load('kept', "throw new Error('new')"));
    assert.deepEqual((await sandbox.call('kept')).effects, [{ type: 'OLD', payload: {} }]);
  });
});

describe('replacing and removing', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await Sandbox.start();
  });

  test('a new build takes the next call, and the old one finishes those it has', async () => {
    const source = (mark: string) =>
      handler(`await this.data.read('A', 'b'); return [{ type: '${mark}', payload: {} }];`);
    await sandbox.load('replaced', source('OLD'));
    let release = () => {};
    const held = new Promise<null>((resolve) => {
      release = () => resolve(null);
    });
    const old = sandbox.call('replaced', { services: { ...NOTHING, read: () => held } });
    await sandbox.load('replaced', source('NEW'));
    assert.equal((await sandbox.call('replaced')).effects[0]?.type, 'NEW');
    release();
    assert.equal((await old).effects[0]?.type, 'OLD');
  });

  test('a plugin that is not there is unavailable, not an error', async () => {
    await sandbox.load('removed', handler(''));
    await sandbox.host.unload('removed');
    const { error, retryable } = await sandbox.call('removed');
    assert.deepEqual([error?.code, retryable], ['handler.unavailable', true]);
    assert.equal(sandbox.where('removed'), undefined);
  });

  test('stopping ends calls in flight as ones to be tried again', async () => {
    const stopped = await Sandbox.start();
    await stopped.load('stopped', handler("await this.data.read('Patient', 'pat');"));
    const asked = Promise.withResolvers<void>();
    const read = () => {
      asked.resolve();
      return new Promise<null>(() => {});
    };
    const call = stopped.call('stopped', { services: { ...NOTHING, read } });
    await asked.promise;
    await stopped.host.stop();
    const { error, retryable } = await call;
    assert.deepEqual([error?.code, retryable], ['handler.unavailable', true]);
  });
});
