// What becomes of calls when the runner that holds them dies, and of the plugin that did it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import type { Patient, Resource } from '@medplum/fhirtypes';
import type { HandlerResult, HostServices } from '#plugin-host/contract.ts';
import { processorMs } from '#plugin-host/usage.ts';
import { handler, newId, NOTHING, patientCreated, Sandbox } from './sandbox.ts';

/** Ends any process that holds the isolate. */
const KILL = "'ab'.repeat(2e8).split('');";
const patient: Patient = { resourceType: 'Patient', id: 'pat' };

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('when a runner dies', () => {
  let sandbox: Sandbox;
  before(async () => {
    // What computes here is killed by the tests, not by its limits.
    sandbox = await Sandbox.start({ limits: { stepMs: 60_000, deadlineMs: 120_000 } });
  });

  test('only the event that ends it fails, of many of one plugin', { timeout: 300_000 }, async () => {
    await sandbox.load(
      'poisoned',
      handler(`
      await this.data.read('Patient', 'pat');
      if (this.event.target.id === 'poison') { ${KILL} }
      return [{ type: 'DONE', payload: this.event.target.id }];`),
      { limits: { stepMs: 1_000 } },
    );
    const ids = Array.from({ length: 40 }, (_, i) => (i === 17 ? 'poison' : `p${i}`));
    const results = await Promise.all(
      ids.map((id) => sandbox.call('poisoned', { event: patientCreated({ target: { type: 'Patient', id } }) })),
    );
    for (const [i, { error, effects, retryable }] of results.entries()) {
      if (ids[i] === 'poison') {
        assert.ok(
          ['handler.crashed', 'handler.memory', 'handler.step-timeout'].includes(String(error?.code)),
          error?.message,
        );
        assert.equal(retryable, false);
      } else assert.deepEqual([error, effects[0]?.payload], [null, ids[i]]);
    }
  });

  test('calls in it are run again, and what they have sent outside is not sent again', {
    timeout: 300_000,
  }, async () => {
    let posts = 0;
    let gets = 0;
    const send = async ({ method }: { method: string }) => {
      if (method === 'POST') posts += 1;
      else gets += 1;
      return { status: 200, headers: {}, body: 'answer' };
    };
    const sender = await Sandbox.start({ http: { send }, limits: { stepMs: 1_000 } });
    await sender.load(
      'sender',
      handler(`
        const post = await this.http.post('https://example.org/', 'x');
        await this.http.get('https://example.org/');
        await this.data.read('Patient', 'pat');
        return [{ type: 'SENT', payload: [post.text(), this.event.id] }];`),
      { network: ['example.org'] },
    );
    await sender.load('killer', handler(KILL));
    let reads = 0;
    let second = (): void => {};
    const readAgain = new Promise<void>((resolve) => {
      second = resolve;
    });
    const services = {
      ...NOTHING,
      read: async () => {
        reads += 1;
        // The first read is never answered before the runner dies.
        if (reads === 1) await readAgain;
        else second();
        return patient;
      },
    };
    const sent = sender.call('sender', { services });
    while (reads === 0) await soon(5);
    const { error } = await sender.call('killer');
    assert.ok(error);
    const { state, effects, calls } = await sent;
    assert.equal(state, 'completed');
    assert.equal((effects[0]!.payload as string[])[0], 'answer');
    assert.deepEqual([posts, gets, reads], [1, 2, 2]);
    assert.deepEqual(
      calls.map(({ kind, outcome }) => `${kind} ${outcome}`),
      ['http made before', 'http 200', 'read ok'],
    );
  });

  test('by somebody else’s hand, nobody is blamed and every call is done', async () => {
    await sandbox.load(
      'bystander',
      handler("await this.data.read('Patient', 'pat'); return [{ type: 'DONE', payload: {} }];"),
    );
    await sandbox.prove('bystander', 'Handler');
    let asked = 0;
    const all = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<Resource>();
    const read = (): Promise<Resource> => {
      asked += 1;
      if (asked === 50) all.resolve();
      return answer.promise;
    };
    const calls = Array.from({ length: 50 }, () => sandbox.call('bystander', { services: { ...NOTHING, read } }));
    await all.promise;
    const deathsOf = (wanted: string): number =>
      sandbox.host.runners().processes.reduce((sum, { role, deaths }) => sum + (role === wanted ? deaths : 0), 0);
    for (const { role, pid } of sandbox.host.runners().processes) if (role === 'main') process.kill(pid!, 'SIGKILL');
    while (deathsOf('main') === 0) await soon(10);
    answer.resolve(patient);
    const results = await Promise.all(calls);
    assert.deepEqual(new Set(results.map(({ state }) => state)), new Set(['completed']));
    assert.deepEqual(sandbox.host.status().find(({ plugin }) => plugin === 'bystander')?.strikes, 0);
  });

  test('in the middle of a step, the call is run again alone, and its plugin is not struck', async () => {
    await sandbox.load('computing', COMPUTING);
    const { asked, services } = told(true, false);
    const call = sandbox.call('computing', { services });
    await asked;
    await untilBusy(sandbox);
    process.kill(probation(sandbox), 'SIGKILL');
    assert.deepEqual((await call).error, null);
    assert.equal(strikes(sandbox, 'computing'), 0);
  });

  test('each time, also alone, it is the call that did it', async () => {
    const killing = setInterval(() => {
      for (const { role, pid } of sandbox.host.runners().processes) {
        if (role === 'trial' && pid !== undefined) process.kill(pid, 'SIGKILL');
      }
    }, 5);
    const { asked, services } = told(true);
    const call = sandbox.call('computing', { services });
    await asked;
    await untilBusy(sandbox);
    process.kill(probation(sandbox), 'SIGKILL');
    const { error } = await call;
    clearInterval(killing);
    assert.equal(error?.code, 'handler.crashed');
    assert.equal(strikes(sandbox, 'computing'), 2);
  });

  test('an operator can see it', async () => {
    const { isolation, network, processes } = sandbox.host.runners();
    assert.ok(isolation && network);
    assert.ok(processes.some(({ role, deaths }) => role === 'main' && deaths === 1));
    assert.ok(sandbox.log.some(({ level, message }) => level === 'warn' && /runner ended/.test(message)));
    assert.match(sandbox.log[0]!.message, /plugin runners/);
  });
});

