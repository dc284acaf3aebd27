// What is owed to handlers and what became of it: one list over cursors, retries and executions.

import type { Pool } from 'pg';
import { DELIVERY_STATES } from '@chartwire/client/internal/contract/deliveries';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Target } from '@chartwire/sdk/internal/kit/event';
import type { StoredEvent } from '#store/contract.ts';
import { eventsBy } from '#store/log.ts';
import { ANY_NAME, ANY_UUID, EXACT_TIME, readCursor, writeCursor } from '#store/page-cursor.ts';
import type { Reader } from '#store/snapshot.ts';
import type { DeliveryEngine } from './engine.ts';
import { IS_FOR } from './outgoing/answer.ts';
import { NOT_OWN } from './subscriptions.ts';

export { DELIVERY_STATES };
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface DeliveryView {
  /** `event~plugin~Handler`. */
  readonly id: string;
  readonly event: string;
  readonly type: string;
  /** What the event is about. */
  readonly target: Target;
  readonly patient: string | null;
  readonly plugin: string;
  readonly handler: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is tried again, in ISO 8601. */
  readonly nextAt: string | null;
  readonly error: { code: string; message: string } | null;
  /** Of a loop's dead letter: how many later events of the loop were skipped with it. */
  readonly ended?: number;
  /** When its state was last known to change, in ISO 8601. */
  readonly at: string;
}

interface Row extends Omit<DeliveryView, 'id' | 'nextAt' | 'at' | 'ended'> {
  ended: number;
  next_at: Date | null;
  at: Date;
}

const TARGET = `json_strip_nulls(json_build_object('type', e.target_type, 'id', e.target_id, 'version', e.target_version)) AS target`;

/** A delivery whose retry row is gone is over when it was completed; one without either is still in its lane. */
const RETRIES = `SELECT r.event, e.type, ${TARGET}, e.patient, s.plugin, s.handler, r.state, r.attempts, r.next_at, r.error, r.updated_at AS at,
    CASE WHEN r.error->>'code' = 'delivery.loop' THEN (SELECT count(*)::integer FROM retry o
      WHERE o.state = 'skipped' AND o.error->>'letter' = r.event || '~' || replace(r.subscription, '/', '~')) ELSE 0 END AS ended
  FROM retry r JOIN subscription s ON s.id = r.subscription JOIN event e ON e.id = r.event AND e.at = r.event_at`;

const COMPLETED = `SELECT x.event, e.type, ${TARGET}, e.patient, x.plugin, x.handler, 'done' AS state, x.attempt AS attempts,
    NULL::timestamptz AS next_at, NULL::json AS error, x.started_at AS at, 0 AS ended
  FROM execution x JOIN event e ON e.id = x.event WHERE x.state = 'completed'`;

/** Whether the events that come for a plugin are skipped: it is disabled, and somebody chose that. */
const SKIPS = `NOT p.enabled AND p.backlog = 'skip'`;

const IN_LANES = `SELECT e.id AS event, e.type, ${TARGET}, e.patient, s.plugin, s.handler,
    CASE WHEN ${SKIPS} THEN 'skipped' ELSE 'pending' END AS state, 0 AS attempts,
    NULL::timestamptz AS next_at, NULL::json AS error, e.at, 0 AS ended
  FROM subscription s JOIN plugin p ON p.name = s.plugin JOIN cursor c ON c.subscription = s.id
  JOIN event e ON e.part = c.part AND e.type = ANY (s.types) AND (e.epoch, e.xid, e.seq) > (c.epoch, c.xid, c.seq)
  WHERE (s.since IS NULL OR e.epoch > s.since_epoch OR NOT pg_visible_in_snapshot(e.xid, s.since))
    AND ${NOT_OWN} AND ${IS_FOR}`;

const PENDING = `${IN_LANES} AND NOT (${SKIPS})`;

const SOURCES: Readonly<Record<DeliveryState, string>> = {
  pending: PENDING,
  waiting: `${RETRIES} WHERE r.state = 'waiting'`,
  behind: `${RETRIES} WHERE r.state = 'behind'`,
  dead: `${RETRIES} WHERE r.state = 'dead'`,
  // Those of a disabled plugin are put on record as skipped when it is enabled; nobody is told until then that they wait.
  skipped: `${RETRIES} WHERE r.state = 'skipped'
    UNION ALL SELECT * FROM (${IN_LANES} AND ${SKIPS}) AS lane
      WHERE NOT EXISTS (SELECT FROM retry r WHERE r.subscription = lane.plugin || '/' || lane.handler AND r.event = lane.event)`,
  done: COMPLETED,
};

export interface DeliveryQuery {
  readonly state?: string;
  readonly plugin?: string;
  readonly limit: number;
  readonly after?: string;
}

/** The deliveries as /api/deliveries shows them. */
export class Deliveries {
  readonly #pool: Pool;
  readonly #engine: Pick<DeliveryEngine, 'retry' | 'skip'>;

  constructor(pool: Pool, engine: Pick<DeliveryEngine, 'retry' | 'skip'>) {
    this.#pool = pool;
    this.#engine = engine;
  }

  list(query: DeliveryQuery, reader: Reader = this.#pool): Promise<{ items: DeliveryView[]; next: string | null }> {
    return listDeliveries(reader, query);
  }

