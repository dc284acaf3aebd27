import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { EventStream, type Source } from '#server/sse.ts';

/** Numbers up to `end`, each a message of `size` bytes, as fast as they are taken; remembers how often it was opened. */
function counting(end: number, size: number) {
  const opened: string[] = [];
  const source: Pick<Source, 'open'> = {
    open(after, send) {
      opened.push(after);
      let stopped = false;
      queueMicrotask(() => {
        for (let n = Number(after) + 1; n <= end && !stopped; n++) send(String(n), { n, padding: 'x'.repeat(size) });
      });
      return () => {
        stopped = true;
      };
    },
  };
  return { source, opened };
}

const idsIn = (text: string): string[] => Array.from(text.matchAll(/^id: (.*)$/gm), ([, id]) => id!);

test('a message carries its id and its data, after a word on when to come back', async () => {
  const stream = new EventStream({ source: counting(2, 0).source, after: '0' });
  await wait(10);
  stream.end();
  const chunks = await stream.map(String).toArray();
  assert.equal(
    chunks.join(''),
    'retry: 2000\n\nid: 1\ndata: {"n":1,"padding":""}\n\nid: 2\ndata: {"n":2,"padding":""}\n\n',
  );
});

test('a slow reader misses nothing and costs no more than the buffer', async () => {
  const { source, opened } = counting(400, 10_000);
  const stream = new EventStream({ source, after: '0' });
  await wait(10);
  assert.ok(stream.readableLength < 300_000, `${stream.readableLength} bytes are kept`);
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    await wait(1);
    if (text.includes('id: 400\n')) stream.end();
  }
  assert.deepEqual(
    idsIn(text),
    Array.from({ length: 400 }, (_, n) => String(n + 1)),
  );
  assert.ok(opened.length > 5, 'the source was closed while the buffer was full');
});

test('it goes on after the id it is given', async () => {
  const { source, opened } = counting(5, 0);
  const stream = new EventStream({ source, after: '3' });
  await wait(10);
  stream.end();
  assert.deepEqual(idsIn((await stream.map(String).toArray()).join('')), ['4', '5']);
  assert.deepEqual(opened, ['3']);
});

test('one who does not read at all is cut off', async () => {
  const { source } = counting(1_000, 10_000);
  const stream = new EventStream({ source, after: '0', heartbeat: 10, patience: 30 });
  await once(stream, 'close');
  assert.ok(stream.destroyed);
});

test('one that is refused says so, and ends', async () => {
  const stream = new EventStream({ source: counting(1, 0).source, after: '0' });
  await wait(10);
  stream.turnAway();
  const chunks = await stream.map(String).toArray();
  assert.match(chunks.join(''), /event: ended\ndata: {}\n\n$/);
});

test('a source that sends before it is opened may be held at once', async () => {
  const big = 'x'.repeat(300_000);
  let open = 0;
  const source: Pick<Source, 'open'> = {
    open(after, send) {
      open++;
      for (let n = Number(after) + 1; n <= 3; n++) send(String(n), { big });
      return () => void open--;
    },
  };
  const stream = new EventStream({ source, after: '0' });
  assert.equal(open, 0, 'held, and so closed');
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    if (text.includes('id: 3\n')) stream.end();
  }
  assert.deepEqual(idsIn(text), ['1', '2', '3']);
});

test('a source that refuses leaves nothing behind that runs on', () => {
  const source: Pick<Source, 'open'> = {
    open() {
      throw new Error('not that id');
    },
  };
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  assert.throws(() => new EventStream({ source, after: 'x' }), /not that id/);
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length, timers);
});
