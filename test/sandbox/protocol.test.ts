// The host believes nothing that comes from a runner: what is not exactly right ends it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeFrame, encodeFrame, FROM_RUNNER, type Frame, FrameReader, MAX_FRAME } from '#plugin-host/frames.ts';
import { detectIsolation } from '#plugin-host/isolation.ts';
import { type Death, RunnerProcess } from '#plugin-host/process.ts';
import { type FromRunner, parseFromGuest, parseFromRunner } from '#plugin-host/protocol.ts';
import { runnerCode } from '#plugin-host/runner-code.ts';
import { RunnerSlot } from '#plugin-host/runners.ts';
import type { RunnerCode } from '#plugin-host/spawn.ts';
import { until } from '../support/core.ts';

describe('frames', () => {
  const frame: Frame = {
    batch: 7,
    finished: 2,
    entries: [
      { kind: 1, isolate: 4_000_000_000, text: '{"a":"ünïcode 🙂"}' },
      { kind: 2, isolate: 0, text: '' },
      { kind: 3, isolate: 1, text: 'x'.repeat(100_001) },
    ],
  };

  test('come back as they were, however the bytes are cut', () => {
    const bytes = Buffer.concat([encodeFrame(frame), encodeFrame({ ...frame, entries: [] }), encodeFrame(frame)]);
    for (const size of [1, 3, 1_000, 65_536, bytes.length]) {
      const reader = new FrameReader();
      const frames: (Frame | undefined)[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        frames.push(...reader.push(bytes.subarray(at, at + size))!.map(decodeFrame));
      }
      assert.deepEqual(frames, [frame, { ...frame, entries: [] }, frame]);
    }
  });

  test('that are malformed are none', () => {
    const body = encodeFrame(frame).subarray(4);
    const changed = (at: number, value: number): Buffer => {
      const copy = Buffer.from(body);
      copy.writeUInt32LE(value, at);
      return copy;
    };
    const malformed = {
      empty: Buffer.alloc(0),
      'cut short': body.subarray(0, 100),
      'not aligned': body.subarray(0, body.length - 1),
      'more entries than there are bytes': changed(8, 1_000_000_000),
      'an entry longer than the text': changed(12 + 8, 1_000_000),
      'text that belongs to no entry': changed(8, 1),
    };
    for (const [what, bytes] of Object.entries(malformed)) assert.equal(decodeFrame(bytes), undefined, what);
  });

  test('that are too long are not waited for', () => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(MAX_FRAME + 1);
    assert.equal(new FrameReader().push(head), undefined);
  });
});

describe('what a plugin says', () => {
  const nonsense: [what: string, text: string][] = [
    ['no JSON', '{'],
    ['no list', '{"type":"done","call":1,"effects":[]}'],
    ['no known message', '[{"type":"kill","call":1}]'],
    ['a key too many', '[{"type":"done","call":1,"effects":[],"more":1}]'],
    ['a key too few', '[{"type":"done","call":1}]'],
    ['a call that is no number', '[{"type":"done","call":"1","effects":[]}]'],
    ['a call below zero', '[{"type":"done","call":-1,"effects":[]}]'],
    ['an effect without a type', '[{"type":"done","call":1,"effects":[{"payload":{}}]}]'],
    ['a request of another kind', '[{"type":"ask","call":1,"ask":0,"request":{"kind":"write","type":"A","id":"b"}}]'],
    ['a log of another level', '[{"type":"log","call":1,"level":"fatal","message":"x"}]'],
  ];
  for (const [what, text] of nonsense) {
    test(`is refused when it is ${what}`, () => assert.equal(parseFromGuest(text), undefined));
  }

  test('never holds a key __proto__, however it is written', () => {
    for (const key of ['__proto__', '\\u005f_proto__', '__pr\\u006fto__']) {
      const payload = `{"${key}":{"polluted":1},"a":{"${key}":2}}`;
      const [message] = parseFromGuest(`[{"type":"done","call":1,"effects":[{"type":"A","payload":${payload}}]}]`)!;
      assert.deepEqual(message, { type: 'done', call: 1, effects: [{ type: 'A', payload: { a: {} } }] });
      assert.ok(message?.type === 'done' && !Object.hasOwn(message.effects[0]!.payload as object, '__proto__'));
    }
  });

  test('and what a runner says of itself is checked as well', () => {
    const said = (kind: number, text: string) => parseFromRunner({ kind, isolate: 1, text });
    assert.equal(said(99, ''), undefined);
    assert.equal(said(FROM_RUNNER.spent, '-1'), undefined);
    assert.equal(said(FROM_RUNNER.spent, 'Infinity'), undefined);
    const end = { why: 'boredom', entry: 0, cpuMs: 1, ranMs: 1, detail: '' };
    assert.equal(said(FROM_RUNNER.ended, JSON.stringify(end)), undefined);
    assert.equal(said(FROM_RUNNER.ended, JSON.stringify({ ...end, why: 'timeout', ranMs: -1 })), undefined);
    assert.equal(said(FROM_RUNNER.ended, JSON.stringify({ ...end, why: 'timeout' }))?.type, 'ended');
    assert.equal(said(FROM_RUNNER.stray, '{"entry":-1,"message":""}'), undefined);
  });
});

