import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { adminToken } from '#server/access/admin-token.ts';
import { type RunningApp, runApp } from './running-app.ts';

describe('access control', () => {
  let app: RunningApp;
  let pool: pg.Pool;
  before(async () => {
    app = await runApp();
    pool = new pg.Pool(app.database.connection);
  });
  after(async () => {
    await pool.end();
    await app.close();
  });

  const patient = { resourceType: 'Patient', name: [{ family: 'Lovelace' }] };

  test('without a token only what shows nothing of any patient is open', async () => {
    for (const path of ['/', '/healthz', '/readyz', '/fhir/R4/metadata']) {
      assert.equal((await app.ask('GET', path, { token: null })).status, 200, path);
    }
    for (const path of ['/api/events', '/api/openapi.json', '/metrics', '/api/nothing', '/nothing']) {
      const refused = await app.ask('GET', path, { token: null });
      assert.equal(refused.status, 401, path);
      assert.equal(refused.json.code, 'access.unauthenticated', path);
      assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="chartwire"', path);
    }
    for (const [method, path] of [
      ['GET', '/fhir/R4/Patient'],
      ['POST', '/fhir/R4'],
      ['POST', '/fhir/R4/metadata'],
      ['GET', '/fhir/R4/Patient/1/_history'],
    ] as const) {
      const refused = await app.ask(method, path, { token: null });
      assert.equal(refused.status, 401, path);
      assert.equal(refused.json.resourceType, 'OperationOutcome', path);
      assert.equal(refused.json.issue[0].code, 'login', path);
    }
  });

  test('a token that is not one is refused as invalid', async () => {
    for (const token of ['nonsense', `cw_${'A'.repeat(43)}`, '%00', "' OR 1=1"]) {
      const refused = await app.ask('GET', '/api/events', { token });
      assert.equal(refused.status, 401, token);
    }
    const refused = await app.ask('GET', '/api/events', { token: 'nonsense' });
    assert.match(refused.headers.get('www-authenticate')!, /error="invalid_token"/);
  });

  test('a token is shown once, and only its hash is stored', async () => {
    const made = await app.ask('POST', '/api/tokens', { body: { name: 'feed', scopes: ['system/Patient.rs'] } });
    assert.equal(made.status, 201);
    assert.match(made.json.token, /^cw_[\w-]{43}$/);
    const { rows } = await pool.query('SELECT hash, row_to_json(t)::text AS row FROM access_token t WHERE id = $1', [
      made.json.id,
    ]);
    assert.deepEqual(rows[0].hash, createHash('sha256').update(made.json.token).digest());
    assert.ok(!rows[0].row.includes(made.json.token));
    const listed = await app.ask('GET', '/api/tokens');
    const { token: _, ...view } = made.json;
    assert.deepEqual(
      listed.json.items.find(({ id }: { id: string }) => id === view.id),
      view,
    );
    assert.ok(!listed.text.includes(made.json.token));
  });

  test('a token that is revoked is refused by the very next request', async () => {
    const token = await app.tokenFor(['system/Patient.rs']);
    assert.equal((await app.ask('GET', '/fhir/R4/Patient', { token })).status, 200);
    const { items } = (await app.ask('GET', '/api/tokens')).json;
    const { id } = items.at(-1);
    const revoked = await app.ask('DELETE', `/api/tokens/${id}`);
    assert.equal(revoked.status, 200);
    assert.notEqual(revoked.json.revokedAt, null);
    assert.equal((await app.ask('GET', '/fhir/R4/Patient', { token })).status, 401);
    assert.equal(
      (await app.ask('DELETE', '/api/tokens/00000000-0000-7000-8000-000000000000')).json.code,
      'token.not-found',
    );
  });

  test('a token is refused once it has expired', async () => {
    const token = await app.tokenFor(['system/Patient.rs']);
    await pool.query("UPDATE access_token SET expires_at = now() - interval '1 second' WHERE hash = $1", [
      createHash('sha256').update(token).digest(),
    ]);
    assert.equal((await app.ask('GET', '/fhir/R4/Patient', { token })).status, 401);
  });

  test('the list tells when a token was last used', async () => {
    const token = await app.tokenFor(['system/Patient.rs']);
    const lastUse = async () => (await app.ask('GET', '/api/tokens')).json.items.at(-1).lastUsedAt;
    assert.equal(await lastUse(), null);
    await app.ask('GET', '/fhir/R4/Patient', { token });
    assert.ok(Date.now() - Date.parse(await lastUse()) < 60_000);
  });

  test('at the FHIR door a token does what its scopes say and no more', async () => {
    const token = await app.tokenFor(['system/Patient.rs']);
    assert.equal((await app.ask('GET', '/fhir/R4/Patient', { token })).status, 200);
    const create = await app.ask('POST', '/fhir/R4/Patient', { token, body: patient });
    assert.equal(create.status, 403);
    assert.match(create.json.issue[0].diagnostics, /system\/Patient\.c/, 'it names the scope that is missing');
    assert.match(create.headers.get('www-authenticate')!, /error="insufficient_scope"/);
    assert.equal((await app.ask('GET', '/fhir/R4/Observation', { token })).status, 403);
  });

  test('a token bound to a patient opens the chart of that patient only', async () => {
    const [own, other] = await Promise.all(
      [0, 1].map(async () => (await app.ask('POST', '/fhir/R4/Patient', { body: patient })).json.id as string),
    );
    const token = await app.tokenFor(['patient/*.rs'], own);
    assert.equal((await app.ask('GET', `/fhir/R4/Patient/${own}`, { token })).status, 200);
    assert.equal((await app.ask('GET', `/fhir/R4/Patient/${other}`, { token })).status, 403);
    const found = await app.ask('GET', '/fhir/R4/Patient', { token });
    assert.deepEqual(
      found.json.entry.map(({ resource }: { resource: { id: string } }) => resource.id),
      [own],
    );
    for (const path of ['/api/events', `/api/events?patient=${own}`, '/api/events/stream']) {
      assert.equal((await app.ask('GET', path, { token })).status, 403, `${path} crosses charts`);
    }
  });

  test('a token that would mean something else than its maker thinks is not made', async () => {
    for (const [faulty, path] of [
      [{ scopes: ['everything'] }, '/scopes'],
      [{ scopes: ['system/Observaton.rs'] }, '/scopes'],
      [{ scopes: ['patient/*.rs'] }, '/patient'],
      [{ scopes: ['system/*.rs'], patient: '1' }, '/scopes'],
      [{ scopes: ['patient/*.rs', 'system/chartwire.admin'], patient: '1' }, '/scopes'],
      [{ scopes: ['system/*.rs'], expiresAt: '2001-01-01T00:00:00Z' }, '/expiresAt'],
      [{ scopes: [] }, '/scopes'],
      [{ scopes: ['system/*.rs'], admin: true }, '/admin'],
    ] as const) {
      const refused = await app.ask('POST', '/api/tokens', { body: { name: 'faulty', ...faulty } });
      assert.equal(refused.status, 422, JSON.stringify(faulty));
      assert.equal(refused.json.faults[0].path, path, JSON.stringify(faulty));
    }
  });

  test('the administration needs the admin scope, the log needs to read every chart', async () => {
    const clinical = await app.tokenFor(['system/*.cruds']);
    const admin = await app.tokenFor(['system/chartwire.admin']);
    for (const path of ['/api/plugins', '/api/tokens', '/api/audit', '/api/deliveries', '/api/logs', '/metrics']) {
      const refused = await app.ask('GET', path, { token: clinical });
      assert.equal(refused.status, 403, path);
      assert.match(refused.json.next, /system\/chartwire\.admin/, path);
      assert.equal((await app.ask('GET', path, { token: admin })).status, 200, path);
    }
    assert.equal((await app.ask('POST', '/api/events', { token: clinical, body: { type: 'CRON' } })).status, 403);
    assert.equal((await app.ask('GET', '/api/events', { token: clinical })).status, 200);
    assert.equal((await app.ask('GET', '/api/events', { token: admin })).status, 403);
    assert.equal((await app.ask('GET', '/fhir/R4/Patient', { token: admin })).status, 403);
  });

  test('the administrator’s token is made once and kept for nobody else to read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chartwire-token-'));
    try {
      const made = await Promise.all([adminToken(folder), adminToken(folder)]);
      assert.equal(made[0]!.token, made[1]!.token, 'two servers that start at once share it');
      assert.equal((await stat(made[0]!.file!)).mode & 0o777, 0o600);
      assert.equal((await readFile(made[0]!.file!, 'utf8')).trim(), made[0]!.token);
      assert.equal((await adminToken(folder)).token, made[0]!.token);
      assert.deepEqual(await adminToken(folder, 'given'), { token: 'given', file: null });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
