// Reads the event log in order of position, and only below the horizon, where no running transaction can still add events.
// Reading by "greater than the last one seen" alone would lose events.

import type { Pool } from 'pg';
import type { Actor, Cause, Source } from '@chartwire/sdk/internal/kit/event';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import type { ChartRecord } from '@chartwire/sdk/internal/records/chart-record';
import type { LogSnapshot, Position, StoredEvent } from './contract.ts';
import { isInt8 } from './representable.ts';
import type { Reader } from './snapshot.ts';

/** The position before all events. */
export const BEGINNING: Position = { epoch: 0, xid: '0', seq: '0' };

export interface LogPage {
  readonly events: readonly StoredEvent[];
  /** Everything before it has been read if the page wasn't full; otherwise the last event's position. */
  readonly readTo: Position;
  /** More can be read at once. */
  readonly full: boolean;
  /** The last event at or beyond the horizon, if any: read again soon, since nothing will wake the reader for it. */
  readonly ahead: Position | undefined;
}

/** Which events to read: all types if `types` is absent. */
export interface LogFilter {
  readonly types?: readonly string[];
  readonly patient?: string;
  /** `id`, or `Type/id`. */
  readonly target?: string;
  /** Where it came from. */
  readonly source?: string;
}

/** Of which parts of the log to read: of one, or of all but some. */
export type PartFilter = { readonly part: number } | { readonly notParts: readonly number[] };

/** Up to this many types are each read by index; more are filtered from all events. */
export const FEW_TYPES = 12;

const COLUMNS = `e.at, e.id, e.epoch, e.xid::text, e.seq::text, e.part, e.chart, e.patient, e.chart_version::float8, e.type,
  e.target_type, e.target_id, e.target_version, e.record_type, e.record_id, e.record_version, e.previous_version, e.changed,
  e.note, e.actor, e.source, e.cause, e.depth, e.detail`;

const TEXTS = `a.content::text AS after, b.content::text AS before,
  ARRAY(SELECT b.patient WHERE b.patient <> e.patient UNION SELECT m.source FROM patient_merge m WHERE m.target = e.patient) AS follows,
  (SELECT merged_into(m.source) FROM patient_merge m WHERE m.source = e.patient) AS merged_into`;
const CONTENTS = `LEFT JOIN record_version a ON a.type = e.record_type AND a.id = e.record_id AND a.version = e.record_version
  LEFT JOIN record_version b ON b.type = e.record_type AND b.id = e.record_id AND b.version = e.previous_version`;

interface Row {
  at: Date;
  id: string;
  epoch: number;
  xid: string;
  seq: string;
  part: number;
  chart: string;
  patient: string | null;
  chart_version: number | null;
  type: string;
  target_type: string;
  target_id: string;
  target_version: number | null;
  record_type: string | null;
  record_id: string | null;
  record_version: number | null;
  previous_version: number | null;
  changed: string[];
  note: string | null;
  actor: Actor;
  source: Source;
  cause: Cause | null;
  depth: number;
  detail: Record<string, unknown>;
  after: string | null;
  before: string | null;
  follows: string[];
  merged_into: string | null;
}

