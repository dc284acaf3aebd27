// Requests that plugins queue as effects: sent after the commit, retried on their own, answered by an event.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { RequestView } from '#delivery/outgoing/requests.ts';
import { startCore, type TestCore, until } from '../support/core.ts';

const HOUR = 3_600_000;
const KEY = Buffer.from('a key of thirty-two bytes, so it is');

interface Got {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Another system on this machine: what it got, and what it answers at each path. */
class Receiver {
  readonly got: Got[] = [];
  readonly answers = new Map<string, (response: ServerResponse, nth: number) => void>();
  readonly #server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const path = request.url!;
    this.got.push({ path, headers: request.headers, body });
    const answer = this.answers.get(path);
    if (answer) answer(response, this.at(path).length);
    else response.end('{"fine":1.00}');
  });
  place = '';

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.place = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers with these statuses, and then with the last of them. */
  says(path: string, statuses: readonly number[], headers: Record<string, string> = {}): void {
    this.answers.set(path, (response, nth) => {
      response.writeHead(statuses[Math.min(nth, statuses.length) - 1]!, headers).end(`answer ${nth}`);
    });
  }

  at(path: string): Got[] {
    return this.got.filter((one) => one.path === path);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('outgoing requests', () => {
  const receiver = new Receiver();
  let core: TestCore;
  let wound = 0;
  const now = (): number => Date.now() + wound;

  before(async () => {
    await receiver.start();
    core = await startCore({ allowPrivateHttp: [receiver.place], outgoing: { now } });
    await core.install({ name: 'asker', source: asker(receiver.place), more: manifest(receiver.place) });
    await core.plugins.setVariable('asker', 'KEY', { value: `whsec_${KEY.toString('base64')}` });
    await core.install({ name: 'other', source: EAVESDROPPER });
  });
  after(async () => {
    await core.end();
    receiver.stop();
  });

  /** Has the plugin ask for a path of the receiver; resolves with the request once `is`. */
  async function asked(path: string, more = ''): Promise<void> {
    await core.create({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      description: path,
      ...(more && { note: [{ text: more }] }),
    });
  }
  const all = async (): Promise<RequestView[]> => {
    const states = ['pending', 'sending', 'done', 'dead', 'skipped'] as const;
    return (await Promise.all(states.map((state) => core.outgoing.list({ state, limit: 500 })))).flatMap(
      ({ items }) => items,
    );
  };
  const at = async (path: string) => (await all()).find(({ url }) => url.endsWith(path));
  const becomes = async (path: string, is: (request: RequestView) => boolean): Promise<RequestView> => {
    await until(async () => {
      const request = await at(path);
      return request !== undefined && is(request);
    });
    return (await at(path))!;
  };
  const attempts = (path: string, count: number) =>
    becomes(path, (one) => one.state !== 'sending' && one.attempts.length === count);
  const heard = async (plugin: string, tag: string) => {
    await core.settled();
    const { items } = await core.plugins.executions(plugin, { limit: 200 });
    const payloads = items.flatMap(({ effects }) => effects.map(({ payload }) => payload as { message?: string }));
    return payloads.flatMap(({ message = '' }) =>
      message.startsWith(`${tag} `) ? [message.slice(tag.length + 1)] : [],
    );
  };

  test('its answer is an event that the same plugin is given, with its body; nobody else is given it or sees the body', async () => {
    await asked('/fine');
    const done = await becomes('/fine', ({ state }) => state === 'done');
    const [got] = receiver.at('/fine');
    assert.equal(got!.headers['idempotency-key'], done.id);
    assert.equal(got!.headers['content-type'], 'application/json');
    assert.equal(got!.body, '{"n":1.5}');
    assert.deepEqual(await heard('asker', '/fine'), ['HTTP_REQUEST_COMPLETED 200 {"fine":1.00}']);
    const { items } = await core.events.list({ type: 'HTTP_REQUEST_COMPLETED', limit: 10 });
    const { context, cause, target } = items.find(({ target: { id } }) => id === done.id)!;
    assert.deepEqual(context, { request: done.id, tag: '/fine', attempts: 1, status: 200 });
    assert.equal(cause!.plugin, 'asker');
    assert.equal(target.type, 'HttpRequest');
    const others = (await core.plugins.executions('other', { limit: 10 })).items;
    assert.deepEqual(others, [], 'another plugin that responds to these events is given none of them');
    const owed = await core.deliveries.list({ plugin: 'other', limit: 10 });
    assert.deepEqual(owed.items, [], 'and none is owed to it');
  });

  test('it is retried with the same key, on its own clock, until it is answered', async () => {
    receiver.says('/twice', [500, 503, 200]);
    await asked('/twice');
    let request = await attempts('/twice', 1);
    assert.equal(request.state, 'pending');
    assert.equal(request.error!.code, 'outgoing.answered');
    assert.deepEqual((await core.deliveries.list({ plugin: 'asker', limit: 10 })).items, [], 'the delivery is over');
    const wait = Date.parse(request.nextAt!) - now();
    assert.ok(wait > 3_000 && wait < 6_000, `${wait} ms`);
    wound += 6_000;
    request = await attempts('/twice', 2);
    // A clock that is set back by a day makes nobody wait for a day.
    wound -= 24 * HOUR;
    await becomes('/twice', ({ state }) => state === 'done');
    wound += 24 * HOUR;
    request = (await at('/twice'))!;
    assert.deepEqual(
      request.attempts.map(({ status, code }) => ({ status, code })),
      [
        { status: 500, code: 'outgoing.answered' },
        { status: 503, code: 'outgoing.answered' },
        { status: 200, code: null },
      ],
    );
    assert.equal(new Set(receiver.at('/twice').map(({ headers }) => headers['idempotency-key'])).size, 1);
    assert.deepEqual(await heard('asker', '/twice'), ['HTTP_REQUEST_COMPLETED 200 answer 3']);
  });

  test('a status that no retry would mend is final, and it can be retried by hand', async () => {
    receiver.says('/gone', [410, 204]);
    await asked('/gone');
    const dead = await becomes('/gone', ({ state }) => state === 'dead');
    assert.equal(dead.attempts.length, 1);
    assert.match(dead.error!.message, /status 410/);
    assert.deepEqual(await heard('asker', '/gone'), ['HTTP_REQUEST_FAILED 410 answer 1']);
    assert.equal((await core.plugins.health('asker')).requests.dead, 1);
    await core.outgoing.retry(dead.id);
    await becomes('/gone', ({ state }) => state === 'done');
    assert.equal(new Set(receiver.at('/gone').map(({ headers }) => headers['idempotency-key'])).size, 1);
    await assert.rejects(core.outgoing.retry(dead.id), { code: 'outgoing.not-found' });
  });

  test('Retry-After is respected; after as many retries as were asked for it is given up', async () => {
    receiver.says('/busy', [429], { 'retry-after': '7200' });
    await asked('/busy', '1');
    const { nextAt } = await attempts('/busy', 1);
    const wait = Date.parse(nextAt!) - now();
    assert.ok(wait > 1.9 * HOUR && wait <= 2 * HOUR, `${wait} ms`);
    wound += 3 * HOUR;
    const dead = await becomes('/busy', ({ state }) => state === 'dead');
    assert.equal(dead.attempts.length, 2);
    await core.outgoing.skip(dead.id);
  });

  test('no answer is retried; an answer that is too large is one', async () => {
    receiver.answers.set('/broken', (response, nth) => (nth === 1 ? response.destroy() : response.end('whole')));
    await asked('/broken');
    const request = await attempts('/broken', 1);
    assert.deepEqual([request.state, request.error!.code, request.attempts[0]!.status], ['pending', 'host.http', null]);
    await core.outgoing.retry(request.id);
    await becomes('/broken', ({ state }) => state === 'done');
    receiver.answers.set('/large', (response) => void response.end('x'.repeat(300_000)));
    await asked('/large');
    await becomes('/large', ({ state }) => state === 'done');
    assert.deepEqual(await heard('asker', '/large'), ['HTTP_REQUEST_COMPLETED 200 null']);
    assert.equal(receiver.at('/large').length, 1);
  });

  test('an answer that the database cannot store is one, without its body', async () => {
    receiver.answers.set('/zero', (response) => void response.end('a\0b'));
    await asked('/zero');
    await becomes('/zero', ({ state }) => state === 'done');
    assert.deepEqual(await heard('asker', '/zero'), ['HTTP_REQUEST_COMPLETED 200 null']);
    assert.equal(receiver.at('/zero').length, 1);
  });

  test('a webhook is signed as Standard Webhooks has it, at each attempt anew', async () => {
    receiver.says('/hook', [500, 200]);
    await asked('/hook');
    await attempts('/hook', 1);
    wound += 6_000;
    await becomes('/hook', ({ state }) => state === 'done');
    const [first, second] = receiver.at('/hook');
    for (const { headers, body } of [first!, second!]) {
      const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature } = headers;
      const expected = createHmac('sha256', KEY).update(`${id}.${seconds}.${body}`).digest('base64');
      assert.equal(signature, `v1,${expected}`);
      assert.deepEqual(Object.keys(JSON.parse(body)), ['type', 'timestamp', 'data']);
    }
    assert.equal(first!.headers['webhook-id'], second!.headers['webhook-id']);
    assert.notEqual(first!.headers['webhook-timestamp'], second!.headers['webhook-timestamp']);
    assert.equal(first!.body, second!.body);
    const kept = JSON.stringify((await core.plugins.executions('asker', { limit: 200 })).items);
    assert.ok(!kept.includes(KEY.toString('base64')), 'no execution holds the key');
  });

  for (const [what, path, code] of [
    ['a host that the manifest does not name', 'http://127.0.0.1:1/', 'host.forbidden'],
    ['a private address that the operator does not allow', 'https://127.0.0.1:2/', 'host.http'],
    ['a secret where it may not go', '/secret', 'host.secret'],
    ['a name of a header that HTTP does not allow', '/header-name', 'host.http'],
    ['a line break in a header', '/header-value', 'host.http'],
  ] as const) {
    test(`${what} is refused with the effects`, async () => {
      await asked(path);
      await core.settled();
      const { items } = await core.plugins.executions('asker', { limit: 1 });
      assert.equal(items[0]!.error!.code, code);
      assert.equal(await at(path), undefined);
    });
  }

  test('a name that turns out to be of a private address is refused, and not retried', async () => {
    await asked('https://localhost:9/private');
    const dead = await becomes('/private', ({ state }) => state === 'dead');
    assert.equal(dead.attempts.length, 1);
    assert.match(dead.error!.message, /its address is private/);
    await core.outgoing.skip(dead.id);
  });

  test('what a node was sending when it died is sent again with the same key, and only once at a time', async () => {
    const answered = Promise.withResolvers<void>();
    receiver.answers.set('/crash', (response, nth) => {
      if (nth > 1) response.end('again');
      else void answered.promise.then(() => response.end('late'));
    });
    await asked('/crash');
    await until(async () => receiver.at('/crash').length === 1);
    assert.equal((await at('/crash'))!.state, 'sending');
    // Its lease runs out, as that of a node which was killed: it is sent again, and the first answer comes too late to count.
    wound += 120_000;
    const second = await startCore({
      on: core.database,
      node: 'second',
      allowPrivateHttp: [receiver.place],
      outgoing: { now },
    });
    await becomes('/crash', ({ state }) => state === 'done');
    answered.resolve();
    await second.end({ keep: true });
    assert.equal(new Set(receiver.at('/crash').map(({ headers }) => headers['idempotency-key'])).size, 1);
    assert.deepEqual(await heard('asker', '/crash'), ['HTTP_REQUEST_COMPLETED 200 again']);
  });

  test('of a disabled plugin it waits, or is skipped; of one that was removed it is not sent', async () => {
    receiver.says('/later', [500, 200]);
    await asked('/later');
    await attempts('/later', 1);
    await core.plugins.disable('asker', 'keep');
    wound += 6_000;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await at('/later'))!.state, 'pending');
    await core.plugins.enable('asker');
    await becomes('/later', ({ state }) => state === 'done');
    receiver.says('/never', [500]);
    await asked('/never');
    await attempts('/never', 1);
    await core.settled();
    await core.plugins.disable('asker', 'skip');
    assert.equal((await at('/never'))!.state, 'skipped');
    const disabled = (await core.events.list({ type: 'PLUGIN_DISABLED', limit: 10, order: 'desc' })).items[0]!;
    assert.deepEqual(disabled.context, { plugin: 'asker', pending: 'skip', count: 0, requests: 1 });
    await core.plugins.enable('asker');
    receiver.says('/removed', [500]);
    await asked('/removed');
    await attempts('/removed', 1);
    await core.plugins.remove('asker');
    assert.equal((await at('/removed'))!.state, 'skipped');
    assert.equal(receiver.at('/removed').length, 1);
  });

  test('what was being sent when its plugin was removed is not sent again, by a plugin of its name that comes later either', async () => {
    await core.install({ name: 'asker', source: asker(receiver.place), more: manifest(receiver.place) });
    const answered = Promise.withResolvers<void>();
    receiver.answers.set('/leaving', (response) => void answered.promise.then(() => response.writeHead(500).end()));
    await asked('/leaving');
    await until(async () => receiver.at('/leaving').length === 1);
    await core.plugins.remove('asker');
    assert.equal((await at('/leaving'))!.state, 'sending');
    answered.resolve();
    const skipped = await becomes('/leaving', ({ attempts }) => attempts.length === 1);
    assert.equal(skipped.state, 'skipped');
    await assert.rejects(core.outgoing.retry(skipped.id), { code: 'plugin.not-found' });
    // A node that was killed while it sent one leaves it as it was.
    await core.store.pool.query("UPDATE outgoing_request SET state = 'sending', next_at = $2 WHERE id = $1", [
      skipped.id,
      new Date(now() - 1_000),
    ]);
    await core.install({ name: 'asker', source: asker(receiver.place), more: manifest(receiver.place) });
    assert.equal((await at('/leaving'))!.state, 'skipped');
  });
});

