import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Standing } from '#plugin-host/standing.ts';

const MINUTE = 60_000;

const proven = (): Standing => {
  const standing = new Standing();
  for (let i = 0; i < 100; i++) standing.clean();
  return standing;
};

describe('the standing of a plugin', () => {
  test('is probation at first, and main after a hundred clean calls', () => {
    const standing = new Standing();
    for (let i = 0; i < 99; i++) standing.clean();
    assert.equal(standing.where(0), 'probation');
    standing.clean();
    assert.equal(standing.where(0), 'main');
  });

  test('is probation again after an offence, and after one that nobody could be shown to have done', () => {
    const guilty = proven();
    guilty.offend('timeout', 0);
    assert.deepEqual([guilty.where(0), guilty.strikes(0)], ['probation', 1]);
    const doubted = proven();
    doubted.doubt();
    assert.deepEqual([doubted.where(0), doubted.strikes(0)], ['probation', 0]);
  });

  test('is quarantine after five strikes, of which a crash counts two', () => {
    const standing = new Standing();
    assert.deepEqual([standing.offend('crash', 0), standing.offend('crash', 0)], [false, false]);
    assert.equal(standing.offend('timeout', 0), true);
    assert.equal(standing.where(MINUTE - 1), 'quarantined');
    assert.equal(standing.where(MINUTE), 'probation');
  });

  test('is quarantine twice as long each time, up to an hour', () => {
    const standing = new Standing();
    let now = 0;
    const lengths: number[] = [];
    for (let i = 0; i < 8; i++) {
      while (!standing.offend('crash', now));
      let until = now;
      while (standing.where(until) === 'quarantined') until += MINUTE;
      lengths.push((until - now) / MINUTE);
      now = until;
    }
    assert.deepEqual(lengths, [1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test('forgets a strike in five minutes without another', () => {
    const standing = new Standing();
    standing.offend('crash', 0);
    assert.equal(standing.strikes(5 * MINUTE - 1), 2);
    assert.equal(standing.strikes(5 * MINUTE), 1);
    assert.equal(standing.strikes(10 * MINUTE), 0);
    standing.offend('timeout', 11 * MINUTE);
    assert.equal(standing.strikes(11 * MINUTE), 1);
  });
});
