// Handlers' subscriptions to the log: rows that survive a restart, with a cursor for each of the log's parts.

import type { ClientBase, Pool } from 'pg';
import { eventByType } from '@chartwire/sdk/internal/events/catalogue';
import type { HandlerInfo } from '#plugin-host/contract.ts';
import { IS_FOR } from './outgoing/answer.ts';
import type { LogSnapshot, Position, StoredEvent } from '#store/contract.ts';
import type { Queryable } from '#store/transaction.ts';

export interface Subscription {
  /** `plugin/Handler`. */
  readonly id: string;
  readonly plugin: string;
  readonly handler: string;
  readonly types: readonly string[];
  /** Cron's five fields; of the events of the clock, it gets those of these minutes only. */
  readonly schedule?: string;
  /** IANA time zone of the schedule. */
  readonly timezone?: string;
  /** ISO 8601: since when the plugin is enabled. Runs of a schedule that were due before are missed ones. */
  readonly enabledAt: string;
  /** What had happened when it began, of which it gets nothing; null for one that began before this was kept. */
  readonly since: LogSnapshot | null;
  /** How often a failed event is tried again, if the manifest says so. */
  readonly retries?: number;
  /** Whether it is also given the events of its own effects. */
  readonly hearsOwn: boolean;
  /** Whether a chart's later events wait for one that was given up. */
  readonly blocks: boolean;
  /** Of the plugin, in its table: what is live here with another one does not get these events. */
  readonly revision: string;
}

/** A lane as it begins: how far it came, and under which fence it goes on. */
export interface Start {
  readonly part: number;
  readonly position: Position;
  readonly fence: string;
}

export function subscriptionId(plugin: string, handler: string): string {
  return `${plugin}/${handler}`;
}

/**
 * Makes a plugin's subscriptions those of `handlers`. A handler that stays keeps its cursors, so neither an upgrade nor a
 * time for which it was disabled loses anything; a new one begins at `end` of the log, without what is committed by now. One
 * that is gone is removed with what was pending for it. Within a transaction, at its end.
 */
export async function subscribe(
  client: ClientBase,
  plugin: string,
  handlers: readonly Pick<HandlerInfo, 'name' | 'respondsTo' | 'hearsOwn'>[],
  end: Position,
): Promise<void> {
  await stopEverywhere(client, plugin);
  await client.query('DELETE FROM subscription WHERE plugin = $1 AND handler <> ALL ($2)', [
    plugin,
    handlers.map(({ name }) => name),
  ]);
  for (const { name, respondsTo, hearsOwn = false } of handlers) {
    // Gates and asks are answered while somebody waits; only notices are in the log.
    const types = respondsTo.filter((type) => eventByType(type)?.kind === 'notice');
    const id = subscriptionId(plugin, name);
    const { rows } = await client.query<{ hears: boolean }>(
      `SELECT types <> '{}' AS hears FROM subscription WHERE id = $1`,
      [id],
    );
    await client.query(
      `INSERT INTO subscription (id, plugin, handler, types, active, hears_own) VALUES ($1, $2, $3, $4, true, $5)
        ON CONFLICT (id) DO UPDATE SET types = $4, active = true, hears_own = $5`,
      [id, plugin, name, types, hearsOwn],
    );
    if (rows[0]?.hears) continue;
    await client.query(BEGIN_NOW, [id]);
    await client.query(START_CURSORS, [id, end.epoch, end.xid, end.seq]);
  }
}

/** Whether the event `e` is given to the subscription `s` though a handler's effect caused it: SQL's `isOwn`, turned round. */
export const NOT_OWN = `(s.hears_own OR e.source <> 'effect' OR e.cause->>'plugin' IS DISTINCT FROM s.plugin
    OR e.cause->>'handler' IS DISTINCT FROM s.handler)`;

/** Whether an event is an effect of the handler itself, of which it does not hear. */
export function isOwn(
  { plugin, handler, hearsOwn }: Pick<Subscription, 'plugin' | 'handler' | 'hearsOwn'>,
  { source, cause }: Pick<StoredEvent, 'source' | 'cause'>,
): boolean {
  return !hearsOwn && source === 'effect' && cause?.plugin === plugin && cause.handler === handler;
}

/** Events pending for a handler that are dropped with it, or with the types that it no longer responds to. */
export interface Dropped {
  readonly handler: string;
  readonly count: number;
}

/** Dropped events of a handler that are counted; that there are more says no more. */
const MOST_COUNTED = 10_000;

