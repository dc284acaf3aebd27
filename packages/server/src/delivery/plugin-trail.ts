// What the audit trail says of plugins: what they read, the events they were given, and what their effects wrote.

import type { Disclosure, Origin, WriteTrail } from '#chart/origin.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Target } from '@chartwire/sdk/internal/kit/event';
import { type About, type AccessRow, rowsOf } from '#store/audit/disclosed.ts';
import type { AuditRow } from '#store/audit/row.ts';

/** Of an event, what the row that says who was given it needs. */
interface GivenEvent {
  readonly type: string;
  readonly target: Target;
  readonly patient: string | null;
}

function accessRow({ actor, cause }: Origin, action: string, status: number): AccessRow {
  return {
    at: new Date().toISOString(),
    actor,
    action,
    query: null,
    status,
    address: null,
    request: null,
    why: cause ? { event: cause.event, execution: cause.execution, handler: cause.handler } : null,
  };
}

/** What a handler asked for, and what it was given. */
export function readRows(
  origin: Origin,
  asked: About & { readonly query?: string },
  given: readonly Disclosure[],
): AuditRow[] {
  const { query, ...about } = asked;
  const action = query === undefined ? 'plugin.read' : 'plugin.search';
  const status = query === undefined && given.length === 0 ? 404 : 200;
  return rowsOf({ ...accessRow(origin, action, status), query: query ?? null }, about, given);
}

/** What a handler asked for and wasn't given. */
export function refusedRows(origin: Origin, asked: About & { readonly query?: string }, error: unknown): AuditRow[] {
  const { query, ...about } = asked;
  const status = error instanceof Refusal ? error.status : 500;
  const action = query === undefined ? 'plugin.read' : 'plugin.search';
  return rowsOf({ ...accessRow(origin, action, status), query: query ?? null }, about, []);
}

/** The event itself holds the record it is about. */
export function eventRows(origin: Origin, { target: { type, id, version }, patient }: GivenEvent): AuditRow[] {
  if (patient === null) return [];
  const given = { type, id, patient, ...(version !== undefined && { version }) };
  return rowsOf(accessRow(origin, 'plugin.event', 200), { type, id }, [given]);
}

/** Of a delivery: its event and what its effects wrote, in the statement that completes it. */
export function deliveryTrail(origin: Origin, event: GivenEvent): WriteTrail {
  return {
    rows: (written) => [
      ...eventRows(origin, event),
      ...(written.length === 0 ? [] : rowsOf(accessRow(origin, 'plugin.effect', 200), {}, written)),
    ],
    kept: () => {},
  };
}
