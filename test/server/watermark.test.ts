// A transaction that is left open hides events from readers of the log: the metric says for how long, the log who it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { alarm } from '#server/watermark.ts';
import { openStore } from '#store/postgres.ts';
import { oldestTransaction } from '#store/watermark.ts';
import { until } from '../support/core.ts';
import { runApp } from './running-app.ts';

test('the metric tells how long events wait behind an open transaction, and which one it is can be found', async () => {
  const app = await runApp();
  const age = async (): Promise<number> => {
    const { text } = await app.ask('GET', '/metrics');
    return Number(/^chartwire_log_watermark_age_seconds (\S+)$/m.exec(text)?.[1]);
  };
  await until(async () => (await age()) === 0);
  const holder = new pg.Client({ ...app.database.connection, application_name: 'left open' });
  await holder.connect();
  await holder.query('BEGIN');
  const { rows } = await holder.query('SELECT pg_current_xact_id(), pg_backend_pid() AS pid');
  const patient = { resourceType: 'Patient', name: [{ family: 'Hidden' }] };
  assert.equal((await app.ask('POST', '/fhir/R4/Patient', { body: patient })).status, 201);
  await until(async () => (await age()) > 0.2);
  const store = await openStore(app.database.connection);
  // Those of other tests on the same server end sooner or later.
  await until(async () => (await oldestTransaction(store.pool))?.pid === rows[0].pid);
  const found = await oldestTransaction(store.pool);
  assert.deepEqual([found?.application, found?.state], ['left open', 'idle in transaction']);
  assert.equal(found?.database, app.database.connection.database);
  await store.close();
  await holder.query('ROLLBACK');
  await holder.end();
  await until(async () => (await age()) === 0);
  await app.close();
});

test('it is told once each time that readers fall behind, also where nobody can be named', async () => {
  const told: unknown[] = [];
  let seconds = 0;
  const transaction = { pid: 7, database: 'd', application: 'left open', state: 'idle in transaction', age: 40 };
  let holder: typeof transaction | undefined = transaction;
  const look = alarm(
    { hiddenFor: async () => seconds, oldestTransaction: async () => holder },
    { warn: (given: unknown) => void told.push(given) },
  );
  const ages = [0, 9, 10.4, 20, 30, 0, 11];
  for (seconds of ages.slice(0, -1)) await look();
  holder = undefined;
  seconds = ages.at(-1)!;
  await look();
  assert.deepEqual(told, [
    { seconds: 10, transaction },
    { seconds: 11, transaction: null },
  ]);
});

test('statements and idle transactions of our own are limited, whatever options the address has', async () => {
  const app = await runApp();
  const store = await openStore({ connectionString: `${app.database.url}&options=-c%20enable_sort%3Doff` });
  const { rows } = await store.pool.query(
    `SELECT current_setting('statement_timeout') AS statement, current_setting('application_name') AS application, current_setting('enable_sort') AS own,
      current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('lock_timeout') AS lock`,
  );
  assert.deepEqual(rows, [{ statement: '30s', application: 'chartwire', own: 'off', idle: '10s', lock: '5s' }]);
  await store.close();
  await app.close();
});