/** Asks for what a task's description says, and tells in its log what came of it. */
function asker(place: string): string {
  return `import { BaseProtocol, EventType, bearer, httpRequest, log, sendWebhook } from 'chartwire/sdk';
    export class Ask extends BaseProtocol {
      static RESPONDS_TO = [EventType.TASK_CREATED];
      compute() {
        const { description: path, note } = this.event.context.record;
        const url = path.startsWith('/') ? 'http://${place}' + path : path;
        if (path === '/hook') return sendWebhook({ url, type: 'task.created', data: { path }, key: this.variables.KEY, tag: path });
        const retries = note ? Number(note[0].text) : undefined;
        const headers = {
          '/secret': { authorization: bearer(this.variables.KEY) },
          '/header-name': { 'two words': 'x' },
          '/header-value': { 'x-order': 'a\\r\\nb' },
        }[path];
        return httpRequest({ method: 'POST', url, headers, body: { n: 1.5 }, tag: path, ...(note && { retries }) });
      }
    }
    export class Hear extends BaseProtocol {
      static RESPONDS_TO = [EventType.HTTP_REQUEST_COMPLETED, EventType.HTTP_REQUEST_FAILED];
      compute() {
        const { tag, status, body } = this.event.context;
        return log({ message: tag + ' ' + this.event.type + ' ' + status + ' ' + body });
      }
    }`;
}

const EAVESDROPPER = `import { BaseProtocol, EventType, log } from 'chartwire/sdk';
  export class Hear extends BaseProtocol {
    static RESPONDS_TO = [EventType.HTTP_REQUEST_COMPLETED, EventType.HTTP_REQUEST_FAILED];
    compute() { return log({ message: 'heard' }); }
  }`;

const manifest = (place: string) => ({
  network: [place, '127.0.0.1:2', 'localhost:9'],
  variables: [{ name: 'KEY', sensitive: true, sendTo: [{ host: place, in: ['signature:webhook-signature'] }] }],
});