/** The next events after a position. */
export async function readLog(
  reader: Reader,
  after: Position,
  limit: number,
  filter: LogFilter = {},
  parts?: PartFilter,
): Promise<LogPage> {
  const [targetType, targetId] = splitTarget(filter.target);
  const ofPart = !parts ? '$10::smallint[] IS NULL' : 'part' in parts ? 'e.part = ANY ($10)' : 'e.part <> ALL ($10)';
  const few = filter.types !== undefined && filter.types.length <= FEW_TYPES && !filter.patient && !targetId;
  const next = (source: string, ofType: string): string => `FROM ${source}
    WHERE (e.epoch, e.xid, e.seq) > ($1, $2::xid8, $3) AND ${ofType}
      AND ${filter.patient ? 'e.patient = $5' : '$5::text IS NULL'}
      AND ${targetId ? 'e.target_id = $6 AND ($7::text IS NULL OR e.target_type = $7)' : '$6::text IS NULL AND $7::text IS NULL'}
      AND ${filter.source ? 'e.source = $9' : '$9::text IS NULL'} AND ${ofPart}
    ORDER BY e.epoch, e.xid, e.seq LIMIT $8`;
  const { rows } = await reader.query<{ horizon: string; current_epoch: number } & (Row | { id: null })>({
    name: `read_log_${few ? 'f' : filter.types ? 't' : ''}${filter.patient ? 'p' : ''}${targetId ? 'g' : ''}${filter.source ? 's' : ''}${parts ? ('part' in parts ? 'o' : 'n') : ''}`,
    text: `SELECT h.horizon::text, h.current_epoch, n.* FROM
      (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon, epoch AS current_epoch FROM instance) h
      LEFT JOIN LATERAL (
        SELECT ${COLUMNS}, ${TEXTS} ${
          few
            ? `FROM (
                SELECT e.* FROM unnest($4::text[]) AS t(type), LATERAL (SELECT e.* ${next('event e', 'e.type = t.type')}) e
                ORDER BY e.epoch, e.xid, e.seq LIMIT $8
              ) e ${CONTENTS} ORDER BY e.epoch, e.xid, e.seq`
            : next(`event e ${CONTENTS}`, filter.types ? 'e.type = ANY($4)' : '$4::text[] IS NULL')
        }
      ) n ON true`,
    values: [
      after.epoch,
      after.xid,
      after.seq,
      // Deduplicated: each type is read separately, so a repeated one would return its events twice.
      filter.types ? [...new Set(filter.types)] : null,
      filter.patient ?? null,
      targetId ?? null,
      targetType ?? null,
      limit,
      filter.source ?? null,
      parts ? ('part' in parts ? [parts.part] : parts.notParts) : null,
    ],
  });
  const horizon: Position = { epoch: rows[0]!.current_epoch, xid: rows[0]!.horizon, seq: '0' };
  const found = rows.flatMap((row) => (row.id === null ? [] : [eventOf(row)]));
  const events = found.filter((event) => isBefore(event.position, horizon));
  const full = found.length === limit && events.length === found.length;
  const last = events.at(-1)?.position;
  const ahead = events.length < found.length ? found.at(-1)!.position : undefined;
  return { events, full, ahead, readTo: full && last ? last : laterOf(horizon, after) };
}

/** Whether an event matches a filter. */
export function isWanted(
  event: Pick<StoredEvent, 'type' | 'patient' | 'target' | 'source'>,
  filter: LogFilter,
): boolean {
  const [targetType, targetId] = splitTarget(filter.target);
  return (
    (!filter.types || filter.types.includes(event.type)) &&
    (!filter.patient || event.patient === filter.patient) &&
    (!targetId || (event.target.id === targetId && (targetType === undefined || event.target.type === targetType))) &&
    (!filter.source || event.source === filter.source)
  );
}

/** Newest first, for people; ignores the horizon. */
export async function newestEvents(
  reader: Reader,
  before: Position | undefined,
  limit: number,
  filter: LogFilter = {},
): Promise<StoredEvent[]> {
  const [targetType, targetId] = splitTarget(filter.target);
  const { rows } = await reader.query<Row>(
    `SELECT ${COLUMNS}, ${TEXTS} FROM event e ${CONTENTS}
      WHERE ($1::integer IS NULL OR (e.epoch, e.xid, e.seq) < ($1, $2::xid8, $3)) AND ($4::text[] IS NULL OR e.type = ANY($4))
        AND ($5::text IS NULL OR e.patient = $5) AND ($6::text IS NULL OR e.target_id = $6)
        AND ($7::text IS NULL OR e.target_type = $7) AND ($9::text IS NULL OR e.source = $9)
      ORDER BY e.epoch DESC, e.xid DESC, e.seq DESC LIMIT $8`,
    [
      before?.epoch ?? null,
      before?.xid ?? null,
      before?.seq ?? null,
      filter.types ?? null,
      filter.patient ?? null,
      targetId ?? null,
      targetType ?? null,
      limit,
      filter.source ?? null,
    ],
  );
  return rows.map(eventOf);
}

/** Events by id, or events caused by effects that answered an event. */
export async function eventsBy(reader: Reader, what: 'id' | 'cause', ids: readonly string[]): Promise<StoredEvent[]> {
  const where = what === 'id' ? 'e.id = ANY($1::uuid[])' : "e.cause->>'event' = ANY($1::text[])";
  const { rows } = await reader.query<Row>(
    `SELECT ${COLUMNS}, ${TEXTS} FROM event e ${CONTENTS}
      WHERE ${where} ORDER BY e.epoch, e.xid, e.seq LIMIT 1000`,
    [ids],
  );
  return rows.map(eventOf);
}

/** The events committed in the same unit of work as this one, in order. */
export async function eventsOfUnit(reader: Reader, { position, chart }: StoredEvent): Promise<StoredEvent[]> {
  const { rows } = await reader.query<Row>(
    `SELECT ${COLUMNS}, ${TEXTS} FROM event e ${CONTENTS}
      WHERE e.epoch = $1 AND e.xid = $2::xid8 AND e.chart = $3 ORDER BY e.seq LIMIT 1000`,
    [position.epoch, position.xid, chart],
  );
  return rows.map(eventOf);
}

