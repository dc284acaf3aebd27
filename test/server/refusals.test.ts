import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { Compile } from 'typebox/compile';
import { Problem } from '#contract/problem.ts';
import { type RunningApp, runApp } from './running-app.ts';

describe('refusals', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  const isProblem = Compile(Problem);

  interface Case {
    readonly name: string;
    readonly method: string;
    readonly path: string;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
    readonly status: number;
    readonly code: string;
  }

  const large = (bytes: number) => ({ padding: 'x'.repeat(bytes) });
  const MB = 1024 * 1024;

  const CASES: readonly Case[] = [
    { name: 'an unknown route', method: 'GET', path: '/api/nothing?x=1', status: 404, code: 'route.unknown' },
    {
      name: 'a known path by another method',
      method: 'PUT',
      path: '/api/events',
      body: {},
      status: 404,
      code: 'route.unknown',
    },
    {
      name: 'an unknown route with a strange body',
      method: 'POST',
      path: '/x',
      body: '<a/>',
      headers: { 'content-type': 'text/xml' },
      status: 404,
      code: 'route.unknown',
    },
    ...['/api/patients?query=Jos%E9', '/api/patients?query=100%', '/api/patients?limit=5&query=%zz'].map((path) => ({
      name: `a query that nobody can read, ${path.slice(14)}`,
      method: 'GET',
      path,
      status: 400,
      code: 'request.query',
    })),
    {
      name: 'broken JSON',
      method: 'POST',
      path: '/api/tokens',
      body: '{"name": "Lovelace',
      status: 400,
      code: 'request.malformed',
    },
    {
      name: 'JSON too deep',
      method: 'POST',
      path: '/api/tokens',
      body: '['.repeat(5_000),
      status: 400,
      code: 'request.malformed',
    },
    {
      name: 'JSON that PostgreSQL cannot hold',
      method: 'POST',
      path: '/api/tokens',
      body: '{"name":"\\u0000"}',
      status: 400,
      code: 'request.malformed',
    },
    {
      name: 'a body of another type',
      method: 'POST',
      path: '/api/tokens',
      body: 'a=1',
      headers: { 'content-type': 'text/plain' },
      status: 415,
      code: 'request.media-type',
    },
    { name: 'no body where one is needed', method: 'POST', path: '/api/tokens', status: 422, code: 'request.invalid' },
    {
      name: 'a field that is not known',
      method: 'POST',
      path: '/api/events',
      body: { type: 'CRON', tyop: 1 },
      status: 422,
      code: 'request.invalid',
    },
    {
      name: 'a parameter that is not known',
      method: 'GET',
      path: '/api/events?patinet=1',
      status: 422,
      code: 'request.invalid',
    },
    {
      name: 'a parameter that does not fit what is said of it',
      method: 'GET',
      path: '/api/events?patient=a%20b',
      status: 422,
      code: 'request.invalid',
    },
    {
      name: 'a parameter given twice',
      method: 'GET',
      path: '/api/events?patient=1&patient=2',
      status: 422,
      code: 'request.invalid',
    },
    {
      name: 'a parameter out of range',
      method: 'GET',
      path: '/api/events?limit=100000',
      status: 422,
      code: 'request.invalid',
    },
    {
      name: 'a parameter with a NUL',
      method: 'GET',
      path: '/api/events?patient=%00',
      status: 422,
      code: 'request.invalid',
    },
    {
      name: 'a cursor of nobody’s',
      method: 'GET',
      path: '/api/events?after=zzz',
      status: 422,
      code: 'request.invalid',
    },
    {
      name: 'an event type that is none',
      method: 'GET',
      path: '/api/events?type=PATIENT_EATEN',
      status: 422,
      code: 'event.unknown',
    },
    {
      name: 'emitting what is no event type',
      method: 'POST',
      path: '/api/events',
      body: { type: 'PATIENT_EATEN' },
      status: 422,
      code: 'event.unknown',
    },
    {
      name: 'an event that is not there',
      method: 'GET',
      path: '/api/events/00000000-0000-7000-8000-000000000000',
      status: 404,
      code: 'event.not-found',
    },
    { name: 'an event id that is none', method: 'GET', path: '/api/events/17', status: 422, code: 'request.invalid' },
    {
      name: 'a plugin that is not there',
      method: 'GET',
      path: '/api/plugins/nobody',
      status: 404,
      code: 'plugin.not-found',
    },
    {
      name: 'a delivery that is not there',
      method: 'POST',
      path: '/api/deliveries/nobody/retry',
      status: 404,
      code: 'delivery.not-found',
    },
    {
      name: 'a body over a megabyte',
      method: 'POST',
      path: '/api/events',
      body: large(MB),
      status: 413,
      code: 'request.too-large',
    },
    {
      name: 'a package over twenty megabytes',
      method: 'PUT',
      path: '/api/plugins/big',
      body: 'x'.repeat(21 * MB),
      headers: { 'content-type': 'application/gzip' },
      status: 413,
      code: 'request.too-large',
    },
    {
      name: 'a package that is none',
      method: 'PUT',
      path: '/api/plugins/none',
      body: 'x',
      headers: { 'content-type': 'application/gzip' },
      status: 422,
      code: 'plugin.package',
    },
    {
      name: 'a package as JSON',
      method: 'PUT',
      path: '/api/plugins/none',
      body: {},
      status: 415,
      code: 'request.media-type',
    },
    { name: 'a URL that is not well-formed', method: 'GET', path: '/api/%zz', status: 400, code: 'request.malformed' },
  ];

  for (const { name, method, path, body, headers, status, code } of CASES) {
    test(`a problem for ${name}`, async () => {
      const refused = await app.ask(method, path, { body, headers });
      assert.equal(refused.status, status, refused.text);
      assert.match(refused.headers.get('content-type')!, /^application\/problem\+json/);
      assert.ok(isProblem.Check(refused.json), refused.text);
      assert.equal(refused.json.code, code, refused.text);
      assert.equal(refused.json.status, status);
      assert.doesNotMatch(refused.text, /\.\./, 'a sentence ends once');
      assert.ok(!refused.text.includes('Lovelace'), 'nothing of the body is quoted');
    });
  }

  test('of a query that nobody can read names the parameter; what is UTF-8 is read', async () => {
    const { json } = await app.ask('GET', '/api/patients?limit=5&query=Jos%E9');
    assert.equal(json.detail, 'The query parameter query couldn’t be read: %E9 is no character of UTF-8.');
    assert.equal((await app.ask('GET', '/api/patients?query=Jos%C3%A9+50%25')).status, 200);
  });

  test('at the FHIR door it is an OperationOutcome', async () => {
    for (const [method, path, body, status, code] of [
      ['GET', '/fhir/nothing', undefined, 404, 'route.unknown'],
      ['POST', '/fhir/R4/Patient', '{"resourceType', 400, 'request.malformed'],
      ['POST', '/fhir/R4/Patient', JSON.stringify(large(21 * MB)), 413, 'request.too-large'],
    ] as const) {
      const refused = await app.ask(method, path, { body });
      assert.equal(refused.status, status, path);
      assert.match(refused.headers.get('content-type')!, /^application\/fhir\+json/, path);
      assert.equal(refused.json.resourceType, 'OperationOutcome', path);
      assert.equal(refused.json.issue[0].details.coding[0].code, code, path);
    }
  });

  test('a body that does not fit is told what is asked for, at each place', async () => {
    const empty = await app.ask('POST', '/api/notes', { body: {} });
    assert.deepEqual(empty.json.faults, [{ path: '/patient', message: 'is missing' }]);
    assert.match(empty.json.detail, /\/patient is missing/);
    const patient = await app.ask('POST', '/fhir/R4/Patient', { body: { resourceType: 'Patient' } });
    const note = await app.ask('POST', '/api/notes', { body: { patient: patient.json.id, bogus: 1 } });
    assert.deepEqual(note.json.faults, [{ path: '/bogus', message: 'is not a known property' }]);
    const made = await app.ask('POST', '/api/notes', { body: { patient: patient.json.id } });
    const goal = { goalStatement: ' ', dueDate: '2027-02-30', priority: 'low', progress: 5 };
    const refused = await app.ask('POST', `/api/notes/${made.json.id}/commands`, {
      body: { command: 'goal', fields: goal },
    });
    assert.deepEqual(refused.json.faults, [
      { path: '/fields/goalStatement', message: 'It must not be blank.' },
      {
        path: '/fields/dueDate',
        message: 'It does not fit: a day, a month or a year, as 1998-05-14, 1998-05 or 1998.',
      },
      { path: '/fields/priority', message: 'It must be one of high-priority, medium-priority, low-priority.' },
      { path: '/fields/progress', message: 'It must be text.' },
    ]);
    const fields = { bodyTemperature: '37,5', height: '5\'7"', bloodPressureSystole: '120/80', pulse: 7 };
    const unmeasured = await app.ask('POST', `/api/notes/${made.json.id}/commands`, {
      body: { command: 'vitals', fields },
    });
    assert.deepEqual(unmeasured.json.faults, [
      {
        path: '/fields/bodyTemperature',
        message: 'It must be a number from 85 to 107 (°F). Write decimals after a point, as in 98.6.',
      },
      { path: '/fields/height', message: 'It must be a number from 10 to 108 (in). Enter the number alone.' },
      {
        path: '/fields/bloodPressureSystole',
        message: 'It must be a whole number from 30 to 305 (mmHg). Enter the number alone.',
      },
      { path: '/fields/pulse', message: 'It must be a whole number from 30 to 250 (/min).' },
    ]);
    const page = await app.ask('GET', '/api/patients?limit=x');
    const unit = await app.ask('POST', `/api/notes/${made.json.id}/commands`, {
      body: { command: 'prescribe', fields: { typeToDispense: 'tablet', prescribe: [] } },
    });
    assert.deepEqual(unit.json.faults, [
      { path: '/fields/typeToDispense', message: 'It must be an object with ncpdpQuantityQualifierCode.' },
      { path: '/fields/prescribe', message: 'It must be an object with value, text.' },
    ]);
    const code = await app.ask('POST', `/api/notes/${made.json.id}/commands`, {
      body: { command: 'prescribe', fields: { typeToDispense: { ncpdpQuantityQualifierCode: 'tablet' } } },
    });
    assert.deepEqual(code.json.faults, [
      {
        path: '/fields/typeToDispense/ncpdpQuantityQualifierCode',
        message: 'It does not fit: NCPDP code of the unit, such as C48542 for tablets.',
      },
    ]);
    assert.deepEqual(page.json.faults, [{ path: '/limit', message: 'must be a whole number' }]);
    const many = await app.ask('GET', '/api/patients?limit=1000');
    assert.deepEqual(many.json.faults, [{ path: '/limit', message: 'must be at most 100' }]);
  });

  test('what is not HTTP is told so and left', async () => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('EHLO example.org\r\n\r\n');
    const answer = await text(socket);
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(answer, /"code":"request\.malformed"/);
  });

  test('a failure of ours is told by a reference, under which the log has it without anybody’s data', async () => {
    const pool = new pg.Pool(app.database.connection);
    await pool.query('ALTER TABLE access_token RENAME TO access_token_away');
    try {
      const failed = await app.ask('POST', '/api/tokens', { body: { name: 'Lovelace', scopes: ['system/*.rs'] } });
      assert.equal(failed.status, 500);
      assert.equal(failed.json.code, 'server.failed');
      const reference = failed.headers.get('x-request-id')!;
      assert.ok(failed.json.detail.includes(reference));
      const line = app
        .logged()
        .split('\n')
        .find((text) => text.includes(`"reference":"${reference}"`));
      assert.match(line!, /42P01/);
    } finally {
      await pool.query('ALTER TABLE access_token_away RENAME TO access_token');
      await pool.end();
    }
  });

  test('the log names routes, never what was asked for', async () => {
    const { json } = await app.ask('POST', '/fhir/R4/Patient', {
      body: { resourceType: 'Patient', name: [{ family: 'Curie' }] },
    });
    await app.ask('GET', `/fhir/R4/Patient/${json.id}?_elements=name`);
    await app.ask('GET', '/fhir/R4/Patient?family=Curie');
    await app.ask('GET', `/api/events?patient=${json.id}`);
    const logged = app.logged();
    assert.match(logged, /"route":"\/fhir\/R4\/:type\/:id"/);
    assert.ok(!logged.includes('Curie') && !logged.includes(json.id));
  });
});
