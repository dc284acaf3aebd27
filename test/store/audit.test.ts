import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { hashOf, TrailWalk } from '#store/audit/chain.ts';
import { protectionOf } from '#store/audit/protection.ts';
import { Retention } from '#store/audit/retention.ts';
import type { AuditRow, ChainHead } from '#store/audit/row.ts';
import { chainHeads, everyAuditRow, searchAudit } from '#store/audit/search.ts';
import { AuditTrail, AuditUnavailable } from '#store/audit/trail.ts';
import { migrate } from '#store/migrate.ts';
import { emptyDatabase, type FreshDatabase, freshDatabase, unprotectedDatabase } from '../support/database.ts';

const ROW: AuditRow = {
  at: '2026-05-01T10:00:00.123Z',
  actor: { type: 'user', id: 'u', display: 'Ana "Müller" \u2028' },
  action: 'read',
  type: 'Patient',
  record: 'p',
  version: 3,
  patient: 'p',
  records: null,
  query: 'name=\t%20é\u007f<>',
  status: 200,
  address: '127.0.0.1',
  request: 'r',
  why: { purpose: 'TREAT' },
};

describe('the audit trail in its database', () => {
  let database: FreshDatabase;
  let pool: pg.Pool;
  before(async () => {
    database = await freshDatabase();
    pool = new pg.Pool(database.connection);
  });
  after(async () => {
    await pool.end();
    await database.drop();
  });

  /** The last hash of each chain, reckoned from its rows. */
  async function endsOf(heads: readonly ChainHead[]): Promise<Map<number, string>> {
    const ends = new Map(heads.map(({ chain, base }) => [chain, base]));
    for await (const row of await everyAuditRow(pool, { order: 'asc' })) {
      ends.set(row.chain, hashOf(ends.get(row.chain)!, row));
      assert.equal(row.hash, ends.get(row.chain));
    }
    return ends;
  }

  test('the server’s role appends and reads, and does nothing else', async () => {
    assert.deepEqual(await protectionOf(pool), { isProtected: true, reason: null });
    await new AuditTrail(pool).write([ROW]);
    const forbidden = [
      "UPDATE audit.entry SET patient = 'somebody else'",
      'DELETE FROM audit.entry',
      'TRUNCATE audit.entry',
      'INSERT INTO audit.entry (chain) VALUES (1)',
      'UPDATE audit.chain SET seq = 0',
      'DROP TABLE audit.entry',
      'DROP SCHEMA audit CASCADE',
      'ALTER TABLE audit.entry DISABLE TRIGGER ALL',
      'CREATE TABLE audit.mine (x integer)',
      'DROP FUNCTION audit.append(json)',
      'CREATE OR REPLACE FUNCTION audit.append(rows json) RETURNS void LANGUAGE sql AS $$ SELECT $$',
      'SET ROLE chartwire_audit',
      'GRANT chartwire_audit TO chartwire',
      'REASSIGN OWNED BY chartwire_audit TO chartwire',
      'SELECT protect_audit_trail()',
      "SELECT audit.prune(now() - interval '364 days', '{}', 'mine', 10)",
    ];
    for (const sql of forbidden)
      await assert.rejects(pool.query(sql), /permission denied|must be owner|only the owner|a year/, sql);
    assert.equal((await searchAudit(pool, { limit: 10 })).items.length, 1);
  });

  test('each row has the hash of itself and of the one before, whatever text it holds', async () => {
    const trail = new AuditTrail(pool);
    await trail.write([
      ROW,
      { ...ROW, why: null, actor: { type: 'client', id: '\u0001\\/' } },
      { ...ROW, records: { Task: ['a@1', 'b'] } },
    ]);
    const heads = await chainHeads(pool);
    assert.equal(
      heads.reduce((sum, { seq }) => sum + seq, 0),
      4,
    );
    assert.deepEqual(await endsOf(heads), new Map(heads.map(({ chain, head }) => [chain, head])));
  });

  test('many writers find a chain each, and all chains hold', async () => {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let i = 0; i < 5; i++) await new AuditTrail(pool).write([ROW, ROW]);
      }),
    );
    const heads = await chainHeads(pool);
    assert.ok(heads.filter(({ seq }) => seq > 0).length > 1, 'writers side by side');
    assert.equal(
      heads.reduce((sum, { seq }) => sum + seq, 0),
      204,
    );
    assert.deepEqual(await endsOf(heads), new Map(heads.map(({ chain, head }) => [chain, head])));
  });

  test('more rows than may wait are refused, not kept in memory', async () => {
    const never = { query: () => new Promise(() => {}) } as unknown as pg.Pool;
    const trail = new AuditTrail(never);
    const page = Array.from({ length: 10_000 }, () => ROW);
    void trail.write(page);
    void trail.write(page);
    await assert.rejects(trail.write([ROW]), AuditUnavailable);
  });

  test('a record is found by its type and id, also among others in a row', async () => {
    const at = '2026-06-01T00:00:00.000Z';
    const row = { ...ROW, at, type: null, record: null, version: null, patient: null };
    await new AuditTrail(pool).write([
      { ...row, action: 'one', type: 'Location', record: 'here', version: 1 },
      { ...row, action: 'many', type: 'Location', records: { Location: ['there@1', 'here@2'], Practitioner: ['x'] } },
    ]);
    const actions = async (filter: object) =>
      (await searchAudit(pool, { ...filter, limit: 10 })).items.map(({ action }) => action);
    assert.deepEqual(await actions({ type: 'Location', record: 'here' }), ['many', 'one']);
    assert.deepEqual(await actions({ type: 'Location', record: 'there' }), ['many']);
    assert.deepEqual(await actions({ type: 'Practitioner' }), ['many']);
    assert.deepEqual(await actions({ record: 'x' }), ['many']);
    assert.deepEqual(await actions({ record: 'here@2' }), []);
  });
});

