// Converts units of work to arguments of the SQL function commit_audited (migrations/0015-audit-trail.sql), the first of which is
// that of commit_work (0023-epoch.sql) and commit_held (0007-holds.sql).

import { hash } from 'node:crypto';
import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { Completion, EventWrite, ExecutionWrite, RecordWrite, UnitOfWork } from './contract.ts';
import { databaseTimeOf, indexedText, indexedToken } from './representable.ts';

/** The advisory lock of a chart: 64 bits of SHA-1, as PostgreSQL's signed bigint in decimal. */
export function lockOf(chart: string): string {
  return hash('sha1', chart, 'buffer').readBigInt64BE().toString();
}

/**
 * The order an event belongs to: its patient's chart, or its own target outside any chart. The minutes of the clock have one
 * order, so that a handler's runs never overlap.
 */
export function chartOf(event: EventWrite): string {
  if (event.target.type === 'Clock') return 'Clock';
  return event.patient ?? `${event.target.type}/${event.target.id}`;
}

/** The argument of commit_work for units that share a transaction. */
export function workOf(units: readonly UnitOfWork[]): string {
  const records = units.flatMap((unit) => unit.records);
  const completions = units.flatMap((unit) => unit.completions);
  // `content` is already JSON text, so it is embedded as it is.
  const contents = records.map(recordRow);
  const rest = {
    holds: units.flatMap(({ holds = [] }) => holds),
    locks: [...new Set(units.flatMap((unit) => unit.charts))].map(lockOf),
    patients: [...new Set(units.flatMap(patientsOf))],
    dates: records.flatMap(({ type, id, index }) =>
      index.dates.map(({ p, l, h }) => ({
        type,
        id,
        param: p,
        low: l === null ? '-infinity' : databaseTimeOf(l),
        high: h === null ? 'infinity' : databaseTimeOf(h),
      })),
    ),
    strings: records.flatMap(({ type, id, index }) =>
      index.strings.map(({ p, v, x }) => ({ type, id, param: p, value: indexedText(v), exact: x })),
    ),
    quantities: records.flatMap(({ type, id, index }) =>
      index.quantities.map(({ p, l, h, s, c }) => ({
        type,
        id,
        param: p,
        low: l ?? '-infinity',
        high: h ?? 'infinity',
        system: s,
        code: c,
      })),
    ),
    cursors: completions.flatMap(cursorRow),
    parks: completions.flatMap(parkRow),
    retries: completions.flatMap(retryRow),
  };
  // May contain parts of records: effects, and details of changes.
  const told = printJson({
    events: units.flatMap((unit) => unit.events.map((event) => eventRow(event, unit.at))).map(placed),
    executions: units.flatMap((unit) => unit.executions.map(executionRow)),
  });
  return `${JSON.stringify(rest).slice(0, -1)},${told.slice(1, -1)},"records":[${contents.join(',')}]}`;
}

/** Patients whose chart version increases: those with a record or event in the unit. */
function patientsOf(unit: UnitOfWork): string[] {
  return [...unit.records, ...unit.events].flatMap(({ patient }) => (patient === null ? [] : [patient]));
}

/** Patients who must not be deleted: those whose charts the units write. */
export function livingOf(units: readonly UnitOfWork[]): string[] {
  const written = units.flatMap(({ records }) => records.filter(({ deleted }) => !deleted));
  return [...new Set(written.flatMap(({ patient }) => patient ?? []))];
}

function recordRow(record: RecordWrite): string {
  const { type, id, patient, expect, deleted, at, index } = record;
  const row = JSON.stringify({ type, id, patient, expect, deleted, at, tokens: index.tokens.map(indexedToken) });
  return `${row.slice(0, -1)},"content":${record.content ?? 'null'}}`;
}

/** A row with its index, since a set of rows has no order. */
function placed(row: Record<string, unknown>, place: number): Record<string, unknown> {
  return { place, ...row };
}

function eventRow(event: EventWrite, at: string): Record<string, unknown> {
  return {
    at,
    id: event.id,
    chart: chartOf(event),
    patient: event.patient,
    type: event.type,
    target_type: event.target.type,
    target_id: event.target.id,
    target_version: event.target.version,
    record_type: event.record?.type,
    record_id: event.record?.id,
    record_version: event.record?.version,
    previous_version: event.record?.previous,
    changed: event.changed,
    note: event.note,
    actor: event.actor,
    source: event.source,
    cause: event.cause,
    depth: event.depth,
    detail: event.detail,
  };
}

function executionRow(execution: ExecutionWrite): Record<string, unknown> {
  const { delivery, pluginVersion, startedAt, ...row } = execution;
  return { ...row, ...delivery, plugin_version: pluginVersion, started_at: startedAt };
}

function cursorRow(completion: Completion): Record<string, unknown>[] {
  if (completion.kind !== 'cursor') return [];
  const { subscription, part, fence, to } = completion;
  return [{ subscription, part, fence, ...to }];
}

function parkRow(completion: Completion): Record<string, unknown>[] {
  if (completion.kind !== 'cursor' || !completion.park) return [];
  const { eventAt, position, nextAt, ...row } = completion.park;
  return [{ ...row, event_at: eventAt, ...position, next_at: nextAt }];
}

function retryRow(completion: Completion): Record<string, unknown>[] {
  if (completion.kind !== 'retry') return [];
  const { id, fence, state, nextAt, error } = completion;
  return [{ id, fence, state, next_at: nextAt, error }];
}
