import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Compile } from 'typebox/compile';
import { routesFor } from '#server/routes.ts';
import { type RunningApp, runApp } from './running-app.ts';

describe('the description of the API', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
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
});
