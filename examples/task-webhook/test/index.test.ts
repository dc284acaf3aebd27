// The plugin in the sandbox it also runs in on a server; only the receiver is ours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Task } from 'chartwire/sdk';
import { type OutgoingRequest, openPlugin } from 'chartwire/sdk/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const VARIABLES = { WEBHOOK_URL: 'https://hooks.example.org/tasks', WEBHOOK_TOKEN: 'sesame' };

const TASK: Task = {
  resourceType: 'Task',
  id: 't1',
  status: 'requested',
  intent: 'order',
  description: 'Call the patient',
  for: { reference: 'Patient/p1' },
  owner: { reference: 'Practitioner/d1' },
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

test('a new task is posted as JSON, with the token', async () => {
  const { plugin, requests } = await receiving(204);
  await using _ = plugin;
  const { effects, error } = await plugin.deliver('TASK_CREATED', { id: 'e1', record: TASK });
  assert.deepEqual([effects, error], [[], null]);
  assert.equal(requests.length, 1);
  const [{ method, url, headers, body }] = requests as [OutgoingRequest];
  assert.deepEqual([method, url], ['POST', 'https://hooks.example.org/tasks']);
  const sent = new Headers(headers);
  assert.equal(sent.get('authorization'), 'Bearer sesame');
  assert.equal(sent.get('content-type'), 'application/json');
  assert.equal(sent.get('idempotency-key'), 'e1');
  assert.deepEqual(JSON.parse(body!), {
    id: 't1',
    title: 'Call the patient',
    status: 'requested',
    due: '2026-09-01',
    patient: 'Patient/p1',
    assignee: 'Practitioner/d1',
  });
});

test('a task without patient, assignee or due date is posted too', async () => {
  const { plugin, requests } = await receiving(200);
  await using _ = plugin;
  const record: Task = { resourceType: 'Task', id: 't2', status: 'draft', intent: 'order' };
  const { error } = await plugin.deliver('TASK_CREATED', { record });
  assert.equal(error, null);
  const body = JSON.parse(requests[0]!.body!) as Record<string, unknown>;
  assert.deepEqual(body, { id: 't2', title: null, status: 'draft', due: null, patient: null, assignee: null });
});

test('a receiver that refuses makes the delivery fail, so that it is tried again', async () => {
  const { plugin } = await receiving(503);
  await using _ = plugin;
  const { error } = await plugin.deliver('TASK_CREATED', { record: TASK });
  assert.equal(error?.code, 'handler.threw');
  assert.match(error!.message, /answered 503/);
});

test('without an address it says so and sends nothing', async () => {
  const { plugin, requests } = await receiving(200, {});
  await using _ = plugin;
  const { error, logs } = await plugin.deliver('TASK_CREATED', { record: TASK });
  assert.equal(error, null);
  assert.deepEqual(requests, []);
  assert.match(logs[0]!.message, /WEBHOOK_URL is not set/);
});

test('an address whose host the manifest does not name is refused', async () => {
  const { plugin, requests } = await receiving(200, { WEBHOOK_URL: 'https://elsewhere.example.com/' });
  await using _ = plugin;
  const { error } = await plugin.deliver('TASK_CREATED', { record: TASK });
  assert.ok(error);
  assert.deepEqual(requests, []);
});
