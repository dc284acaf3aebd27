// Which parts of the log this node serves. A lease lasts ten seconds and is renewed; one that was not renewed may be
// taken by another node, and taking it moves the fence, so that what the former holder still does is refused.

import type { Pool } from 'pg';

/** Seconds that a lease lasts without being renewed. */
const LEASE_SECONDS = 10;
const RENEW_MS = 3_000;

export interface Leases {
  /** The fence under which this node serves a part; undefined when another node does. */
  fence(part: number): string | undefined;
  readonly parts: readonly number[];
  readonly fences: readonly string[];
  /** Gives up all leases, so that another node need not wait for them to run out. */
  stop(): Promise<void>;
}

/** Takes every part that is free, now and at each renewal. `onChange` is told when the set of parts changed. */
export async function takeLeases(pool: Pool, node: string, onChange: () => void): Promise<Leases> {
  let held = await claim(pool, node);
  const timer = setInterval(() => {
    claim(pool, node).then(
      (now) => {
        const changed = now.size !== held.size || [...now].some(([part, fence]) => held.get(part) !== fence);
        held = now;
        if (changed) onChange();
      },
      // The database is away: the leases run out by themselves and fenced writes are refused.
      () => {},
    );
  }, RENEW_MS);
  timer.unref();
  return {
    fence: (part) => held.get(part),
    get parts() {
      return [...held.keys()];
    },
    get fences() {
      return [...held.values()];
    },
    async stop() {
      clearInterval(timer);
      await pool.query('UPDATE lease SET until = now() WHERE node = $1', [node]);
    },
  };
}

/** Renews this node's leases and takes free ones; a newly taken part gets a new fence, on its cursors too, unless they have a later one. */
async function claim(pool: Pool, node: string): Promise<Map<number, string>> {
  const { rows } = await pool.query<{ part: number; fence: string }>({
    name: 'claim_leases',
    text: `WITH taken AS (
        UPDATE lease SET node = $1, until = now() + $2 * interval '1 second',
          fence = CASE WHEN node = $1 AND until > now() THEN fence ELSE nextval('fence_seq') END
        WHERE node = $1 OR until IS NULL OR until < now()
        RETURNING part, fence
      ), moved AS (
        UPDATE cursor c SET fence = taken.fence FROM taken WHERE c.part = taken.part AND c.fence < taken.fence
      )
      SELECT part, fence::text FROM taken`,
    values: [node, LEASE_SECONDS],
  });
  return new Map(rows.map(({ part, fence }) => [part, fence]));
}
