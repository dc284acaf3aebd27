// What examples/abnormal-lab-task and examples/task-webhook do for real.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import type { DiagnosticReport, Observation, Resource, Task } from '@medplum/fhirtypes';
import { until } from '../support/core.ts';
import { type ExampleServer, serveExamples } from './example-server.ts';

const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const LAB = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] };

interface Posted {
  readonly key: string;
  readonly signature: string;
  readonly body: string;
  /** What the receiver answered. */
  readonly status: number;
}

describe('tasks', () => {
  const posted: Posted[] = [];
  /** The statuses with which the receiver answers next; 204 when there are none. */
  const answers: number[] = [];
  const receiver = createServer(async (request, response) => {
    const status = answers.shift() ?? 204;
    const { 'idempotency-key': key, 'x-signature': signature } = request.headers;
    posted.push({ key: String(key), signature: String(signature), body: await text(request), status });
    response.writeHead(status).end();
  });
  let server: ExampleServer;
  before(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const place = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    server = await serveExamples({ allowPrivateHttp: [place] });
    await server.install('abnormal-lab-task');
    await server.install('task-webhook', {
      manifest: {
        network: [place],
        variables: [
          { name: 'WEBHOOK_URL' },
          {
            name: 'WEBHOOK_TOKEN',
            sensitive: true,
            sendTo: [{ host: place, in: ['signature:x-signature'] }],
          },
        ],
      },
      variables: { WEBHOOK_URL: `http://${place}/tasks`, WEBHOOK_TOKEN: 'a-token-of-this-test' },
    });
  });
  after(async () => {
    await server.close();
    receiver.close();
  });

  const patient = async () => (await server.create({ resourceType: 'Patient' as const })).id;
  const value = (of: string, code: string): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Potassium' },
    subject: { reference: `Patient/${of}` },
    interpretation: [{ coding: [{ system: INTERPRETATION, code }] }],
  });
  const put = async <R extends Resource>(record: R & { id: string }) =>
    assert.equal(
      (await server.ask('PUT', `/fhir/R4/${record.resourceType}/${record.id}`, { body: record })).status,
      200,
    );

  test('abnormal values that arrive after their report make one task, which follows their count', async () => {
    const of = await patient();
    const report = await server.create<DiagnosticReport>({
      resourceType: 'DiagnosticReport',
      status: 'registered',
      category: [LAB],
      code: { text: 'Electrolytes' },
      subject: { reference: `Patient/${of}` },
    });
    await server.answered('abnormal-lab-task', of, 'LAB_REPORT_CREATED');
    assert.deepEqual(await server.find('Task', `patient=${of}`), []);

    const values = await Promise.all(['H', 'N', 'LL'].map((code) => server.create(value(of, code))));
    const result = values.map(({ id }) => ({ reference: `Observation/${id}` }));
    await put({ ...report, status: 'final', result });
    await server.answered('abnormal-lab-task', of, 'LAB_REPORT_UPDATED');
    const [task, ...more] = await server.find('Task', `patient=${of}`);
    assert.deepEqual(more, []);
    assert.equal(task?.description, 'Review Electrolytes: 2 abnormal');
    assert.equal(task.status, 'requested');
    assert.deepEqual(
      task.meta?.tag?.map(({ code }) => code),
      ['abnormal-lab', 'urgent-review'],
    );

    await put({ ...value(of, 'H'), id: values[1]!.id });
    await server.answered('abnormal-lab-task', of, 'OBSERVATION_UPDATED');
    const after = await server.find('Task', `patient=${of}`);
    assert.deepEqual(
      after.map(({ id, description }) => [id, description]),
      [[task.id, 'Review Electrolytes: 3 abnormal']],
    );
    // What one plugin does is told by the other.
    await server.answered('task-webhook', of, 'TASK_CREATED');
    await server.answered('task-webhook', of, 'TASK_UPDATED');
    const verbs = posted.map(({ body }) => JSON.parse(body)).filter(({ id }) => id === task.id);
    assert.deepEqual(
      verbs.map(({ verb, title }) => [verb, title]),
      [
        ['created', 'Review Electrolytes: 2 abnormal'],
        ['updated', 'Review Electrolytes: 3 abnormal'],
      ],
    );
  });

  test('a webhook that was away for a while gets each change of a task once, signed, in order', async () => {
    answers.push(503, 500);
    const of = await patient();
    const created = await server.create<Task>({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      for: { reference: `Patient/${of}` },
    });
    await put({ ...created, status: 'completed' });
    await server.answered('task-webhook', of, 'TASK_CREATED');
    await server.answered('task-webhook', of, 'TASK_UPDATED');

    const sent = posted.filter(({ body }) => JSON.parse(body).id === created.id);
    const told = sent
      .filter(({ status }) => status === 204)
      .map(({ body }) => JSON.parse(body))
      .map(({ verb, id, status, due }) => [verb, id, status, due]);
    assert.deepEqual(told, [
      ['created', created.id, 'requested', null],
      ['updated', created.id, 'completed', null],
    ]);
    assert.deepEqual(
      sent.map(({ status }) => status),
      [503, 500, 204, 204],
    );
    const [first, second, third, fourth] = sent as [Posted, Posted, Posted, Posted];
    assert.deepEqual([first.key, first.body], [third.key, third.body]);
    assert.deepEqual([second.key, second.body], [third.key, third.body]);
    assert.notEqual(third.key, fourth.key);
    for (const { signature, body } of sent) {
      assert.equal(signature, `sha256=${createHmac('sha256', 'a-token-of-this-test').update(body).digest('hex')}`);
    }
  });

  test('a webhook is told of a task outside any chart', async () => {
    const { id } = await server.create<Task>({ resourceType: 'Task', status: 'draft', intent: 'order' });
    const told = () => posted.find(({ body }) => JSON.parse(body).id === id);
    await until(async () => told() !== undefined);
    assert.equal(JSON.parse(told()!.body).patient, null);
  });
});
