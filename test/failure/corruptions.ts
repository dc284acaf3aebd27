// Damage done to a copy of a database, one after another, and what the auditor says that it did not say before.

import pg from 'pg';
import type { FreshDatabase } from '../support/database.ts';
import { type Acknowledged, audit, type Fault } from './auditor.ts';

interface Corruption {
  readonly fault: Fault;
  /** Name of the check that must notice. */
  readonly check: string;
  /** Statements, one by one. */
  readonly sql?: readonly string[];
  /** Changes what was acknowledged instead; given the id of a task that a plugin created. */
  readonly acknowledged?: (all: readonly Acknowledged[], task: string) => Acknowledged[];
}

const NTH_OBSERVATION = (n: number): string =>
  `(SELECT id FROM record_version WHERE type = 'Observation' ORDER BY at, id OFFSET ${n} LIMIT 1)`;
/** Executions of one handler in the chart that everybody writes to, in their order. */
const NTH_EXECUTION = (n: number): string =>
  `(SELECT x.id FROM execution x JOIN event e ON e.id = x.event
    WHERE x.subscription = 'pair/Answer' AND x.state = 'completed' ORDER BY e.epoch, e.xid, e.seq OFFSET ${n} LIMIT 1)`;
const NTH_TASK_EVENT = (n: number): string =>
  `(SELECT e.id FROM event e WHERE e.type = 'TASK_CREATED' AND e.cause->>'plugin' = 'echo' AND e.chart IN
      (SELECT patient FROM record_version WHERE type = 'Observation')
    ORDER BY e.epoch, e.xid, e.seq OFFSET ${n} LIMIT 1)`;

