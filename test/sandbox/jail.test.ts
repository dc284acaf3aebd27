// The host believes nothing that comes from a process that builds: what is not exactly right is one failed build.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AnswerReader, encodeAnswer, MAX_CODE, READY } from '#plugin-host/build-answer.ts';
import { isBuildHead } from '#plugin-host/build-head.ts';
import { buildPlugin } from '#plugin-host/build.ts';
import { detectIsolation } from '#plugin-host/isolation.ts';
import { folderOf, handler, manifestOf } from './sandbox.ts';

const ANSWER = { head: { manifest: { name: 'x' }, questionnaires: [] }, code: 'const a = "ü";', sourceMap: '{}' };
const ready = Buffer.from([READY]);

describe('the answer of a build', () => {
  test('comes back as it was, however the bytes are cut', () => {
    const bytes = Buffer.concat([ready, encodeAnswer(ANSWER)]);
    for (const size of [1, 3, 50, bytes.length]) {
      const reader = new AnswerReader();
      const answers: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) answers.push(reader.push(bytes.subarray(at, at + size)));
      assert.deepEqual(answers.pop(), ANSWER);
      assert.ok(answers.every((answer) => answer === undefined));
    }
  });

  test('is none when it is too large, is not JSON, goes on after its end, or begins otherwise', () => {
    const long = Buffer.from(encodeAnswer(ANSWER));
    long.writeUInt32LE(MAX_CODE + 1, 4 + long.readUInt32LE(0));
    assert.equal(new AnswerReader(true).push(long), 'too large');
    const broken = Buffer.from(encodeAnswer(ANSWER));
    broken[4] = 0x7d;
    assert.equal(new AnswerReader(true).push(broken), 'malformed');
    assert.equal(new AnswerReader(true).push(Buffer.concat([encodeAnswer(ANSWER), ready])), 'malformed');
    assert.equal(new AnswerReader().push(encodeAnswer(ANSWER)), 'malformed');
  });

  test('has a head of known members alone', () => {
    const refused = { code: 'plugin.build', reason: 'x', faults: [{ path: '', message: 'x' }] };
    for (const head of [{ manifest: 1, questionnaires: [] }, { refused }, { stopped: 'memory' }, {}]) {
      assert.ok(isBuildHead(head), JSON.stringify(head));
    }
    const none: unknown[] = [null, [], 'x', { stopped: 'x' }, { other: 1 }, { questionnaires: {} }];
    for (const code of ['server.failed', 'plugin.load', 1]) none.push({ refused: { ...refused, code } });
    none.push({ refused: { ...refused, faults: [{ path: '', message: '', status: 200 }] } });
    for (const head of none) assert.ok(!isBuildHead(head), JSON.stringify(head));
  });
});

describe('an author’s builds', () => {
  test('follow each other in one process, and one that is stopped harms no other', async () => {
    const folder = (name: string, source: string): Promise<string> =>
      folderOf({ 'chartwire.json': manifestOf(name), 'src/index.ts': source });
    const good = await folder('good', handler('return [];'));
    const bad = await folder('bad', `export const it = ${'('.repeat(1e6)}`);
    const other = await folder('other', "import '../../good/src/index.ts'; import './index.js'; export const it = 1;");
    const ended = await Promise.allSettled([good, bad, other, good].map((one) => buildPlugin(one)));
    assert.deepEqual(
      ended.map((one) => (one.status === 'fulfilled' ? one.value.manifest.name : one.reason.code)),
      ['good', 'plugin.build-stopped', 'plugin.build', 'good'],
    );
  });
});

describe('isolation', () => {
  test('is the same for building as for running, with another user and without the engine', async () => {
    const [builder, runner] = await Promise.all([
      detectIsolation('builder', []),
      detectIsolation('runner', ['/engine']),
    ]);
    assert.equal(builder.name, runner.name);
    assert.equal(builder.network, runner.network);
    assert.ok(!builder.command.includes('/engine'));
    if (runner.uid !== null) assert.notEqual(builder.uid, runner.uid);
  });
});
