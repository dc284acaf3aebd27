// Handlers' subscriptions to the log: rows that survive a restart, with a cursor for each of the log's parts.

import type { ClientBase, Pool } from 'pg';
import { eventByType } from '#events/catalogue.ts';
import type { HandlerInfo } from '#plugin-host/contract.ts';
import type { Position } from '#store/contract.ts';
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
}

export function subscriptionId(plugin: string, handler: string): string {
  return `${plugin}/${handler}`;
}

/**
 * Makes a plugin's subscriptions those of `handlers`. A handler that stays keeps its cursors, so an upgrade loses
 * nothing; a new one, or one that was inactive, begins at `end` of the log. One that is gone is removed with what was
 * owed to it. Within a transaction.
 */
export async function subscribe(
  client: ClientBase,
  plugin: string,
  handlers: readonly { name: string; respondsTo: readonly string[] }[],
  end: Position,
): Promise<void> {
  await client.query('DELETE FROM subscription WHERE plugin = $1 AND handler <> ALL ($2)', [
    plugin,
    handlers.map(({ name }) => name),
  ]);
  for (const { name, respondsTo } of handlers) {
    // Gates and asks are answered while somebody waits; only notices are in the log.
    const types = respondsTo.filter((type) => eventByType(type)?.kind === 'notice');
    const id = subscriptionId(plugin, name);
    const { rows } = await client.query<{ active: boolean }>('SELECT active FROM subscription WHERE id = $1', [id]);
    await client.query(
      `INSERT INTO subscription (id, plugin, handler, types, active) VALUES ($1, $2, $3, $4, true)
        ON CONFLICT (id) DO UPDATE SET types = $4, active = true`,
      [id, plugin, name, types],
    );
    if (!rows[0]?.active) await client.query(START_CURSORS, [id, end.epoch, end.xid, end.seq]);
  }
}

const START_CURSORS = `INSERT INTO cursor (subscription, part, epoch, xid, seq, fence)
  SELECT $1, part, $2, $3::xid8, $4, fence FROM lease
  ON CONFLICT (subscription, part) DO UPDATE SET epoch = excluded.epoch, xid = excluded.xid, seq = excluded.seq`;

/** A disabled plugin gets no events, also not those that happen meanwhile. */
export async function deactivate(client: Queryable, plugin: string): Promise<void> {
  await client.query('UPDATE subscription SET active = false WHERE plugin = $1', [plugin]);
}

export async function unsubscribe(client: Queryable, plugin: string): Promise<void> {
  await client.query('DELETE FROM subscription WHERE plugin = $1', [plugin]);
}

export async function activeSubscriptions(pool: Pool): Promise<Subscription[]> {
  const { rows } = await pool.query<Omit<Subscription, 'schedule' | 'timezone'> & { handlers: HandlerInfo[] }>(
    `SELECT s.id, s.plugin, s.handler, s.types, p.handlers FROM subscription s JOIN plugin p ON p.name = s.plugin
      WHERE s.active AND p.enabled AND s.types <> '{}' ORDER BY s.id`,
  );
  return rows.map(({ handlers, ...subscription }) => {
    const { schedule, timezone } = handlers.find(({ name }) => name === subscription.handler) ?? {};
    return { ...subscription, schedule, timezone };
  });
}

/** How far a subscription has come in each part. */
export async function cursorsOf(pool: Pool, subscription: string): Promise<Map<number, Position>> {
  const { rows } = await pool.query<{ part: number; epoch: number; xid: string; seq: string }>(
    'SELECT part, epoch, xid::text, seq::text FROM cursor WHERE subscription = $1',
    [subscription],
  );
  return new Map(rows.map(({ part, ...position }) => [part, position]));
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

/**
 * Moves cursors of parts in which nothing is left to do, so that a restart does not read the log from where something
 * last happened there. A part whose fence is not held is left alone.
 */
export async function moveIdleCursors(
  pool: Pool,
  subscription: string,
  idle: readonly { part: number; fence: string }[],
  to: Position,
): Promise<void> {
  await pool.query({
    name: 'move_idle_cursors',
    text: `UPDATE cursor c SET epoch = $2, xid = $3::xid8, seq = $4
      FROM unnest($5::smallint[], $6::int8[]) AS i(part, fence)
      WHERE c.subscription = $1 AND c.part = i.part AND c.fence = i.fence AND (c.epoch, c.xid, c.seq) < ($2, $3::xid8, $4)`,
    values: [subscription, to.epoch, to.xid, to.seq, idle.map(({ part }) => part), idle.map(({ fence }) => fence)],
  });
}