/** A frame that a hostile runner sends, as JavaScript of the runner. */
const FRAME = `
const { writeSync, readSync } = require('node:fs');
const frame = (batch, finished, entries) => {
  const text = Buffer.from(entries.map(([, , text]) => text).join(''));
  const head = new Uint32Array([0, batch, finished, entries.length, ...entries.flatMap(([kind, isolate, text]) => [kind, isolate, text.length])]);
  const padded = Buffer.concat([Buffer.from(head.buffer), text, Buffer.alloc(-text.length & 3)]);
  padded.writeUInt32LE(padded.length - 4);
  writeSync(1, padded);
};
const ready = () => frame(0, 0, [[1, 0, '']]);
const wait = () => readSync(0, Buffer.alloc(65536));`;

describe('a runner', () => {
  let code: RunnerCode;
  const running: RunnerProcess<string>[] = [];
  before(async () => {
    code = await runnerCode();
  });
  after(() => {
    for (const process of running) process.kill('the test is over');
  });

  interface Outcome {
    readonly death: Death;
    readonly unanswered: readonly string[];
    readonly said: readonly FromRunner[];
  }

  /** Runs `main` as a runner, sends it two entries, and waits for its end. */
  async function outcomeOf(main: string, longestMs = 60_000): Promise<Outcome> {
    const isolation = await detectIsolation('runner', [code.engine]);
    const said: FromRunner[] = [];
    return new Promise((resolve) => {
      const runner = new RunnerProcess<string>(
        { code: { ...code, main: FRAME + main }, isolation, patience: () => ({ wallMs: longestMs }) },
        {
          onAnswer: (entry) => void said.push(entry),
          onFinished: () => {},
          onExit: (death, unanswered) => resolve({ death, unanswered, said }),
        },
      );
      running.push(runner);
      runner.send({ type: 'step', isolate: 1, text: '{}' }, 'first');
      runner.send({ type: 'step', isolate: 1, text: '{}' }, 'second');
    });
  }

  const lies: [what: string, main: string][] = [
    ['before it is ready', 'frame(1, 1, []); wait(); wait();'],
    ['that it is ready twice', 'ready(); ready(); wait(); wait();'],
    ['of a batch that was not sent', 'ready(); wait(); frame(9, 1, []); wait();'],
    ['more entries finished than there were', 'ready(); wait(); frame(1, 3, []); wait();'],
    ['the same entry finished twice', 'ready(); wait(); frame(1, 1, []); frame(1, 1, []); wait();'],
    ['an entry of no kind', "ready(); wait(); frame(1, 1, [[77, 1, '']]); wait();"],
    ['a malformed end of an isolate', "ready(); wait(); frame(1, 1, [[5, 1, '{}']]); wait();"],
    ['no frame', 'ready(); wait(); writeSync(1, Buffer.from([8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])); wait();'],
  ];
  for (const [what, main] of lies) {
    test(`that says ${what} is ended`, async () => {
      const { death, unanswered } = await outcomeOf(main);
      assert.deepEqual([death.cause, death.reason], ['crash', 'it sent what a runner does not send']);
      assert.ok(unanswered.includes('second'));
    });
  }

  test('that sends a frame without end is ended before it fills the memory', async () => {
    const { death } = await outcomeOf('ready(); const b = Buffer.alloc(65536, 255); for (;;) writeSync(1, b);');
    assert.equal(death.reason, 'it sent a frame that is too long');
  });

  test('that does not answer is ended a second after it should have', async () => {
    const began = performance.now();
    const [{ death, unanswered }, computing] = await Promise.all([
      outcomeOf('ready(); for (;;) wait();', 100),
      outcomeOf('ready(); wait(); for (;;);', 100),
    ]);
    assert.deepEqual([death.cause, death.reason], ['silent', 'it did not answer']);
    // It waits, and so computes nothing that a call could be blamed for.
    assert.ok(death.ranMs < computing.death.ranMs, `${death.ranMs} ms, and ${computing.death.ranMs} ms of another`);
    assert.deepEqual(unanswered, ['first', 'second']);
    assert.ok(performance.now() - began > 1_000);
  });

  test('that dies in the middle leaves what it has not answered', async () => {
    const { death, unanswered, said } = await outcomeOf(
      "ready(); wait(); frame(1, 1, [[2, 1, '[]']]); process.abort();",
    );
    assert.equal(death.cause, 'crash');
    // Bubblewrap tells the signal of its child as a code.
    assert.match(death.reason, /it ended (by SIGABRT|with code 134)/);
    assert.deepEqual(unanswered, ['second']);
    assert.deepEqual(said, [{ type: 'said', isolate: 1, text: '[]' }]);
  });

  test('has no files, no processes, no environment and no network', async (t) => {
    const isolation = await detectIsolation('runner', [code.engine]);
    const { said } = await outcomeOf(`
      const tries = {
        file: () => require('node:fs').readFileSync('/etc/hostname'),
        folder: () => require('node:fs').readdirSync('/'),
        write: () => require('node:fs').writeFileSync('/tmp/chartwire-runner', ''),
        process: () => require('node:child_process').spawnSync('true'),
        worker: () => new (require('node:worker_threads').Worker)('1', { eval: true }),
        addon: () => process.dlopen({}, '/lib/x86_64-linux-gnu/libc.so.6'),
        inspector: () => require('node:inspector').open(),
        compiled: () => { if (typeof WebAssembly !== 'undefined') throw new Error('there'); },
      };
      const found = {};
      for (const [name, attempt] of Object.entries(tries)) {
        try { attempt(); found[name] = 'done'; } catch (error) { found[name] = error.code ?? error.message; }
      }
      found.environment = Object.keys(process.env).filter((name) => !/^(PWD|OLDPWD|SHLVL|_)$/.test(name)).join();
      found.network = Object.keys(require('node:os').networkInterfaces()).join();
      found.arguments = process.argv.length;
      ready(); wait(); frame(1, 1, [[2, 1, JSON.stringify(found)]]); process.exit(0);`);
    const { text } = said.find((entry) => entry.type === 'said') as { text: string };
    const {
      environment,
      network,
      arguments: given,
      compiled,
      addon,
      ...refused
    } = JSON.parse(text) as Record<string, unknown>;
    t.diagnostic(`isolation: ${isolation.name}, network ${isolation.network}`);
    // Beside what the shell that starts it sets: its folder is `/`.
    assert.equal(environment, 'TZ');
    assert.equal(given, 1);
    assert.equal(compiled, 'done');
    assert.notEqual(addon, 'done');
    if (isolation.network === 'none') assert.match(String(network), /^(lo)?$/);
    assert.deepEqual(new Set(Object.values(refused)), new Set(['ERR_ACCESS_DENIED']), JSON.stringify(refused));
  });

  test('that does not come up is not started again and again', async () => {
    const isolation = await detectIsolation('runner', [code.engine]);
    let starts = 0;
    const again = (): void => {
      if (slot.process()) starts += 1;
    };
    const slot: RunnerSlot<string> = new RunnerSlot(
      'main',
      (events) =>
        new RunnerProcess(
          { code: { ...code, main: 'process.exit(1)' }, isolation, patience: () => ({ wallMs: 1 }) },
          events,
        ),
      { onAnswer: () => {}, onFinished: () => {}, onExit: again, onAvailable: again },
    );
    const began = performance.now();
    again();
    await until(async () => starts === 4);
    slot.stop();
    // At once, then after 100, 200 and 400 ms; each start takes some time too.
    assert.ok(performance.now() - began > 690, `4 starts in ${performance.now() - began} ms`);
  });
});
