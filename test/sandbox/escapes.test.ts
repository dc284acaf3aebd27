// Each folder of escapes/ is an attack: a plugin that tries to get out, or to take the machine down. It runs beside
// plugins that do their work, and its folder says how it may end: `codes` of an error, none where it ends well. An attack
// that gets through logs an error. Every call of its neighbor in the same runner, and of a plugin in another runner, must
// end well, however late; how late is printed, since it depends on the machine.

import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, describe, test } from 'node:test';
import { Refusal } from '#kit/errors.ts';
import { uuidv7 } from '#kit/ids.ts';
import { type BuiltPlugin, buildPlugin } from '#plugin-host/build.ts';
import type { HttpAnswer } from '#plugin-host/call.ts';
import type { HandlerResult, HostServices, PluginHost } from '#plugin-host/contract.ts';
import { createPluginHost } from '#plugin-host/host.ts';
import type { OutgoingRequest } from '#plugin-host/http.ts';

interface Expectation {
  /** One of these ends it; none when it must end well. */
  readonly codes: readonly string[];
  readonly message?: string;
  readonly effects?: readonly unknown[];
  readonly mostLogs?: number;
  /** It takes many turns of its runner: a call of its neighbor that began before it ends before it, on any machine. */
  readonly takesTurns?: boolean;
}

/** What attacks on secrets are after; no result may hold it, in whatever case. */
const SECRET = 'hunter-two/Hunter+3';
const VARIABLES = {
  TOKEN: { value: SECRET, sensitive: true },
  PATH: { value: '/', sensitive: false },
};
const SHOWN = /hunter-two|aHVudGVy|68756e746572/i;
const DECLARED = [
  {
    name: 'TOKEN',
    sensitive: true,
    sendTo: [{ host: 'example.org', in: ['header:authorization', 'query:key', 'body', 'signature:x-signature'] }],
  },
  { name: 'PATH' },
];

/** A host that works with the attacker: it echoes what it's sent, and redirects to addresses made of it. */
function collude({ url, headers, body }: OutgoingRequest): HttpAnswer {
  const how = /redirect\/(\w+)/.exec(url)?.[1];
  if (how) {
    const location = {
      host: `https://${SECRET.replace(/[/+]/g, '')}.example.net/${SECRET}`,
      upper: `https://example.net/${SECRET.toUpperCase()}`,
      query: `https://example.net/?q=${encodeURIComponent(SECRET)}`,
      path: `//example.net/${SECRET}`,
      base64: `https://example.net/${Buffer.from(`x${SECRET}`).toString('base64url')}`,
      user: `https://${encodeURIComponent(SECRET)}@example.net/`,
    }[how]!;
    return { status: 302, headers: { location }, body: '' };
  }
  const got = JSON.stringify({ url, headers, body });
  const encoded = [got.toLowerCase(), encodeURIComponent(got), Buffer.from(got).toString('hex')];
  for (let others = 0; others < 3; others++) encoded.push(Buffer.from(' '.repeat(others) + got).toString('base64'));
  return {
    status: 200,
    headers: { 'x-echo': got, [`x-${SECRET.toLowerCase()}`]: 'x' },
    body: [got, ...encoded].join('\n'),
  };
}

const WORKS = `
import { BaseProtocol, EventType } from 'chartwire/sdk';
export class Works extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];
  async compute() {
    const id = this.event.target.id;
    const patient = await this.data.read('Patient', id);
    return [{ type: 'READ', payload: patient.id === id ? id : 'another: ' + patient.id }];
  }
}
`;

/** Milliseconds for a call of a plugin that works: only one that never ends takes so long, on a slow machine too. */
const PATIENCE_MS = 120_000;

const ESCAPES = join(import.meta.dirname, 'escapes');
/** Those that attack the build have a test of their own. */
const attacks = (await readdir(ESCAPES)).filter((name) => !name.startsWith('build-')).toSorted();
const quiet = { info() {}, warn() {}, error() {} };

