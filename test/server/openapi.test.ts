import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import pg from 'pg';
import { Compile } from 'typebox/compile';
import { createClient, Problem } from '#client/index.ts';
import { routesFor } from '#server/routes.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';

describe('the description of the API', () => {
  let app: RunningApp;
  const unfit: string[] = [];
  before(async () => {
    app = await runApp({ onUnfitAnswer: (fault) => void unfit.push(fault) });
  });
  after(() => app.close());

  const routes = routesFor({ commands: [] });

  test('the description has every route of the table, and no other', async () => {
    const { json } = await app.ask('GET', '/api/openapi.json');
    const described = Object.entries(json.paths).flatMap(([path, operations]) =>
      Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const known = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    assert.deepEqual(described.sort(), known.sort());
  });

  test('its operations have names of their own, and parameters for what their paths name', async () => {
    const { json } = await app.ask('GET', '/api/openapi.json');
    const names = new Set<string>();
    for (const [path, operations] of Object.entries<Record<string, Record<string, unknown>>>(json.paths)) {
      for (const operation of Object.values(operations)) {
        assert.ok(!names.has(operation.operationId as string), `${operation.operationId} twice`);
        names.add(operation.operationId as string);
        const parameters = operation.parameters as { name: string; in: string; required: boolean }[];
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        assert.deepEqual(
          inPath.map(({ name }) => `{${name}}`),
          path.match(/\{\w+\}/g) ?? [],
        );
        assert.ok(inPath.every(({ required }) => required));
      }
    }
  });

  test('each of its schemas is JSON Schema 2020-12, and its references lead somewhere', async () => {
    const { json } = await app.ask('GET', '/api/openapi.json');
    const ajv = new Ajv2020({
      strict: true,
      allowUnionTypes: true,
      formats: { uuid: true, date: true, 'date-time': true },
    });
    let count = 0;
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, child] of Object.entries(value)) {
        if (key === 'schema' && !('$ref' in (child as object))) {
          ajv.compile(child as object);
          count++;
        }
        if (key === '$ref') assert.ok(resolve(json, child as string), child as string);
        walk(child);
      }
    };
    walk(json);
    ajv.compile(json.components.schemas.Problem);
    assert.ok(count > 30, `${count} schemas`);
  });

  function resolve(root: unknown, reference: string): unknown {
    return reference
      .split('/')
      .slice(1)
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  }

  test('the answers are as it says', async () => {
    await app.ask('POST', '/fhir/R4/Patient', { body: { resourceType: 'Patient', name: [{ family: 'Noether' }] } });
    await app.tokenFor(['system/*.rs']);
    const [event] = (await app.ask('GET', '/api/events?limit=1')).json.items;
    const paths = {
      'events.list': '/api/events',
      'events.get': `/api/events/${event.id}`,
      'plugins.list': '/api/plugins',
      'logs.list': '/api/logs',
      'deliveries.list': '/api/deliveries',
      'tokens.list': '/api/tokens',
      'audit.list': '/api/audit',
      'users.list': '/api/users',
      'session.methods': '/api/session/methods',
      'commands.list': '/api/commands',
    };
    for (const [operation, path] of Object.entries(paths)) {
      const route = routes.find((row) => row.operation === operation)!;
      const { status, json } = await app.ask('GET', path);
      assert.equal(status, 200, path);
      assert.deepEqual(Compile(route.answer.schema!).Errors(json), [], path);
    }
  });

  test('an answer that its row does not declare is a 500 that says where, in tests', async () => {
    const body = { title: 'Call back' };
    const headers = { 'idempotency-key': 'broken' };
    const made = await app.ask('POST', '/api/tasks', { body, headers });
    assert.equal(made.status, 201);
    // What is kept for a repeat is answered as it is.
    const { title, ...rest } = made.json;
    const broken = JSON.stringify({ ...rest, titel: title });
    const database = new pg.Client(app.database.connection);
    await database.connect();
    await database.query(`UPDATE idempotency_key SET answer = $1 WHERE key = 'broken'`, [broken]);
    await database.end();
    const again = await app.ask('POST', '/api/tasks', { body, headers });
    assert.equal(again.status, 500);
    assert.match(again.json.detail, /^POST \/api\/tasks .*: \/title is missing; \/titel is not a known property$/);
    assert.deepEqual(unfit, [again.json.detail]);
  });

  describe('the client', () => {
    const client = () => createClient({ url: app.url, token: ADMIN });

    test('asks by the rows of the contract, and repeats safely', async () => {
      const { tasks } = client();
      const idempotencyKey = 'the same';
      const made = await tasks.create({ body: { title: 'Weigh', labels: ['scale'] }, idempotencyKey });
      assert.equal((await tasks.create({ body: { title: 'Weigh', labels: ['scale'] }, idempotencyKey })).id, made.id);
      const { items } = await tasks.list({ query: { label: 'scale', patient: undefined, limit: 5 } });
      assert.deepEqual(
        items.map(({ id }) => id),
        [made.id],
      );
      assert.equal(tasks.comment.path({ params: { id: 'a/b' } }), '/api/tasks/a%2Fb/comments');
    });

    test('tells a refusal as a problem, and the lack of an answer as one that passes', async () => {
      await assert.rejects(client().tasks.create({ body: { title: ' ' } }), (problem) => {
        assert.ok(problem instanceof Problem);
        assert.deepEqual([problem.status, problem.code, problem.passing], [422, 'request.invalid', false]);
        assert.deepEqual(problem.faults, [{ path: '/title', message: 'must not be blank' }]);
        assert.ok(problem.next.length > 0);
        return true;
      });
      const away = createClient({ url: 'http://127.0.0.1:9', unreachable: 'Start it.' });
      await assert.rejects(away.tasks.list(), { status: 0, passing: true, next: 'Start it.' });
      const signal = AbortSignal.abort();
      await assert.rejects(client().tasks.list({ signal }), { name: 'AbortError' });
    });

    test('takes a failed fetch for a server that cannot be reached, and nothing else', async () => {
      const away = ['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed', 'terminated'];
      for (const words of away) {
        const cut = createClient({ url: app.url, fetch: () => Promise.reject(new TypeError(words)) });
        await assert.rejects(cut.tasks.list(), { name: 'Problem', status: 0 }, words);
      }
      const half = new ReadableStream({ start: (stream) => stream.error(new TypeError('network error')) });
      const inHalf = createClient({ url: app.url, fetch: async () => new Response(half) });
      await assert.rejects(inHalf.tasks.list(), { name: 'Problem', status: 0, passing: true });
      // Mistakes of the program that calls: no address, a header that is none, its own fetch.
      await assert.rejects(createClient().tasks.list(), { name: 'TypeError', message: /URL/ });
      await assert.rejects(client().tasks.list({ headers: { name: 'a\nb' } }), {
        name: 'TypeError',
        message: /header/,
      });
      const broken = createClient({ fetch: (address) => (undefined as unknown as typeof fetch)(address) });
      await assert.rejects(broken.tasks.list(), { name: 'TypeError', message: /not a function/ });
    });

    test('has words for an error that is no refusal, and those of whoever asks', () => {
      const error = new TypeError('x is undefined');
      const { status, message, next, cause } = Problem.of(error);
      assert.deepEqual([status, cause], [500, error]);
      assert.match(message, /this program/);
      assert.match(next, /before you send it again/);
      const words = { detail: 'This page failed.', next: 'Reload it.' };
      assert.deepEqual([Problem.of(error, words).message, Problem.of(error, words).next], Object.values(words));
      const refusal = new Problem({ status: 409, detail: 'Changed.' });
      assert.equal(Problem.of(refusal, words), refusal);
    });

    test('sends nothing to an address that an id would lead elsewhere', async () => {
      const sent: string[] = [];
      const { fhir, notes, plugins, tasks } = createClient({
        url: app.url,
        token: ADMIN,
        fetch: (address, init) => {
          sent.push(new URL(address).pathname);
          return fetch(address, init);
        },
      });
      const nothing = { name: 'Problem', status: 404, code: 'route.unknown' };
      // As a URL, this is the address that signs the note.
      await assert.rejects(notes.cosignatureRequests.sign({ params: { id: 'n', request: '..' } }), nothing);
      await assert.rejects(plugins.variables.delete({ params: { name: 'p', key: '..' } }), nothing);
      for (const id of ['', '.', '..']) {
        await assert.rejects(tasks.get({ params: { id } }), nothing);
        await assert.rejects(fhir.read('Patient', id), nothing);
      }
      assert.deepEqual(sent, []);
      for (const id of ['../../../api/users', '?_count=1', '%2e%2E', '#']) {
        await assert.rejects(fhir.read('Patient', id), { name: 'Problem' });
        assert.equal(sent.pop(), `/fhir/R4/Patient/${encodeURIComponent(id)}`);
      }
      assert.deepEqual(sent, []);
    });

    test('hears a stream from where it was left', async () => {
      const { events, fhir } = client();
      const { items } = await events.list({ query: { order: 'desc', limit: 1 } });
      const { id } = await fhir.create({ resourceType: 'Patient', name: [{ family: 'Lovelace' }] });
      for await (const { id: cursor, data } of events.stream({ after: items[0]!.cursor })) {
        assert.deepEqual([data.type, data.target.id, data.cursor], ['PATIENT_CREATED', id, cursor]);
        break;
      }
    });

    test('sends files and gives files', async () => {
      const { inbox, audit } = client();
      const pdf = new Blob(['%PDF-1.4\n']);
      const made = await inbox.receive({
        upload: { bytes: pdf, type: 'application/pdf' },
        query: { title: 'A letter' },
      });
      assert.deepEqual([made.title, made.state, made.size], ['A letter', 'waiting', 9]);
      const content = await inbox.content({ params: { id: made.id } });
      assert.deepEqual([content.headers.get('content-type'), await content.text()], ['application/pdf', '%PDF-1.4\n']);
      const rows = await (await audit.export({ query: { format: 'ndjson' } })).text();
      assert.ok(rows.includes('"action":"inbox.receive"'));
      assert.equal(await inbox.discard({ params: { id: made.id } }), undefined);
    });

    test('reads and writes records', async () => {
      const { fhir } = client();
      const made = await fhir.create({ resourceType: 'Patient', gender: 'female', name: [{ family: 'Noether' }] });
      const seen = await fhir.read('Patient', made.id);
      await fhir.patch('Patient', made.id, [{ op: 'replace', path: '/gender', value: 'other' }]);
      await assert.rejects(fhir.update({ ...seen, active: true }), { status: 412 });
      const now = await fhir.read('Patient', made.id);
      assert.equal((await fhir.update({ ...now, active: true })).active, true);
      const { entry = [] } = await fhir.search('Patient', { _id: made.id });
      assert.equal(entry[0]?.resource?.gender, 'other');
      assert.equal((await fhir.history('Patient', made.id)).entry?.length, 3);
      await assert.rejects(fhir.read('Patient', 'nobody'), { status: 404, code: 'record.not-found' });
    });
  });
});