/** The chain of causes of an event, from the first to its direct cause. */
export async function ancestorsOf(reader: Reader, { id }: StoredEvent): Promise<StoredEvent[]> {
  const { rows } = await reader.query<{ id: string }>(
    `WITH RECURSIVE up AS (
        SELECT (e.cause->>'event')::uuid AS id, 1 AS step FROM event e WHERE e.id = $1 AND e.cause IS NOT NULL
        UNION ALL
        SELECT (e.cause->>'event')::uuid, up.step + 1 FROM up JOIN event e ON e.id = up.id
          WHERE e.cause IS NOT NULL AND up.step < 100
      ) SELECT id FROM up`,
    [id],
  );
  return eventsBy(
    reader,
    'id',
    rows.map((row) => row.id),
  );
}

/** Ids of an event and its descendants, nearest first. */
export async function descendantsOf(reader: Reader, id: string, most: number): Promise<string[]> {
  const { rows } = await reader.query<{ id: string }>(
    `WITH RECURSIVE down AS (
        SELECT $1::uuid AS id
        UNION ALL
        SELECT e.id FROM down JOIN event e ON e.cause->>'event' = down.id::text AND e.cause IS NOT NULL
      ) SELECT id FROM down LIMIT $2`,
    [id, most],
  );
  return rows.map((row) => row.id);
}

/** The current end of the log, below the horizon: a reader that starts here sees everything committed afterwards. */
export async function endOfLog(pool: Pool): Promise<Position> {
  const { rows } = await pool.query<{ epoch: number; xid: string }>(
    'SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS xid FROM instance',
  );
  return { epoch: rows[0]!.epoch, xid: rows[0]!.xid, seq: '0' };
}

export function isBefore(a: Position, b: Position): boolean {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch;
  if (a.xid !== b.xid) return BigInt(a.xid) < BigInt(b.xid);
  return BigInt(a.seq) < BigInt(b.seq);
}

function laterOf(a: Position, b: Position): Position {
  return isBefore(a, b) ? b : a;
}

/** Whether a position was committed when the snapshot was taken. */
export function isWithin({ epoch, xid }: Position, snapshot: LogSnapshot): boolean {
  if (epoch !== snapshot.epoch) return epoch < snapshot.epoch;
  const [xmin = '0', xmax = '0', running = ''] = snapshot.text.split(':');
  if (BigInt(xid) < BigInt(xmin)) return true;
  return BigInt(xid) < BigInt(xmax) && !running.split(',').includes(xid);
}

/** A position as an opaque text for cursors and SSE ids: `1.7345.88`. */
export function writePosition({ epoch, xid, seq }: Position): string {
  return `${epoch}.${xid}.${seq}`;
}

export function readPosition(text: string): Position | undefined {
  const match = /^(\d{1,9})\.(\d{1,20})\.(\d{1,19})$/.exec(text);
  if (!match || !isInt8(match[2]!, true) || !isInt8(match[3]!)) return undefined;
  return { epoch: Number(match[1]), xid: match[2]!, seq: match[3]! };
}

function splitTarget(target: string | undefined): [type: string | undefined, id: string | undefined] {
  if (target === undefined) return [undefined, undefined];
  const slash = target.indexOf('/');
  return slash < 0 ? [undefined, target] : [target.slice(0, slash), target.slice(slash + 1)];
}

function eventOf(row: Row): StoredEvent {
  let after: ChartRecord | null | undefined;
  let before: ChartRecord | null | undefined;
  return {
    id: row.id,
    type: row.type,
    target: {
      type: row.target_type,
      id: row.target_id,
      ...(row.target_version === null ? {} : { version: row.target_version }),
    },
    patient: row.patient,
    note: row.note,
    actor: row.actor,
    source: row.source,
    cause: row.cause,
    depth: row.depth,
    record:
      row.record_type === null || row.record_id === null || row.record_version === null
        ? null
        : { type: row.record_type, id: row.record_id, version: row.record_version, previous: row.previous_version },
    changed: row.changed,
    detail: row.detail,
    at: row.at.toISOString(),
    part: row.part,
    chart: row.chart,
    chartVersion: row.chart_version,
    follows: row.follows,
    mergedInto: row.merged_into,
    position: { epoch: row.epoch, xid: row.xid, seq: row.seq },
    texts: { after: row.after, before: row.before },
    get after() {
      after ??= row.after === null ? null : (parseJson(row.after) as ChartRecord);
      return after;
    },
    get before() {
      before ??= row.before === null ? null : (parseJson(row.before) as ChartRecord);
      return before;
    },
  };
}
