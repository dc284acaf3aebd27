// The plugin in the sandbox it also runs in on a server; only the receiver is ours.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Task } from 'chartwire/sdk';
import { type OutgoingRequest, openPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const VARIABLES = { WEBHOOK_URL: 'https://hooks.example.org/tasks', WEBHOOK_TOKEN: 'sesame' };

const TASK: Task = {
  resourceType: 'Task',
  id: 't1',
  status: 'requested',
  intent: 'order',
  description: 'Call the patient',
  for: { reference: 'Patient/p1' },
  requester: { reference: 'Practitioner/d1' },
  owner: { reference: 'Practitioner/d2' },
  restriction: { period: { end: '2026-09-01' } },
};

/** The plugin, and what it sent; the receiver answers `status`. */
async function receiving(status: number, variables: Record<string, string> = VARIABLES) {
  const requests: OutgoingRequest[] = [];
  const plugin = await openPlugin(FOLDER, {
    variables,
    http(request) {
      requests.push(request);
      return { status };
    },
  });
  return { plugin, requests };
}

test('a new task is posted as JSON, signed with the token', async () => {
  const { plugin, requests } = await receiving(204);
  await using _ = plugin;
  const at = '2026-08-23T10:00:00.000Z';
  const { effects, error } = await plugin.deliver('TASK_CREATED', { id: 'e1', at, record: TASK });
  assert.deepEqual([effects, error], [[], null]);
  const [{ method, url, headers, body }, ...more] = requests as [OutgoingRequest];
  assert.deepEqual([method, url, more], ['POST', 'https://hooks.example.org/tasks', []]);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['idempotency-key'], 'e1');
  assert.equal(headers['x-signature'], `sha256=${createHmac('sha256', 'sesame').update(body!).digest('hex')}`);
  assert.deepEqual(JSON.parse(body!), {
    verb: 'created',
    at,
    id: 't1',
    title: 'Call the patient',
    status: 'requested',
    due: '2026-09-01',
    patient: 'Patient/p1',
    creator: 'Practitioner/d1',
    assignee: 'Practitioner/d2',
  });
});

test('a change of a task is posted as one', async () => {
  const { plugin, requests } = await receiving(200);
  await using _ = plugin;
  const record: Task = { ...TASK, status: 'completed' };
  await plugin.deliver('TASK_UPDATED', { record });
  const { verb, status } = JSON.parse(requests[0]!.body!);
  assert.deepEqual([requests.length, verb, status], [1, 'updated', 'completed']);
});

test('a task without patient, creator, assignee or due date is posted too', async () => {
  const { plugin, requests } = await receiving(200);
  await using _ = plugin;
  const record: Task = { resourceType: 'Task', id: 't2', status: 'draft', intent: 'order' };
  const { error } = await plugin.deliver('TASK_CREATED', { record });
  assert.equal(error, null);
  const { verb, at, ...task } = JSON.parse(requests[0]!.body!);
  const nothing = { title: null, due: null, patient: null, creator: null, assignee: null };
  assert.deepEqual(task, { id: 't2', status: 'draft', ...nothing });
});

test('a receiver that refuses makes the delivery fail, so that it is tried again', async () => {
  const { plugin } = await receiving(503);
  await using _ = plugin;
  const { error } = await plugin.deliver('TASK_CREATED', { record: TASK });
  assert.equal(error?.code, 'handler.threw');
  assert.match(error!.message, /answered 503/);
});

for (const missing of ['WEBHOOK_URL', 'WEBHOOK_TOKEN'] as const) {
  test(`without ${missing} it says so and sends nothing`, async () => {
    const { [missing]: _, ...variables } = VARIABLES;
    const { plugin, requests } = await receiving(200, variables);
    await using __ = plugin;
    const { error, logs } = await plugin.deliver('TASK_CREATED', { record: TASK });
    assert.deepEqual([error, requests], [null, []]);
    assert.match(logs[0]!.message, /is not set/);
  });
}

test('an address whose host the manifest does not name is refused', async () => {
  const { plugin, requests } = await receiving(200, { ...VARIABLES, WEBHOOK_URL: 'https://elsewhere.example.com/' });
  await using _ = plugin;
  const { error } = await plugin.deliver('TASK_CREATED', { record: TASK });
  assert.ok(error);
  assert.deepEqual(requests, []);
});