  /** Tries a dead, skipped or waiting delivery now. */
  async retry(id: string): Promise<DeliveryView> {
    const named = readDeliveryId(id);
    // Once it is enabled, what waits is skipped: a retry that is planned now would be, too.
    if (named) await this.#refuseSkipping(named.plugin);
    if (!named || !(await this.#engine.retry(named.subscription, named.event))) {
      throw new Refusal('delivery.not-found', { id });
    }
    return this.#view(id, named);
  }

  /** Skips a dead delivery: what waits for it goes on. */
  async skip(id: string): Promise<DeliveryView> {
    const named = readDeliveryId(id);
    if (!named || !(await this.#engine.skip(named.subscription, named.event))) {
      throw new Refusal('delivery.not-found', { id });
    }
    return this.#view(id, named);
  }

  async #refuseSkipping(name: string): Promise<void> {
    const { rowCount } = await this.#pool.query(`SELECT FROM plugin p WHERE p.name = $1 AND ${SKIPS}`, [name]);
    if (rowCount) throw new Refusal('delivery.disabled', { name });
  }

  async #view(id: string, named: { event: string }): Promise<DeliveryView> {
    const [event] = await eventsBy(this.#pool, 'id', [named.event]);
    const delivery = event && (await deliveriesOf(this.#pool, [event])).find((one) => one.id === id);
    if (!delivery) throw new Refusal('delivery.not-found', { id });
    return delivery;
  }
}

/** Newest first. Without a state: all that is neither done nor skipped, so everything somebody may want to look at. */
async function listDeliveries(
  reader: Reader,
  query: DeliveryQuery,
): Promise<{ items: DeliveryView[]; next: string | null }> {
  const source =
    query.state === undefined
      ? `${PENDING} UNION ALL ${RETRIES} WHERE r.state <> 'skipped'`
      : SOURCES[stateOf(query.state)];
  const after =
    query.after === undefined ? undefined : readCursor(query.after, [EXACT_TIME, ANY_UUID, ANY_NAME, ANY_NAME]);
  const { rows } = await reader.query<Row & { exact: string }>(
    `SELECT *, at::text AS exact FROM (${source}) AS d
      WHERE ($1::text IS NULL OR plugin = $1)
        AND ($2::timestamptz IS NULL OR (at, event, plugin, handler) < ($2, $3::uuid, $4, $5))
      ORDER BY at DESC, event DESC, plugin DESC, handler DESC LIMIT $6`,
    [query.plugin ?? null, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, after?.[3] ?? null, query.limit],
  );
  const last = rows.at(-1);
  const more = rows.length === query.limit && last;
  return {
    items: rows.map(viewOf),
    next: more ? writeCursor([last.exact, last.event, last.plugin, last.handler]) : null,
  };
}

/** The deliveries of events, to each handler they concern. */
export async function deliveriesOf(reader: Reader, events: readonly StoredEvent[]): Promise<DeliveryView[]> {
  const { rows } = await reader.query<Row>(
    `SELECT DISTINCT ON (event, plugin, handler) * FROM (
        SELECT *, 1 AS rank FROM (${RETRIES} WHERE r.event = ANY($1)) AS r
        UNION ALL SELECT *, 2 FROM (${COMPLETED} AND x.event = ANY($1)) AS x
        UNION ALL SELECT *, 3 FROM (${IN_LANES} AND e.id = ANY($1) AND e.at = ANY($2)) AS p
      ) AS d ORDER BY event, plugin, handler, rank`,
    [events.map(({ id }) => id), events.map(({ at }) => at)],
  );
  return rows.map(viewOf);
}

/** Deliveries of a plugin in a state that are counted; that there are more says no more. */
const MOST_COUNTED = 10_000;

/** How many deliveries of a plugin are in a state. */
export async function owedTo(reader: Reader, plugin: string, state: DeliveryState): Promise<number> {
  const { rows } = await reader.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (SELECT FROM (${SOURCES[state]}) AS s WHERE s.plugin = $1 LIMIT ${MOST_COUNTED}) AS d`,
    [plugin],
  );
  return rows[0]!.count;
}

/** The subscription and the event that a delivery's id names. */
function readDeliveryId(id: string): { subscription: string; plugin: string; event: string } | undefined {
  const match = /^([0-9a-f-]{36})~([a-z0-9-]+)~(\w+)$/.exec(id);
  return match ? { event: match[1]!, plugin: match[2]!, subscription: `${match[2]}/${match[3]}` } : undefined;
}

function stateOf(text: string): DeliveryState {
  const state = DELIVERY_STATES.find((known) => known === text);
  if (!state) throw new Refusal('request.invalid', { reason: `state is one of ${DELIVERY_STATES.join(', ')}` });
  return state;
}

function viewOf(row: Row): DeliveryView {
  const { event, type, target, patient, plugin, handler, state, attempts, error, ended } = row;
  return {
    id: `${event}~${plugin}~${handler}`,
    event,
    type,
    target,
    patient,
    plugin,
    handler,
    state,
    attempts,
    nextAt: row.next_at?.toISOString() ?? null,
    error: error && { code: error.code, message: error.message },
    ...(ended > 0 && { ended }),
    at: row.at.toISOString(),
  };
}