describe('a step', { skip: process.platform !== 'linux' && 'there is no /proc' }, () => {
  test('that the machine keeps waiting is not the plugin’s fault', async () => {
    const sandbox = await Sandbox.start({ limits: { stepMs: 500 } });
    await sandbox.load('stopped', COMPUTING);
    await sandbox.load('beside', handler(''));
    assert.equal((await sandbox.call('stopped')).error, null);
    assert.equal((await calledAndStopped(sandbox, 'stopped', true, false)).error, null);
    assert.equal(strikes(sandbox, 'stopped'), 0);
    assert.equal((await sandbox.call('beside')).error, null);
  });

  test('that computes without an end is ended by the processor’s clock, alone too', async () => {
    const sandbox = await Sandbox.start({ limits: { stepMs: 500 } });
    await sandbox.load('endless', COMPUTING);
    // Stopped for longer than its time: it is a suspect only, and computes on in the trial.
    const { error } = await calledAndStopped(sandbox, 'endless', true);
    assert.equal(error?.code, 'handler.step-timeout');
    // One where it was ended beside others, on a machine that let it use up its time there; two for the end of a trial.
    assert.ok([1, 2].includes(strikes(sandbox, 'endless')!), `${strikes(sandbox, 'endless')} strikes`);
  });
});

/** A handler that computes without an end when the patient that it reads is active, else not at all. */
const COMPUTING = handler(`
  const patient = await this.data.read('Patient', 'pat');
  while (patient?.active) {}`);

