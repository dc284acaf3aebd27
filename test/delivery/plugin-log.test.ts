// What plugins log, tailed while several nodes write it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type LogLine, PluginLog } from '#delivery/plugin-log.ts';
import { until } from '../support/core.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

/** The advisory lock at which a line of the plugin `slow` waits before it is committed. */
const HELD = 4711;

describe('the log of plugins', () => {
  let database: FreshDatabase;
  const pools: pg.Pool[] = [];
  const node = (): PluginLog => {
    const pool = new pg.Pool(database.connection);
    pools.push(pool);
    return new PluginLog(pool);
  };
  before(async () => {
    database = await freshDatabase();
  });
  after(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  const line = (plugin: string): LogLine => ({
    at: new Date().toISOString(),
    plugin,
    handler: null,
    execution: null,
    level: 'info',
    message: `of ${plugin}`,
  });

  test('is tailed without a gap when a line that got its id first is committed last', async () => {
    const holder = new pg.Client(database.connection);
    await holder.connect();
    await holder.query(`
      CREATE FUNCTION wait_if_slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(${HELD}); RETURN NULL; END $$;
      CREATE TRIGGER held AFTER INSERT ON plugin_log FOR EACH ROW WHEN (NEW.plugin = 'slow') EXECUTE FUNCTION wait_if_slow();
      SELECT pg_advisory_lock(${HELD});`);
    const waiting = async (): Promise<number> => {
      const { rows } = await holder.query<{ count: number }>(
        "SELECT count(*)::integer AS count FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      );
      return rows[0]!.count;
    };
    const [one, other, reader] = [node(), node(), node()];
    const seen: string[] = [];
    const stop = reader.tail(null, ({ plugin }) => void seen.push(plugin), '0');
    one.append([line('slow')]);
    await until(async () => (await waiting()) === 1);
    other.append([line('quick')]);
    // Either it waits for its turn, or it was committed at once, and then it was seen.
    await until(async () => (await waiting()) === 2 || seen.includes('quick'));
    await holder.query(`SELECT pg_advisory_unlock(${HELD})`);
    await Promise.all([one.stop(), other.stop()]);
    other.append([line('last')]);
    await until(async () => seen.includes('last'));
    stop();
    await holder.end();
    assert.deepEqual(seen, ['slow', 'quick', 'last']);
    const { items } = await reader.list(null, { limit: 10 });
    assert.deepEqual(items.map(({ plugin }) => plugin).toReversed(), seen, 'in the order in which they are listed');
  });
});
