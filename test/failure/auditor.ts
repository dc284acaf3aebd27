// Compares what a database holds with what its writers were promised, and with itself. It reads the database only, so it
// shares no code with what it checks. It expects the load of load.ts: one event a version, and plugins that create tasks.

import pg from 'pg';

/** A write that a server said it had stored. */
export interface Acknowledged {
  /** Whoever wrote it, one write after another. */
  readonly writer: string;
  /** Grows with each of the writer's writes, from 1. */
  readonly order: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** Text that the version contains and no other does. */
  readonly mark: string;
}

export const FAULTS = ['lost', 'doubled', 'half written', 'out of order', 'stuck'] as const;
export type Fault = (typeof FAULTS)[number];

export interface Finding {
  readonly fault: Fault;
  /** For people: which check, and what it found. */
  readonly what: string;
}

interface Check {
  readonly name: string;
  /** Selects `fault` and `what` of each finding. */
  readonly sql: string;
}

/** $1: the acknowledged writes, as JSON. */
const ACKNOWLEDGED = `acknowledged AS (
  SELECT * FROM json_to_recordset($1) AS a(writer text, "order" integer, type text, id text, version integer, mark text)
)`;

/** An event with its position in one value. */
const LOGGED = `logged AS (SELECT e.*, ROW(e.epoch, e.xid, e.seq) AS position FROM event e)`;

/** Each event that an enabled handler must get, by the day it was subscribed. Minutes of the clock have schedules of their own. */
const SUBSCRIBED = `subscribed AS (
  SELECT s.id AS subscription, s.since, e.id AS event, e.type, e.chart, e.position,
      e.position <= ROW(c.epoch, c.xid, c.seq) AS passed
    FROM subscription s JOIN plugin p ON p.name = s.plugin AND p.enabled
      JOIN logged e ON e.type = ANY (s.types) AND e.type <> 'CRON'
      JOIN cursor c ON c.subscription = s.id AND c.part = e.part
    WHERE s.active AND (s.since IS NULL OR e.epoch > s.since_epoch OR NOT pg_visible_in_snapshot(e.xid, s.since))
)`;

