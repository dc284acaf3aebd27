// Clients that go before they have their answer: no failure of the server, so none in its log.

import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { until } from '../support/core.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';

describe('clients who go', () => {
  let app: RunningApp;
  let seen = 0;
  const requests = new EventEmitter();
  const onRequest = () => void requests.emit('start');
  before(async () => {
    app = await runApp();
    subscribe('http.server.request.start', onRequest);
  });
  after(async () => {
    unsubscribe('http.server.request.start', onRequest);
    await app.close();
  });

  /** Sends the beginning of a request, and closes the connection when `leave` resolves. */
  async function begin(
    method: string,
    path: string,
    headers: readonly string[],
    body: string,
    leave: (socket: Socket) => Promise<unknown>,
  ) {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.write(
      [`${method} ${path} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${ADMIN}`, ...headers, '', body].join('\r\n'),
    );
    await leave(socket);
    socket.resetAndDestroy();
  }

  const lines = () =>
    app
      .logged()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const left = () => lines().filter(({ status }) => status === 499);

  /** Once the log has it that one more client has gone, nothing in it is a warning or an error. */
  async function goneQuietly(route: string) {
    await until(async () => left().length > seen);
    seen = left().length;
    const { level, msg, route: logged } = left().at(-1)!;
    assert.deepEqual({ level, msg, logged }, { level: 30, msg: 'the client closed the connection', logged: route });
    assert.deepEqual(
      lines().filter((line) => line.level >= 40),
      [],
    );
  }

  /** When the server has the head of the request, and probably waits for the rest of its body. */
  const heard = async () => {
    await once(requests, 'start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const announced = ['Content-Type: application/json', 'Content-Length: 1000'];

  test('in the middle of an upload', async () => {
    await begin('POST', '/api/tokens', announced, '{"name":', heard);
    await goneQuietly('/api/tokens');
  });

  test('in the middle of a bundle for the FHIR door', async () => {
    await begin('POST', '/fhir/R4', ['Content-Type: application/fhir+json', 'Content-Length: 1000'], '{"reso', heard);
    await goneQuietly('/fhir/R4');
  });

  test('in the middle of a file that is read as it comes', async () => {
    const file = ['Content-Type: application/octet-stream', 'Content-Length: 100000'];
    await begin('PUT', '/api/terms?system=loinc', file, 'x'.repeat(100), heard);
    await goneQuietly('/api/terms');
  });

  test('while the answer is made', async () => {
    const client = new pg.Client(app.database.connection);
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('LOCK TABLE access_token IN ACCESS EXCLUSIVE MODE');
      const waits = async () => {
        const { rows } = await client.query(
          "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        );
        return rows.length > 0;
      };
      await begin('GET', '/api/tokens', [], '', () => until(waits));
      await client.query('ROLLBACK');
    } finally {
      await client.end();
    }
    await goneQuietly('/api/tokens');
  });

  test('in the middle of a stream', async () => {
    await begin('GET', '/api/events/stream', [], '', (socket) => once(socket, 'data'));
    await goneQuietly('/api/events/stream');
  });

  test('they are counted as such', async () => {
    const { text } = await app.ask('GET', '/metrics');
    assert.match(
      text,
      /chartwire_http_request_duration_seconds_count\{method="POST",route="\/api\/tokens",status="499"\} 1/,
    );
  });
});
