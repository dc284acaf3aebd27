// How far plugins are behind the log: what is still to be delivered to them, and since when.

import { IS_FOR } from './outgoing/answer.ts';
import { NOT_OWN } from './subscriptions.ts';
import type { Reader } from '#store/snapshot.ts';

export interface Lag {
  /** Events that are still to be delivered, of each handler at most `MOST_COUNTED` that it was not given yet. */
  readonly events: number;
  /** Seconds since the oldest of them; 0 when there is none. */
  readonly seconds: number;
}

const MOST_COUNTED = 10_000;

/** By the name of the plugin: of all that are installed, or of one. A disabled plugin whose events are skipped has no lag. */
export async function lagsOf(reader: Reader, plugin?: string): Promise<Map<string, Lag>> {
  const { rows } = await reader.query<Lag & { plugin: string }>({
    name: 'plugin_lags',
    text: `SELECT p.name AS plugin, coalesce(sum(owed.events), 0)::integer AS events,
        greatest(coalesce(extract(epoch FROM now() - min(owed.oldest)), 0), 0)::float8 AS seconds
      FROM plugin p
      LEFT JOIN subscription s ON s.plugin = p.name AND (p.enabled OR p.backlog = 'keep')
      LEFT JOIN LATERAL (
        SELECT count(*) AS events, min(at) AS oldest FROM (
          SELECT r.event_at AS at FROM retry r WHERE r.subscription = s.id AND r.state IN ('waiting', 'behind')
          UNION ALL
          (SELECT e.at FROM (SELECT epoch, xid, seq FROM cursor WHERE subscription = s.id ORDER BY epoch, xid, seq LIMIT 1) AS last
            JOIN event e ON (e.epoch, e.xid, e.seq) > (last.epoch, last.xid, last.seq) AND e.type = ANY (s.types)
            JOIN cursor c ON c.subscription = s.id AND c.part = e.part AND (e.epoch, e.xid, e.seq) > (c.epoch, c.xid, c.seq)
            WHERE (s.since IS NULL OR e.epoch > s.since_epoch OR NOT pg_visible_in_snapshot(e.xid, s.since))
              AND ${NOT_OWN} AND ${IS_FOR}
            ORDER BY e.epoch, e.xid, e.seq LIMIT ${MOST_COUNTED})
        ) AS each
      ) AS owed ON true
      WHERE $1::text IS NULL OR p.name = $1 GROUP BY p.name`,
    values: [plugin ?? null],
  });
  return new Map(rows.map(({ plugin: name, ...lag }) => [name, lag]));
}