describe('beside an attack', () => {
  let folder: string;
  let host: PluginHost;
  const working = new AbortController();
  const done = { calls: 0, newcomer: 0, slowest: { innocent: 0, newcomer: 0 } as Record<string, number> };
  const failures: unknown[] = [];
  const builds = new Map<string, BuiltPlugin>();
  let innocent: Promise<void>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-escapes-'));
    const send = async (request: OutgoingRequest) => collude(request);
    host = createPluginHost({ log: quiet, limits: { stepMs: 500, deadlineMs: 3_000 }, http: { send } });
    await host.start();
    await load('innocent');
    innocent = keepCalling('innocent', working.signal);
    while (host.status()[0]!.where !== 'main') await new Promise((resolve) => setTimeout(resolve, 50));
  });

  const late: { attack: string; newcomer: number; innocent: number }[] = [];

  after(async () => {
    working.abort();
    await innocent;
    await host.stop();
    await rm(folder, { recursive: true });
    console.log(`  ${done.calls} calls of plugins that work, beside ${attacks.length} attacks; the latest of them:`);
    for (const { attack, newcomer, innocent } of late.toSorted((a, b) => b.newcomer - a.newcomer).slice(0, 12)) {
      console.log(
        `  ${attack.padEnd(28)} ${newcomer.toFixed(0)} ms in the attacked runner, ${innocent.toFixed(0)} ms in another`,
      );
    }
  });

  /** Builds and loads a plugin that works, and an attack in it if one is named; each is built once. */
  async function load(name: string, attack?: string): Promise<void> {
    builds.set(name, builds.get(name) ?? (await built(name, attack)));
    await host.load(builds.get(name)!);
  }

  async function built(name: string, attack?: string): Promise<BuiltPlugin> {
    const at = join(folder, name);
    await mkdir(join(at, 'src'), { recursive: true });
    const manifest = {
      name,
      version: '1.0.0',
      description: 'For a test.',
      entry: 'src/main.ts',
      network: ['example.org'],
      variables: DECLARED,
    };
    await writeFile(join(at, 'chartwire.json'), JSON.stringify(manifest));
    await writeFile(join(at, 'src/main.ts'), attack ? `${WORKS}\nexport * from './index.ts';` : WORKS);
    if (attack) await cp(join(ESCAPES, attack, 'index.ts'), join(at, 'src/index.ts'));
    return buildPlugin(at);
  }

  function call(plugin: string, handler: string, id: string, deadline?: number): Promise<HandlerResult> {
    const at = new Date().toISOString();
    return host.call({
      plugin,
      handler,
      deadline,
      execution: uuidv7(Date.now(), (bytes) => randomFillSync(bytes)),
      services: readsOf(plugin),
      variables: VARIABLES,
      event: {
        id: 'event',
        type: 'PATIENT_CREATED',
        target: { type: 'Patient', id },
        patient: id,
        note: null,
        actor: { type: 'user', id: 'user' },
        source: 'fhir',
        at,
        chartVersion: 1,
        cause: null,
        depth: 0,
        context: {},
      },
    });
  }

  function readsOf(plugin: string): HostServices {
    return {
      read: async (_, id) => {
        if (plugin !== 'innocent' && id.includes('of-the-innocent'))
          throw new Refusal('host.forbidden', { action: 'read it', scope: 'x' });
        if (id === 'slow') await new Promise((resolve) => setTimeout(resolve, 1_000));
        return { resourceType: 'Patient', id };
      },
      search: async () => [],
    };
  }

  async function work(plugin: string, id: string): Promise<void> {
    const result = await call(plugin, 'Works', id, PATIENCE_MS);
    done.calls += 1;
    if (plugin === 'newcomer') done.newcomer += 1;
    done.slowest[plugin] = Math.max(done.slowest[plugin] ?? 0, result.ms);
    const right =
      result.state === 'completed' && JSON.stringify(result.effects) === `[{"type":"READ","payload":"${id}"}]`;
    if (!right) failures.push({ plugin, ...result });
  }

  /** A call every few milliseconds, whether the ones before have ended or not. */
  async function keepCalling(plugin: string, signal: AbortSignal): Promise<void> {
    const calls = new Set<Promise<void>>();
    for (let i = 0; !signal.aborted; i++) {
      const one = work(plugin, `p${i}`).finally(() => calls.delete(one));
      calls.add(one);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.all(calls);
  }

  /** One attack; how many calls of its neighbor ended before it did; the slowest of them, and of a plugin elsewhere. */
  async function attacked(attack: string, delay: ReturnType<typeof monitorEventLoopDelay>) {
    await load(attack, attack);
    await load('newcomer');
    done.slowest = {};
    done.newcomer = 0;
    delay.enable();
    const beside = new AbortController();
    const neighbor = keepCalling('newcomer', beside.signal);
    const result = await call(attack, 'Attack', 'p');
    const meanwhile = done.newcomer;
    beside.abort();
    await neighbor;
    delay.disable();
    const { innocent = 0, newcomer = 0 } = done.slowest;
    return { result, meanwhile, times: { innocent, newcomer } };
  }

  for (const attack of attacks) {
    test(`${attack} harms only its own execution`, { timeout: 300_000 }, async (t) => {
      const expected: Expectation = JSON.parse(await readFile(join(ESCAPES, attack, 'expect.json'), 'utf8'));
      const delay = monitorEventLoopDelay({ resolution: 5 });
      const { result, meanwhile, times } = await attacked(attack, delay);
      const harmed = failures.splice(0);
      const longest = (delay.max / 1e6).toFixed(0);
      t.diagnostic(
        `${result.error?.code ?? 'completed'} after ${result.ms.toFixed(0)} ms; longest turn of the host ${longest} ms`,
      );

      if (expected.codes.length === 0) assert.equal(result.error, null);
      else assert.ok(expected.codes.includes(String(result.error?.code)), `ended with ${JSON.stringify(result.error)}`);
      if (expected.message) assert.match(String(result.error?.message), new RegExp(expected.message));
      if (expected.effects) assert.deepEqual(result.effects, expected.effects);
      assert.ok(result.logs.length <= (expected.mostLogs ?? 200), `${result.logs.length} lines of log`);
      assert.deepEqual(
        result.logs.filter(({ level }) => level === 'error'),
        [],
      );
      assert.doesNotMatch(JSON.stringify(result), SHOWN, 'the secret');
      assert.deepEqual(harmed, [], 'calls of innocent plugins');
      assert.equal(({} as Record<string, unknown>).polluted, undefined);
      late.push({ attack, ...times });
      if (expected.takesTurns) assert.ok(meanwhile > 0, 'its neighbor had no turn before it ended');

      if (host.status().some(({ plugin, where }) => plugin === attack && where === 'quarantined'))
        await load(attack, attack);
      await work(attack, 'again');
      assert.deepEqual(failures.splice(0), [], 'a fresh isolate of the same plugin');
      await host.unload(attack);
    });
  }
});