/** What is pending for a plugin that it won't get once its handlers are `handlers`. Nothing is dropped yet. */
export async function droppedBy(
  pool: Queryable,
  plugin: string,
  handlers: readonly { name: string; respondsTo: readonly string[] }[],
): Promise<Dropped[]> {
  const stays = handlers.flatMap(({ name, respondsTo }) => respondsTo.map((type) => ({ name, type })));
  const { rows } = await pool.query<Dropped>(
    `SELECT s.handler, (SELECT count(*)::integer FROM (
        SELECT FROM retry r WHERE r.subscription = s.id AND r.state IN ('waiting', 'behind') AND s.handler <> ALL ($2)
        UNION ALL
        SELECT FROM cursor c JOIN event e ON e.part = c.part AND e.type = ANY (s.types) AND (e.epoch, e.xid, e.seq) > (c.epoch, c.xid, c.seq)
          WHERE c.subscription = s.id AND (s.since IS NULL OR e.epoch > s.since_epoch OR NOT pg_visible_in_snapshot(e.xid, s.since))
            AND ${NOT_OWN} AND ${IS_FOR} AND (s.handler, e.type) NOT IN (SELECT * FROM unnest($3::text[], $4::text[]))
        LIMIT ${MOST_COUNTED}) AS owed) AS count
      FROM subscription s WHERE s.plugin = $1 ORDER BY s.handler`,
    [plugin, handlers.map(({ name }) => name), stays.map(({ name }) => name), stays.map(({ type }) => type)],
  );
  return rows.filter(({ count }) => count > 0);
}

const BEGIN_NOW = `UPDATE subscription SET since = pg_current_snapshot(), since_epoch = (SELECT epoch FROM instance)
  WHERE id = $1`;

const START_CURSORS = `INSERT INTO cursor (subscription, part, epoch, xid, seq, fence)
  SELECT $1, part, $2, $3::xid8, $4, fence FROM lease
  ON CONFLICT (subscription, part) DO UPDATE SET epoch = excluded.epoch, xid = excluded.xid, seq = excluded.seq`;

/** A disabled plugin gets no events; its cursors stay where they are. */
export async function deactivate(client: Queryable, plugin: string): Promise<void> {
  await stopEverywhere(client, plugin);
  await client.query('UPDATE subscription SET active = false WHERE plugin = $1', [plugin]);
}

/**
 * Puts all that a plugin's handlers were not given up to now on record as skipped, and says how many that were. They begin at
 * `end` of the log, without what is committed by now. In one statement: what happens meanwhile is either skipped or kept.
 */
export async function skipPending(client: Queryable, plugin: string, end: Position): Promise<number> {
  const { rows } = await client.query<{ count: number }>(SKIP, [plugin, end.epoch, end.xid, end.seq]);
  return rows[0]!.count;
}

const SKIP = `WITH mine AS (SELECT * FROM subscription WHERE plugin = $1),
  failed AS (
    UPDATE retry r SET state = 'skipped', next_at = NULL, updated_at = now() FROM mine
    WHERE r.subscription = mine.id AND r.state IN ('waiting', 'behind') RETURNING r.id
  ), pending AS (
    INSERT INTO retry (id, subscription, event, event_at, part, chart, epoch, xid, seq, attempts, state)
    SELECT gen_random_uuid(), s.id, e.id, e.at, e.part, e.chart, e.epoch, e.xid, e.seq, 0, 'skipped'
    FROM mine s JOIN cursor c ON c.subscription = s.id
    JOIN event e ON e.part = c.part AND e.type = ANY (s.types) AND (e.epoch, e.xid, e.seq) > (c.epoch, c.xid, c.seq)
    WHERE (s.since IS NULL OR e.epoch > s.since_epoch OR NOT pg_visible_in_snapshot(e.xid, s.since))
      AND ${NOT_OWN} AND ${IS_FOR}
    ON CONFLICT (subscription, event) DO NOTHING RETURNING id
  ), moved AS (
    UPDATE cursor c SET epoch = $2, xid = $3::xid8, seq = $4 FROM mine
    WHERE c.subscription = mine.id AND (c.epoch, c.xid, c.seq) < ($2, $3::xid8, $4)
  ), begun AS (
    UPDATE subscription s SET since = pg_current_snapshot(), since_epoch = (SELECT epoch FROM instance)
    FROM mine WHERE s.id = mine.id
  )
  SELECT ((SELECT count(*) FROM failed) + (SELECT count(*) FROM pending))::integer AS count`;

export async function unsubscribe(client: Queryable, plugin: string): Promise<void> {
  await stopEverywhere(client, plugin);
  await client.query('DELETE FROM subscription WHERE plugin = $1', [plugin]);
}

/**
 * Moves the fences of a plugin's cursors: what a node that does not know of the change yet still completes is refused.
 * The lock is taken before any row, so that nobody who completes several deliveries is met half-way; for this
 * transaction's last few statements.
 */
