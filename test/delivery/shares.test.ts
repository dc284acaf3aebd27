import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FairShares } from '#delivery/shares.ts';

/** Work that ends when it's told to, and the order in which it began. */
function bench(turns: FairShares) {
  const began: string[] = [];
  const ends: (() => void)[] = [];
  return {
    began,
    start: (plugin: string, chart = 'c') =>
      turns.do(plugin, chart, async () => {
        began.push(plugin);
        await new Promise<void>((resolve) => ends.push(resolve));
      }),
    /** Ends the oldest that runs. */
    async end() {
      ends.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  test('go to a plugin that comes later before another’s backlog', async () => {
    const { began, start, end } = bench(new FairShares({ all: 2, plugin: 2, chart: 9 }));
    for (let n = 0; n < 50; n++) void start('hog');
    void start('innocent');
    await soon();
    await end();
    await end();
    assert.ok(began.indexOf('innocent') <= 3, began.join());
  });

  test('leave room beside a plugin that has all that one may have', async () => {
    const { began, start } = bench(new FairShares({ all: 4, plugin: 3, chart: 9 }));
    for (let n = 0; n < 50; n++) void start('hog');
    void start('innocent');
    await soon();
    assert.deepEqual(began, ['hog', 'hog', 'hog', 'innocent']);
  });

  test('of one plugin in one chart are few, and its other charts go on', async () => {
    const { began, start } = bench(new FairShares({ all: 9, plugin: 9, chart: 2 }));
    for (let n = 0; n < 5; n++) void start('a', 'busy');
    void start('a', 'other').catch(() => {});
    await soon();
    assert.equal(began.length, 3);
  });

  test('go on after work that fails', async () => {
    const turns = new FairShares({ all: 1, plugin: 1, chart: 1 });
    await assert.rejects(
      turns.do('a', 'c', async () => {
        throw new Error('no');
      }),
      /no/,
    );
    assert.equal(await turns.do('a', 'c', async () => 'yes'), 'yes');
  });
});