test('what was on record before the chains is in them, oldest first', async () => {
  const database = await emptyDatabase();
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    await migrate(client, '0012-plugin-revision');
    await client.query(
      `INSERT INTO audit (at, actor, action, type, record, patient, status, request)
       SELECT now(), '{"type":"user","id":"u"}', 'read', 'Patient', n, n, 200, 'r' FROM generate_series(1, 2345) AS n`,
    );
    await migrate(client);
    const { rows } = await client.query<{ record: string }>('SELECT record FROM audit.entry ORDER BY id');
    assert.deepEqual(
      rows.map(({ record }) => Number(record)),
      Array.from({ length: 2345 }, (_, n) => n + 1),
    );
  } finally {
    await client.end();
    await database.drop();
  }
});

test('a database in which nobody can protect the trail says so', async () => {
  const database = await unprotectedDatabase();
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    await migrate(client);
    const { isProtected, reason } = await protectionOf(client);
    assert.equal(isProtected, false);
    assert.match(reason!, /owns it/);
  } finally {
    await client.end();
    await database.drop();
  }
});

const unexpected = (error: unknown): void => assert.fail(String(error));

describe('the rule by which old rows are removed', () => {
  let database: FreshDatabase;
  let pool: pg.Pool;
  let folder: string;
  before(async () => {
    database = await freshDatabase();
    pool = new pg.Pool(database.connection);
    folder = await mkdtemp(join(tmpdir(), 'chartwire-archive-'));
  });
  after(async () => {
    await pool.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const faults = async () => {
    const walk = new TrailWalk(await chainHeads(pool));
    for await (const row of await everyAuditRow(pool, { order: 'asc' })) walk.take(row);
    return walk.end();
  };

  test('what is older is archived and removed, the trail says so and still verifies', async () => {
    const trail = new AuditTrail(pool);
    const old = (n: number): AuditRow => ({ ...ROW, at: '2015-01-01T00:00:00.000Z', record: `old-${n}` });
    for (let n = 0; n < 40; n++) await trail.write([old(n), old(n + 100)]);
    await trail.write([ROW, ROW]);
    const before = await searchAudit(pool, { order: 'asc', limit: 100 });
    const rule = new Retention(pool, { years: 7, archive: folder }, unexpected);
    assert.equal(await rule.run(), 80);
    assert.equal(await rule.run(), 0, 'what is younger stays');
    const { items } = await searchAudit(pool, { order: 'asc', limit: 100 });
    assert.deepEqual(items.slice(0, 2), before.items.slice(80));
    const [, , pruned, ...more] = items;
    assert.deepEqual(more, []);
    assert.equal(pruned!.action, 'audit.prune');
    assert.deepEqual(pruned!.actor, { type: 'system', id: 'retention' });
    assert.equal(pruned!.why!.rule, 'older than 7 years, archived');
    assert.deepEqual(await faults(), []);
    const files = await readdir(folder);
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const archived = texts
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(archived, before.items.slice(0, 80));
  });

  test('less than a year is refused', () => {
    assert.throws(() => new Retention(pool, { years: 0.5 }, unexpected), RangeError);
  });
});
