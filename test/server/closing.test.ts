import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { runApp } from './running-app.ts';

test('closing ends the streams, lets what is under way finish, and takes nothing new', async () => {
  const app = await runApp();
  const token = await app.tokenFor(['system/*.cruds']);
  const stream = await fetch(`${app.url}/api/events/stream`, { headers: { authorization: `Bearer ${token}` } });

  // A line on which nothing is asked, as browsers open them in advance.
  const idle = connect(Number(new URL(app.url).port), '127.0.0.1');
  await once(idle, 'connect');

  // A request whose body is still on its way.
  const body = JSON.stringify({ resourceType: 'Patient', name: [{ family: 'Meitner' }] });
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const head = `POST /fhir/R4/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/fhir+json`;
  socket.write(`${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body.slice(0, 10)}`);
  const answered = text(socket);
  // The server has seen it once it answers somebody who came later.
  await app.ask('GET', '/healthz');

  const closed = app.close();
  assert.match(await stream.text(), /^retry: /, 'the stream ended in order');
  socket.write(body.slice(10));
  assert.match(await answered, /^HTTP\/1\.1 201 /);
  if (!idle.closed) await once(idle.resume(), 'close');
  await closed;
  await assert.rejects(fetch(`${app.url}/healthz`));
});
