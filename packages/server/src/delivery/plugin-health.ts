// How a plugin fares: what its runs came to, how long they took, and what is still owed to it.

import type { Pool } from 'pg';
import type { Resting } from './breaker.ts';
import type { Lag } from './lag.ts';
import { DELIVERY_STATES, type DeliveryState, owedTo } from './deliveries.ts';

/** Upper ends of the classes of a histogram, in milliseconds; the last class has none. */
const LATENCY_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const;

export interface RunsOf {
  readonly completed: number;
  readonly failed: number;
  /** Of the failed ones, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Runs of at most `upTo` milliseconds, and more than the class before; null for the last. */
  readonly latency: readonly { readonly upTo: number | null; readonly count: number }[];
  /** Milliseconds; null when nothing ran. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly longest: number | null;
}

export type Queue = Readonly<Record<Exclude<DeliveryState, 'done'>, number>>;

/** How a plugin fares. */
export interface PluginHealth {
  /** Null when it is not loaded. */
  readonly where: string | null;
  readonly strikes: number;
  /** Handlers that are not asked anything for a while, since they failed repeatedly. */
  readonly leftOut: readonly Resting[];
  readonly queue: Queue;
  /** To other systems: to be sent, and given up. */
  readonly requests: { readonly pending: number; readonly dead: number };
  readonly lag: Lag;
  readonly runs: { readonly hour: RunsOf; readonly day: RunsOf };
}

const HOUR_MS = 3_600_000;

/** Runs of the last hour and of the last day, by the clock of `now`. */
export async function runsOf(pool: Pool, plugin: string, now: number): Promise<{ hour: RunsOf; day: RunsOf }> {
  const [hour, day] = await Promise.all([since(pool, plugin, now - HOUR_MS), since(pool, plugin, now - 24 * HOUR_MS)]);
  return { hour, day };
}

async function since(pool: Pool, plugin: string, from: number): Promise<RunsOf> {
  const { rows } = await pool.query<
    Omit<RunsOf, 'latency' | 'errors'> & Record<'classes' | 'errors', Readonly<Record<string, number>> | null>
  >({
    name: 'plugin_runs',
    text: `WITH run AS (
        SELECT state, ms, error->>'code' AS code, (SELECT count(*) FROM unnest($3::float8[]) AS upto WHERE upto < ms) AS class
        FROM execution WHERE plugin = $1 AND id >= $2
      )
      SELECT count(*) FILTER (WHERE state = 'completed')::integer AS completed,
        count(*) FILTER (WHERE state = 'failed')::integer AS failed,
        (SELECT json_object_agg(code, n) FROM (SELECT code, count(*) AS n FROM run WHERE code IS NOT NULL GROUP BY code) AS c) AS errors,
        (SELECT json_object_agg(class, n) FROM (SELECT class, count(*) AS n FROM run GROUP BY class) AS c) AS classes,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50, percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS p95,
        max(ms) AS longest
      FROM run`,
    values: [plugin, firstIdAt(from), LATENCY_MS],
  });
  const { classes, errors, ...runs } = rows[0]!;
  const latency = [...LATENCY_MS, null].map((upTo, place) => ({ upTo, count: classes?.[place] ?? 0 }));
  return { ...runs, errors: errors ?? {}, latency };
}

/** The smallest UUIDv7 of a moment: executions are found by time through their ids. */
function firstIdAt(time: number): string {
  const hex = Math.floor(time).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** What is owed to a plugin's handlers, by state. */
export async function queueOf(pool: Pool, plugin: string): Promise<Queue> {
  const counts = await Promise.all(
    DELIVERY_STATES.flatMap((state) =>
      state === 'done' ? [] : [owedTo(pool, plugin, state).then((count) => [state, count] as const)],
    ),
  );
  return Object.fromEntries(counts) as Queue;
}

/** Events that are still to be delivered. */
export function waitingIn({ pending, waiting, behind }: Queue): number {
  return pending + waiting + behind;
}
