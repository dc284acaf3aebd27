import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { MigrationRefused, migrate, migrations } from '#store/migrate.ts';
import { emptyDatabase, type FreshDatabase } from '../support/database.ts';

describe('migrations', () => {
  let database: FreshDatabase;
  let client: pg.Client;
  before(async () => {
    database = await emptyDatabase();
    client = new pg.Client(database.connection);
    await client.connect();
  });
  after(async () => {
    await client.end();
    await database.drop();
  });

  test('are all applied to an empty database, once, also by nodes that start together', async () => {
    const others = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const other = new pg.Client(database.connection);
        await other.connect();
        return other;
      }),
    );
    const outcomes = await Promise.all([client, ...others].map((each) => migrate(each)));
    const applied = outcomes.flatMap((outcome) => outcome.applied);
    assert.deepEqual(
      applied,
      (await migrations()).map(({ name }) => name),
    );
    assert.deepEqual((await migrate(client)).applied, []);
    await Promise.all(others.map((each) => each.end()));
  });

  test('are named in the order in which they are applied', async () => {
    for (const [index, { name }] of (await migrations()).entries()) {
      assert.ok(name.startsWith(String(index + 1).padStart(4, '0')), name);
    }
  });

  test('refuse a database of a newer version, and say what to do', async () => {
    await client.query("INSERT INTO migration (name, digest) VALUES ('9999-future', 'x')");
    await assert.rejects(migrate(client), (error) => {
      assert.ok(error instanceof MigrationRefused);
      assert.match(error.message, /newer version.*9999-future.*another data folder/s);
      return true;
    });
    await client.query("DELETE FROM migration WHERE name = '9999-future'");
  });

  test('refuse a database that was made with another text of the same migration', async () => {
    await client.query("UPDATE migration SET digest = 'edited' WHERE name = '0001-core'");
    await assert.rejects(migrate(client), /0001-core differs/);
  });
});