async function stopEverywhere(client: Queryable, plugin: string): Promise<void> {
  await client.query('LOCK TABLE cursor IN SHARE ROW EXCLUSIVE MODE');
  await client.query(
    `UPDATE cursor c SET fence = nextval('fence_seq') FROM subscription s WHERE s.plugin = $1 AND c.subscription = s.id`,
    [plugin],
  );
}

export async function activeSubscriptions(pool: Pool): Promise<Subscription[]> {
  type Row = Omit<Subscription, 'schedule' | 'timezone' | 'retries'> & {
    handlers: HandlerInfo[];
    retries: number | null;
  };
  const { rows } = await pool.query<Row>(
    `SELECT s.id, s.plugin, s.handler, s.types, s.hears_own AS "hearsOwn", p.handlers, p.revision::text,
        to_json(p.enabled_at)#>>'{}' AS "enabledAt",
        (p.manifest->'delivery'->>'retries')::integer AS retries,
        coalesce(p.manifest->'delivery'->>'policy' = 'block', false) AS blocks,
        CASE WHEN s.since IS NOT NULL THEN json_build_object('epoch', s.since_epoch, 'text', s.since::text) END AS since
      FROM subscription s JOIN plugin p ON p.name = s.plugin
      WHERE s.active AND p.enabled AND s.types <> '{}' ORDER BY s.id`,
  );
  return rows.map(({ handlers, retries, ...subscription }) => {
    const { schedule, timezone } = handlers.find(({ name }) => name === subscription.handler) ?? {};
    return { ...subscription, schedule, timezone, ...(retries !== null && { retries }) };
  });
}

/**
 * Where a node takes up a subscription: in the parts that it serves, by `leases`, their fences. A cursor's fence is that of
 * its lease or a later one, which a change of the plugin gave it.
 */
export async function startsOf(pool: Pool, subscription: string, leases: readonly string[]): Promise<Start[]> {
  const { rows } = await pool.query<Position & { part: number; fence: string }>(
    `WITH raised AS (
        UPDATE cursor c SET fence = l.fence FROM lease l
        WHERE c.subscription = $1 AND l.part = c.part AND l.fence = ANY ($2::int8[]) AND c.fence < l.fence
        RETURNING c.part, c.fence
      )
      SELECT part, c.epoch, c.xid::text, c.seq::text, coalesce(r.fence, c.fence)::text AS fence
      FROM cursor c JOIN lease l USING (part) LEFT JOIN raised r USING (part)
      WHERE c.subscription = $1 AND l.fence = ANY ($2::int8[])`,
    [subscription, leases],
  );
  return rows.map(({ part, fence, ...position }) => ({ part, fence, position }));
}

/** How far it has come in one part, and under which fence; undefined when there is no such subscription any more. */
export async function cursorOf(
  pool: Pool,
  subscription: string,
  part: number,
): Promise<{ position: Position; fence: string } | undefined> {
  const { rows } = await pool.query<{ epoch: number; xid: string; seq: string; fence: string }>(
    'SELECT epoch, xid::text, seq::text, fence::text FROM cursor WHERE subscription = $1 AND part = $2',
    [subscription, part],
  );
  if (!rows[0]) return undefined;
  const { fence, ...position } = rows[0];
  return { position, fence };
}

/** Of a part in which nothing is left to do up to a place. */
export interface IdleCursor {
  readonly subscription: string;
  readonly part: number;
  readonly fence: string;
  readonly to: Position;
}

/**
 * Moves cursors of parts in which nothing is left to do, so that a restart does not read the log from where something
 * last happened there. A part whose fence is not held is left alone.
 */
export async function moveIdleCursors(pool: Pool, idle: readonly IdleCursor[]): Promise<void> {
  if (idle.length === 0) return;
  await pool.query({
    name: 'move_idle_cursors',
    text: `UPDATE cursor c SET epoch = i.epoch, xid = i.xid::xid8, seq = i.seq
      FROM unnest($1::text[], $2::smallint[], $3::int8[], $4::integer[], $5::text[], $6::int8[])
        AS i(subscription, part, fence, epoch, xid, seq)
      WHERE c.subscription = i.subscription AND c.part = i.part AND c.fence = i.fence
        AND (c.epoch, c.xid, c.seq) < (i.epoch, i.xid::xid8, i.seq)`,
    values: [
      idle.map(({ subscription }) => subscription),
      idle.map(({ part }) => part),
      idle.map(({ fence }) => fence),
      idle.map(({ to }) => to.epoch),
      idle.map(({ to }) => to.xid),
      idle.map(({ to }) => to.seq),
    ],
  });
}