/** Answers its reads: what the patient's `active` is the first time, the second, and so on; the last from then on. */
function told(...active: boolean[]): { asked: Promise<void>; services: HostServices } {
  const first = Promise.withResolvers<void>();
  const read = async (): Promise<Resource> => {
    first.resolve();
    return { ...patient, active: active.length > 1 ? active.shift()! : active[0]! };
  };
  return { asked: first.promise, services: { ...NOTHING, read } };
}

/** A call that computes, and whose runner is stopped meanwhile for longer than a step of 500 ms may take. */
async function calledAndStopped(sandbox: Sandbox, plugin: string, ...active: boolean[]): Promise<HandlerResult> {
  const { asked, services } = told(...active);
  const call = sandbox.call(plugin, { services });
  await asked;
  await untilBusy(sandbox);
  const pids = processesOf(probation(sandbox));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await soon(1_500);
  for (const pid of pids) kill(pid, 'SIGCONT');
  return call;
}

function strikes(sandbox: Sandbox, plugin: string): number | undefined {
  return sandbox.host.status().find((status) => status.plugin === plugin)?.strikes;
}

function probation(sandbox: Sandbox): number {
  return sandbox.host.runners().processes.find(({ role }) => role === 'probation')!.pid!;
}

/** Waits until the probation runner computes. */
async function untilBusy(sandbox: Sandbox): Promise<void> {
  const before = processorMs(probation(sandbox)) ?? 0;
  while ((processorMs(probation(sandbox)) ?? 0) < before + 15) await soon(2);
}

/** It, and what it started: bubblewrap starts Node as a child. */
function processesOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => processesOf(Number(child)))];
}