const columns = (table: string, changed: Readonly<Record<string, string>>, where: string): string =>
  `DO $$ DECLARE names text; BEGIN
    SELECT string_agg(CASE attname ${Object.entries(changed)
      .map(([name, value]) => `WHEN '${name}' THEN '${value.replaceAll("'", "''")}'`)
      .join(' ')} ELSE quote_ident(attname) END, ', ' ORDER BY attnum) INTO names
      FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped;
    EXECUTE 'INSERT INTO ${table} SELECT ' || names || ' FROM ${table} WHERE ${where.replaceAll("'", "''")}';
  END $$`;

export const CORRUPTIONS: readonly Corruption[] = [
  {
    fault: 'lost',
    check: 'an acknowledged write is stored as it was sent',
    sql: [`UPDATE record_version SET content = '{}' WHERE type = 'Observation' AND id = ${NTH_OBSERVATION(0)}`],
  },
  {
    fault: 'lost',
    check: 'a version is acknowledged to one write only',
    acknowledged: (all) => [...all, { ...all[0]!, order: all[0]!.order + 1_000_000 }],
  },
  {
    fault: 'out of order',
    check: 'a writer’s writes are in a chart in the order in which it sent them',
    acknowledged: (all) => all.map((one) => (one.writer === 'writer-1' ? { ...one, order: -one.order } : one)),
  },
  {
    fault: 'half written',
    check: 'an acknowledged write is in the audit trail once',
    // A plugin's task has no row of a client's.
    acknowledged: (all, task) => [...all, { ...all[0]!, type: 'Task', id: task, version: 1, mark: 'echo' }],
  },
  {
    fault: 'lost',
    check: 'a record’s versions have no gap, and the record is at the last',
    sql: [
      `DELETE FROM record_version WHERE type = 'Patient' AND version = 2 AND id =
        (SELECT id FROM record WHERE type = 'Patient' AND version > 3 ORDER BY id LIMIT 1)`,
    ],
  },
  {
    fault: 'half written',
    check: 'an event’s version is stored',
    sql: [`DELETE FROM record_version WHERE type = 'Observation' AND id = ${NTH_OBSERVATION(1)}`],
  },
  {
    fault: 'half written',
    check: 'a record’s versions have no gap, and the record is at the last',
    sql: [`UPDATE record SET version = version + 1 WHERE type = 'Observation' AND id = ${NTH_OBSERVATION(2)}`],
  },
  {
    fault: 'lost',
    check: 'a chart’s versions have no gap, and the chart is at the last',
    sql: ['UPDATE chart SET version = version + 1 WHERE patient = (SELECT max(patient) FROM chart)'],
  },
  {
    fault: 'half written',
    check: 'a version has exactly one event',
    sql: [`DELETE FROM event WHERE record_type = 'Observation' AND record_id = ${NTH_OBSERVATION(3)}`],
  },
  {
    fault: 'doubled',
    check: 'a version has exactly one event',
    sql: [
      columns(
        'event',
        { id: 'gen_random_uuid()' },
        `record_type = 'Observation' AND record_id = ${NTH_OBSERVATION(4)}`,
      ),
    ],
  },
  {
    fault: 'out of order',
    check: 'a chart’s events are in the log in the order of its versions',
    sql: [
      `UPDATE event SET chart_version = chart_version + 3 WHERE record_type = 'Observation' AND record_id = ${NTH_OBSERVATION(5)}`,
    ],
  },
  {
    fault: 'lost',
    check: 'an event that a handler subscribes to is completed once, or is a dead letter',
    sql: [`DELETE FROM execution WHERE id = ${NTH_EXECUTION(2)}`],
  },
  {
    fault: 'doubled',
    check: 'an event that a handler subscribes to is completed once, or is a dead letter',
    sql: [columns('execution', { id: 'gen_random_uuid()' }, `id = ${NTH_EXECUTION(3)}`)],
  },
  {
    fault: 'stuck',
    check: 'an event that a handler subscribes to is completed once, or is a dead letter',
    sql: [
      `DELETE FROM execution WHERE id = ${NTH_EXECUTION(4)}`,
      `UPDATE cursor SET epoch = 0 WHERE subscription = 'pair/Answer'`,
    ],
  },
  {
    fault: 'out of order',
    check: 'a handler gets a chart’s events in the order of the log',
    // Written again, its transaction is later than those of the events that follow.
    sql: [`UPDATE execution SET ms = ms + 1 WHERE id = ${NTH_EXECUTION(5)}`],
  },
  {
    fault: 'lost',
    check: 'an applied effect wrote one event, which names its cause',
    sql: [`DELETE FROM event WHERE id = ${NTH_TASK_EVENT(0)}`],
  },
  {
    fault: 'doubled',
    check: 'an applied effect wrote one event, which names its cause',
    sql: [columns('event', { id: 'gen_random_uuid()', record_version: '2' }, `id = ${NTH_TASK_EVENT(1)}`)],
  },
  {
    fault: 'half written',
    check: 'what a plugin wrote belongs to a completed execution, and names the event that caused it',
    sql: [
      `UPDATE execution SET state = 'failed' WHERE id = (SELECT (cause->>'execution')::uuid FROM event WHERE id = ${NTH_TASK_EVENT(2)})`,
    ],
  },
  {
    fault: 'doubled',
    check: 'a handler answers an event with each task once',
    sql: [
      columns(
        'record_version',
        { id: "'again'" },
        `type = 'Task' AND id = (SELECT record_id FROM event WHERE id = ${NTH_TASK_EVENT(3)})`,
      ),
      columns(
        'event',
        { id: 'gen_random_uuid()', record_id: "'again'", target_id: "'again'" },
        `id = ${NTH_TASK_EVENT(3)}`,
      ),
    ],
  },
  {
    fault: 'out of order',
    check: 'a plugin’s effects in a chart are in the order of what caused them',
    sql: [
      `UPDATE event e SET cause = o.cause FROM event o WHERE e.id IN (${NTH_TASK_EVENT(6)}, ${NTH_TASK_EVENT(8)})
        AND o.id IN (${NTH_TASK_EVENT(6)}, ${NTH_TASK_EVENT(8)}) AND o.id <> e.id`,
    ],
  },
];

/** What the auditor adds to its findings at each corruption, as `fault: check`. */
export async function corrupted(
  database: FreshDatabase,
  acknowledged: readonly Acknowledged[],
): Promise<{ expected: string; found: string[] }[]> {
  const copy = `${database.connection.database}_copy`;
  const connection = { ...database.connection, database: copy };
  await statements({ ...connection, database: 'postgres' }, [
    `CREATE DATABASE ${copy} TEMPLATE ${database.connection.database}`,
  ]);
  try {
    const { rows } = await statements(connection, [
      `SELECT id FROM record_version WHERE type = 'Task' ORDER BY id LIMIT 1`,
    ]);
    const task = rows[0]!.id as string;
    const said: { expected: string; found: string[] }[] = [];
    for (const { fault, check, sql = [], acknowledged: changed } of CORRUPTIONS) {
      const told = async (all: readonly Acknowledged[]): Promise<string[]> =>
        (await audit(connection, all, check)).map((one) => `${one.fault}: ${one.what}`);
      const before = await told(acknowledged);
      await statements(connection, sql);
      const after = await told(changed?.(acknowledged, task) ?? acknowledged);
      const fresh = after.filter((one) => !before.includes(one)).map((one) => one.split(': ').slice(0, 2).join(': '));
      said.push({ expected: `${fault}: ${check}`, found: [...new Set(fresh)] });
    }
    return said;
  } finally {
    await statements({ ...connection, database: 'postgres' }, [`DROP DATABASE ${copy} WITH (FORCE)`]);
  }
}

async function statements(connection: pg.ClientConfig, all: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  await client.connect();
  try {
    let last: pg.QueryResult | undefined;
    for (const sql of all) last = await client.query(sql);
    return last!;
  } finally {
    await client.end();
  }
}
