// The database is away for a while: each door says so and when to come back, quotes nothing of it, and all is well again after.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { until } from '../support/core.ts';
import { runApp } from './running-app.ts';

test('a database that is away is answered with 503 and when to try again, and its return needs nobody', async () => {
  const app = await runApp();
  const patient = { resourceType: 'Patient', id: 'p', name: [{ family: 'Away' }] };
  assert.equal((await app.ask('PUT', '/fhir/R4/Patient/p', { body: patient })).status, 201);
  const { database } = app.database.connection;
  const admin = new pg.Client({ ...app.database.connection, database: 'postgres' });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
    [database],
  );
  for (const [method, path, options] of [
    ['GET', '/fhir/R4/Patient/p'],
    ['PUT', '/fhir/R4/Patient/q', { body: { ...patient, id: 'q' } }],
    ['GET', '/api/events'],
    ['POST', '/api/notes', { body: { patient: 'p' } }],
    // Who is turned away is on record, or is not answered either.
    ['GET', '/api/events', { token: null }],
    ['GET', '/fhir/R4/Patient/p', { token: null }],
    ['GET', '/nowhere', { token: null }],
  ] as const) {
    const answer = await app.ask(method, path, options);
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5'], `${method} ${path}`);
    assert.match(answer.text, /"(urn:chartwire:error:)?server\.unavailable"/);
    assert.equal(answer.headers.get('content-type')?.startsWith('application/json'), false);
    assert.doesNotMatch(answer.text, new RegExp(database!), 'nothing that the database said is passed on');
  }
  assert.equal((await app.ask('GET', '/readyz')).status, 503);
  assert.equal((await app.ask('GET', '/healthz')).status, 200);
  await admin.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
  await admin.end();
  await until(async () => (await app.ask('GET', '/fhir/R4/Patient/p')).status === 200);
  assert.equal((await app.ask('PUT', '/fhir/R4/Patient/q', { body: { ...patient, id: 'q' } })).status, 201);
  await app.close();
});
