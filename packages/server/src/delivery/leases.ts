// Which parts of the log this node serves. A node sends a heartbeat every second. After three seconds without one, other nodes
// may take its parts. Taking a part moves its fence, so that later writes of its former holder are refused. Each node aims at its
// fair share: it takes free parts up to that, and hands over the rest.

import pg from 'pg';

/** Seconds that a node's leases last without its being heard of. */
const LEASE_SECONDS = 3;
const BEAT_MS = 1_000;

export interface Leases {
  /** The fence under which this node serves a part; undefined when another node does. */
  fence(part: number): string | undefined;
  readonly parts: readonly number[];
  /** Gives up all leases, so that another node need not wait for them to run out. */
  stop(): Promise<void>;
}

export interface LeaseEvents {
  /** The set of parts changed. */
  onChange(): void;
  /** The part is to be handed over: nothing of it is begun here any more. Resolves when nothing of it runs. */
  leave(part: number): Promise<void>;
}

/**
 * Takes free parts up to this node's share, now and at each beat. On connections of its own, one to say that it lives: what a
 * node that hangs has locked, it may wait for before it takes parts, but it keeps its own.
 */
export async function takeLeases(pool: pg.Pool, node: string, events: LeaseEvents): Promise<Leases> {
  const { password } = pool.options;
  const connection = new pg.Pool({ ...pool.options, ...(password !== undefined && { password }), max: 2 });
  connection.on('error', () => {});
  const leases = new NodeLeases(connection, node, events);
  await leases.begin();
  return leases;
}

class NodeLeases implements Leases {
  readonly #connection: pg.Pool;
  readonly #node: string;
  readonly #events: LeaseEvents;
  #held = new Map<number, string>();
  /** Parts on their way to another node. */
  readonly #leaving = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #living: NodeJS.Timeout | undefined;
  #saying: Promise<void> = Promise.resolve();
  #beating: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(connection: pg.Pool, node: string, events: LeaseEvents) {
    this.#connection = connection;
    this.#node = node;
    this.#events = events;
  }

  async begin(): Promise<void> {
    // What an earlier process of this name still does is refused from now on.
    await this.#connection.query('UPDATE lease SET node = NULL WHERE node = $1', [this.#node]);
    await this.#live();
    this.#held = (await this.#claim()).held;
    this.#living = setInterval(() => {
      this.#saying = this.#live().catch(() => {});
    }, BEAT_MS).unref();
    this.#next();
  }

  fence(part: number): string | undefined {
    return this.#held.get(part);
  }

  get parts(): number[] {
    return [...this.#held.keys()];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#living);
    await Promise.all([this.#beating, this.#saying]);
    this.#held.clear();
    try {
      await this.#connection.query(
        'WITH gone AS (DELETE FROM node WHERE name = $1) UPDATE lease SET node = NULL WHERE node = $1',
        [this.#node],
      );
    } finally {
      await this.#connection.end();
    }
  }

  async #live(): Promise<void> {
    await this.#connection.query({
      name: 'live',
      text: `INSERT INTO node (name, until) VALUES ($1, now() + $2 * interval '1 second')
        ON CONFLICT (name) DO UPDATE SET until = excluded.until`,
      values: [this.#node, LEASE_SECONDS],
    });
  }

  #next(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      // Where the database is away, the leases run out by themselves and fenced writes are refused.
      this.#beating = this.#beat()
        .catch(() => {})
        .finally(() => this.#next());
    }, BEAT_MS).unref();
  }

  async #beat(): Promise<void> {
    const { held, share } = await this.#claim();
    const before = this.#held;
    for (const part of this.#leaving) held.delete(part);
    const leaving = [...held.keys()].slice(share);
    for (const part of leaving) held.delete(part);
    this.#held = held;
    const changed = held.size !== before.size || [...held].some(([part, fence]) => before.get(part) !== fence);
    if (changed) this.#events.onChange();
    for (const part of leaving) void this.#handOver(part);
  }

  async #handOver(part: number): Promise<void> {
    this.#leaving.add(part);
    try {
      await this.#events.leave(part);
      await this.#connection.query('UPDATE lease SET node = NULL WHERE part = $1 AND node = $2', [part, this.#node]);
    } catch {
      // It is this node's still, and handed over at a later beat.
    } finally {
      this.#leaving.delete(part);
    }
  }

  /** Takes free parts; a part that is taken gets a new fence, on its cursors too, unless they have a later one. */
  async #claim(): Promise<{ held: Map<number, string>; share: number }> {
    const { rows } = await this.#connection.query<{ share: number; held: Record<string, string> | null }>({
      name: 'claim_leases',
      text: CLAIM,
      values: [this.#node],
    });
    const { share, held } = rows[0]!;
    return { share, held: new Map(Object.entries(held ?? {}).map(([part, fence]) => [Number(part), fence])) };
  }
}

const CLAIM = `WITH alive AS (
    SELECT name FROM node WHERE until > now() AND name <> $1
  ), share AS (
    SELECT ceil((SELECT count(*) FROM lease)::numeric / (1 + count(*)))::integer AS parts FROM alive
  ), mine AS (
    SELECT part, fence FROM lease WHERE node = $1
  ), free AS (
    SELECT part FROM lease WHERE node IS NULL OR node <> $1 AND node NOT IN (SELECT name FROM alive)
    ORDER BY part LIMIT greatest(0, (SELECT parts FROM share) - (SELECT count(*) FROM mine)) FOR UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE lease l SET node = $1, fence = nextval('fence_seq') FROM free WHERE l.part = free.part RETURNING l.part, l.fence
  ), moved AS (
    UPDATE cursor c SET fence = taken.fence FROM taken WHERE c.part = taken.part AND c.fence < taken.fence
  )
  SELECT parts AS share, (
    SELECT json_object_agg(part, fence::text) FROM (SELECT * FROM mine UNION ALL SELECT * FROM taken) AS held
  ) AS held FROM share`;
