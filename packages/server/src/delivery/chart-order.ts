// The order of events where records change their chart: what happened in the chart they left is told before what happens
// in the one they came to, though the two are in other parts of the log.

import type { Pool } from 'pg';
import type { StoredEvent } from '#store/contract.ts';
import { IS_FOR } from './outgoing/answer.ts';
import { NOT_OWN, type Subscription } from './subscriptions.ts';

/**
 * What an event has to wait for: `lane`, events of another chart that are on their way; `retry`, one that failed and is tried
 * again. An event that is before it in the log waits for nothing of what comes after, so no two wait for each other.
 */
export async function aheadOf(
  pool: Pool,
  { id, types, blocks }: Pick<Subscription, 'id' | 'types' | 'blocks'>,
  { follows = [], chart, position: { epoch, xid, seq } }: StoredEvent,
): Promise<'lane' | 'retry' | undefined> {
  const charts = follows.filter((one) => one !== chart);
  if (charts.length === 0) return undefined;
  const { rows } = await pool.query<{ retry: boolean; lane: boolean }>({
    name: 'ahead_of',
    text: `SELECT
      EXISTS (
        SELECT FROM retry r WHERE r.subscription = $1 AND r.chart = ANY($2) AND (r.state IN ('waiting', 'behind') OR r.state = 'dead' AND $7)
          AND (r.epoch, r.xid, r.seq) < ($4, $5::xid8, $6)
      ) AS retry,
      EXISTS (
        SELECT FROM unnest($2::text[]) AS other(chart)
        JOIN subscription s ON s.id = $1
        JOIN cursor c ON c.subscription = s.id AND c.part = part_of(other.chart)
        JOIN event e ON e.patient = other.chart AND e.type = ANY($3) AND (e.epoch, e.xid, e.seq) > (c.epoch, c.xid, c.seq)
          AND (e.epoch, e.xid, e.seq) < ($4, $5::xid8, $6) AND ${NOT_OWN} AND ${IS_FOR}
          AND (s.since IS NULL OR e.epoch > s.since_epoch OR NOT pg_visible_in_snapshot(e.xid, s.since))
      ) AS lane`,
    values: [id, charts, types, epoch, xid, seq, blocks],
  });
  return rows[0]!.lane ? 'lane' : rows[0]!.retry ? 'retry' : undefined;
}