const CHECKS: readonly Check[] = [
  {
    name: 'an acknowledged write is stored as it was sent',
    sql: `WITH ${ACKNOWLEDGED}
      SELECT 'lost' AS fault, a.type || '/' || a.id || ' version ' || a.version || ' of ' || a.writer AS what
      FROM acknowledged a LEFT JOIN record_version v USING (type, id, version)
      WHERE v.id IS NULL OR position(a.mark IN v.content::text) = 0`,
  },
  {
    name: 'a version is acknowledged to one write only',
    sql: `WITH ${ACKNOWLEDGED}
      SELECT 'lost' AS fault, type || '/' || id || ' version ' || version || ' has ' || count(*) || ' writes' AS what
      FROM acknowledged GROUP BY type, id, version HAVING count(*) > 1`,
  },
  {
    name: 'a writer’s writes are in a chart in the order in which it sent them',
    sql: `WITH ${ACKNOWLEDGED}, written AS (
        SELECT a.*, v.chart_version, lag(v.chart_version) OVER (PARTITION BY a.writer, v.patient ORDER BY a."order") AS before
        FROM acknowledged a JOIN record_version v USING (type, id, version)
      )
      SELECT 'out of order' AS fault, writer || ' ' || "order" || ': ' || type || '/' || id || ' version ' || version AS what
      FROM written WHERE chart_version <= before`,
  },
  {
    name: 'an acknowledged write is in the audit trail once',
    sql: `WITH ${ACKNOWLEDGED}, audited AS (
        SELECT a.type, a.id, a.version, count(t.id) AS rows FROM acknowledged a LEFT JOIN audit.entry t
          ON t.type = a.type AND t.record = a.id AND t.version = a.version AND t.action IN ('create', 'update') AND t.status < 300
        GROUP BY a.type, a.id, a.version
      )
      SELECT CASE WHEN rows = 0 THEN 'half written' ELSE 'doubled' END AS fault,
        type || '/' || id || ' version ' || version || ' has ' || rows || ' rows' AS what FROM audited WHERE rows <> 1`,
  },
  {
    name: 'a record’s versions have no gap, and the record is at the last',
    sql: `SELECT CASE WHEN count(v.version) = max(v.version) THEN 'half written' ELSE 'lost' END AS fault,
        type || '/' || id || ' has ' || count(v.version) || ' versions up to ' || coalesce(max(v.version), 0) || ', and is at ' ||
          coalesce(max(r.version), 0) AS what
      FROM record_version v FULL JOIN record r USING (type, id) GROUP BY type, id
      HAVING count(v.version) <> max(v.version) OR max(v.version) IS DISTINCT FROM max(r.version)`,
  },
  {
    name: 'a chart’s versions have no gap, and the chart is at the last',
    sql: `WITH told AS (
        SELECT patient, chart_version FROM event WHERE chart_version IS NOT NULL
        UNION SELECT patient, chart_version FROM record_version WHERE chart_version IS NOT NULL
      )
      SELECT 'lost' AS fault, 'chart ' || patient || ' has ' || count(t.chart_version) || ' versions up to ' ||
          coalesce(max(t.chart_version), 0) || ', and is at ' || coalesce(max(c.version), 0) AS what
      FROM told t FULL JOIN chart c USING (patient) GROUP BY patient
      HAVING count(t.chart_version) <> max(t.chart_version) OR max(t.chart_version) IS DISTINCT FROM max(c.version)`,
  },
  {
    name: 'a version has exactly one event',
    sql: `SELECT CASE WHEN count(e.id) = 0 THEN 'half written' ELSE 'doubled' END AS fault,
        v.type || '/' || v.id || ' version ' || v.version || ' has ' || count(e.id) || ' events' AS what
      FROM record_version v LEFT JOIN event e ON e.record_type = v.type AND e.record_id = v.id AND e.record_version = v.version
      GROUP BY v.type, v.id, v.version HAVING count(e.id) <> 1`,
  },
  {
    name: 'an event’s version is stored',
    sql: `SELECT 'half written' AS fault, e.type || ' ' || e.id || ' is of a version that is not there' AS what
      FROM event e LEFT JOIN record_version v ON v.type = e.record_type AND v.id = e.record_id AND v.version = e.record_version
      WHERE e.record_type IS NOT NULL AND v.id IS NULL`,
  },
  {
    name: 'a chart’s events are in the log in the order of its versions',
    sql: `WITH told AS (
        SELECT id, type, chart, chart_version,
          lag(chart_version) OVER (PARTITION BY chart ORDER BY epoch, xid, seq) AS before
        FROM event WHERE chart_version IS NOT NULL
      )
      SELECT 'out of order' AS fault, type || ' ' || id || ' of chart ' || chart AS what FROM told WHERE chart_version < before`,
  },
  {
    name: 'an event that a handler subscribes to is completed once, or is a dead letter',
    sql: `WITH ${LOGGED}, ${SUBSCRIBED}, ended AS (
        SELECT s.subscription, s.event, s.type, s.passed, r.state,
          (SELECT count(*) FROM execution x WHERE x.event = s.event AND x.subscription = s.subscription AND x.state = 'completed') AS runs
        FROM subscribed s LEFT JOIN retry r ON r.subscription = s.subscription AND r.event = s.event
      )
      SELECT CASE WHEN runs + (CASE WHEN state IS NULL THEN 0 ELSE 1 END) > 1 THEN 'doubled'
          WHEN passed AND state IS NULL THEN 'lost' ELSE 'stuck' END AS fault,
        type || ' ' || event || ' for ' || subscription || ' is completed ' || runs || ' times' ||
          coalesce(', and ' || state, '') AS what
      FROM ended WHERE runs + (CASE WHEN state IN ('dead', 'skipped') THEN 1 ELSE 0 END) <> 1 OR state IN ('waiting', 'behind')`,
  },
  {
    name: 'a handler gets a chart’s events in the order of the log',
    // Executions of a chart are committed one after another, so their transaction ids tell their order.
    sql: `WITH ${LOGGED}, done AS (
        SELECT x.subscription, e.chart, x.event, x.xmin::text::bigint AS written, e.position,
          max(x.xmin::text::bigint) OVER (
            PARTITION BY x.subscription, e.chart ORDER BY e.position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ) AS before
        FROM execution x JOIN logged e ON e.id = x.event WHERE x.state = 'completed'
      )
      SELECT 'out of order' AS fault, event || ' of chart ' || chart || ' for ' || subscription AS what
      FROM done WHERE written < before`,
  },
  {
    name: 'an applied effect wrote one event, which names its cause',
    sql: `WITH applied AS (
        SELECT x.id AS execution, x.event, x.subscription, (n.place - 1)::text AS effect
        FROM execution x, json_array_elements(x.effects) WITH ORDINALITY AS n(effect, place)
        WHERE x.state = 'completed' AND n.effect->>'outcome' = 'applied' AND n.effect->>'type' = 'CREATE_TASK'
      )
      SELECT CASE WHEN count(e.id) = 0 THEN 'lost' ELSE 'doubled' END AS fault,
        'effect ' || a.effect || ' of ' || a.subscription || ' for ' || a.event || ' has ' || count(e.id) || ' events' AS what
      FROM applied a LEFT JOIN event e ON e.cause IS NOT NULL AND e.cause->>'event' = a.event::text
        AND e.cause->>'execution' = a.execution::text AND e.cause->>'effect' = a.effect
      GROUP BY a.subscription, a.execution, a.event, a.effect HAVING count(e.id) <> 1`,
  },
  {
    name: 'what a plugin wrote belongs to a completed execution, and names the event that caused it',
    sql: `SELECT 'half written' AS fault, e.type || ' ' || e.id || ' of ' || (e.cause->>'plugin') AS what
      FROM event e LEFT JOIN execution x ON x.id::text = e.cause->>'execution' AND x.state = 'completed'
        LEFT JOIN record_version v ON v.type = e.record_type AND v.id = e.record_id AND v.version = e.record_version
      WHERE e.cause IS NOT NULL AND (x.id IS NULL OR position(e.cause->>'event' IN v.content::text) = 0)`,
  },
  {
    name: 'a handler answers an event with each task once',
    sql: `SELECT 'doubled' AS fault, min(v.content->>'description') || ' is in ' || count(*) || ' tasks' AS what
      FROM record_version v JOIN event e ON e.record_type = v.type AND e.record_id = v.id AND e.record_version = v.version
      WHERE v.type = 'Task' AND v.version = 1 AND e.cause IS NOT NULL
      GROUP BY e.cause->>'plugin', e.cause->>'handler', v.content->>'description' HAVING count(*) > 1`,
  },
  {
    name: 'a plugin’s effects in a chart are in the order of what caused them',
    sql: `WITH ${LOGGED}, caused AS (
        SELECT e.id, e.chart, e.cause->>'plugin' AS plugin, c.position, max(c.position) OVER (
          PARTITION BY e.cause->>'plugin', e.cause->>'handler', e.chart, c.chart ORDER BY e.position
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before
        FROM logged e JOIN logged c ON c.id = (e.cause->>'event')::uuid WHERE e.cause IS NOT NULL
      )
      SELECT 'out of order' AS fault, 'event ' || id || ' of ' || plugin || ' in chart ' || chart AS what
      FROM caused WHERE position < before`,
  },
];

export const CHECK_NAMES: readonly string[] = CHECKS.map(({ name }) => name);

/** Everything that is wrong, in one snapshot; what one check finds, where it is named. */
export async function audit(
  connection: pg.ClientConfig,
  acknowledged: readonly Acknowledged[],
  only?: string,
): Promise<readonly Finding[]> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const found: Finding[] = [];
    for (const { name, sql } of CHECKS) {
      if (only !== undefined && name !== only) continue;
      const values = sql.includes('$1') ? [JSON.stringify(acknowledged)] : [];
      const { rows } = await client.query<Finding>(sql, values);
      found.push(...rows.map(({ fault, what }) => ({ fault, what: `${name}: ${what}` })));
    }
    return found;
  } finally {
    await client.end();
  }
}