/** It may be gone by now. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was ended meanwhile.
  }
}

describe('a plugin', () => {
  test('moves to the main runner when it has proven itself, and back when it offends', {
    timeout: 300_000,
  }, async () => {
    const sandbox = await Sandbox.start({ limits: { stepMs: 300 } });
    await sandbox.load('moving', handler("if (this.event.target.id === 'loop') while (true) {}"));
    assert.equal(sandbox.where('moving'), 'probation');
    await sandbox.prove('moving', 'Handler');
    assert.equal(sandbox.where('moving'), 'main');
    const isolatesOf = (role: string) =>
      sandbox.host
        .runners()
        .processes.filter((process) => process.role === role)
        .map(({ isolates }) => isolates);
    // Calls go on where they are until the main runner is up.
    while (isolatesOf('main')[0] === 0) assert.equal((await sandbox.call('moving')).error, null);
    assert.deepEqual([isolatesOf('main'), isolatesOf('probation')], [[1], [0]]);
    const loop = patientCreated({ target: { type: 'Patient', id: 'loop' } });
    assert.equal((await sandbox.call('moving', { event: loop })).error?.code, 'handler.step-timeout');
    assert.equal(sandbox.where('moving'), 'probation');
    assert.equal((await sandbox.call('moving')).error, null);
    assert.deepEqual([isolatesOf('main'), isolatesOf('probation')], [[0], [1]]);
  });

  test('is found out also when its caller waited less than a step', { timeout: 300_000 }, async () => {
    const sandbox = await Sandbox.start({ limits: { stepMs: 300 } });
    await sandbox.load('gating', handler("if (this.event.target.id === 'loop') while (true) {}"));
    await sandbox.prove('gating', 'Handler');
    const event = patientCreated({ target: { type: 'Patient', id: 'loop' } });
    // Again and again: a step that the machine kept waiting is held against nobody.
    while (sandbox.where('gating') !== 'probation') {
      const { error } = await sandbox.call('gating', { event, deadline: 50 });
      assert.equal(error?.code, 'handler.deadline');
      await soon(50);
    }
    assert.equal((await sandbox.call('gating')).error, null);
  });

  test('that offends again and again is quarantined for a while, and starts afresh when it is loaded again', {
    timeout: 300_000,
  }, async () => {
    let now = Date.now();
    const sandbox = await Sandbox.start({ limits: { stepMs: 300 }, now: () => now });
    const source = handler("if (this.event.target.id === 'loop') while (true) {}");
    await sandbox.load('offending', source);
    const loop = patientCreated({ target: { type: 'Patient', id: 'loop' } });
    for (let i = 0; i < 5; i++) await sandbox.call('offending', { event: loop });
    assert.equal(sandbox.where('offending'), 'quarantined');
    const { error, retryable } = await sandbox.call('offending');
    assert.deepEqual([error?.code, retryable], ['handler.quarantined', true]);
    now += 60_000;
    assert.equal((await sandbox.call('offending')).error, null);
    await sandbox.call('offending', { event: loop });
    assert.equal(sandbox.where('offending'), 'quarantined');
    await sandbox.load('offending', source);
    assert.equal((await sandbox.call('offending')).error, null);
    assert.ok(sandbox.log.some(({ message, fields }) => /quarantined/.test(message) && fields.plugin === 'offending'));
  });

  test('gets a new isolate after an hour, and when it was idle for ten minutes', async () => {
    let now = Date.now();
    const sandbox = await Sandbox.start({ now: () => now });
    const source = `let served = 0;\n${handler("await this.data.read('A', 'b'); return [{ type: 'SERVED', payload: ++served }];")}`;
    await sandbox.load('ageing', source);
    const served = async (): Promise<unknown> => (await sandbox.call('ageing')).effects[0]?.payload;
    assert.deepEqual([await served(), await served()], [1, 2]);
    now += 60 * 60_000 + 1;
    assert.deepEqual([await served(), await served()], [1, 2]);
    now += 10 * 60_000 + 1;
    const isolates = () => sandbox.host.runners().processes.reduce((sum, process) => sum + process.isolates, 0);
    while (isolates() > 0) await soon(50);
    assert.deepEqual([await served(), await served()], [1, 2]);
  });

  test('whose call waits on the host keeps nobody waiting', async () => {
    const sandbox = await Sandbox.start({ limits: { deadlineMs: 60_000 } });
    await sandbox.load('waiting', handler("await this.data.read('A', 'b');"));
    await sandbox.load('quick', handler(''));
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<null>();
    const read = (): Promise<null> => {
      asked.resolve();
      return answer.promise;
    };
    const waiting = sandbox.call('waiting', { services: { ...NOTHING, read } });
    await asked.promise;
    assert.equal((await sandbox.call('quick')).error, null);
    answer.resolve(null);
    assert.equal((await waiting).error, null);
  });
});

describe('a runner process', { skip: process.platform !== 'linux' && 'there is no /proc' }, () => {
  test('is another user without privileges, leaves no core, and has only its pipes open', async () => {
    const sandbox = await Sandbox.start();
    await sandbox.load('seen', handler(''));
    await sandbox.call('seen', { execution: newId() });
    const { isolation, processes } = sandbox.host.runners();
    const { pid } = processes.find(({ role }) => role === 'probation')!;
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1];
    assert.match(await readFile(`/proc/${pid}/limits`, 'utf8'), /^Max core file size\s+0\s+0/m);
    assert.doesNotMatch(await readFile(`/proc/${pid}/cmdline`, 'latin1'), /seen|Handler/);
    if (isolation === 'namespaces and another user') {
      assert.equal(field('NoNewPrivs'), '1');
      assert.equal(field('CapEff'), '0000000000000000');
      assert.notEqual(field('Uid')?.split('\t')[0], String(process.getuid?.()));
      const interfaces = (await readFile(`/proc/${pid}/net/dev`, 'utf8')).match(/^\s*\w+:/gm);
      assert.deepEqual(
        interfaces?.map((name) => name.trim()),
        ['lo:'],
      );
    }
  });
});
