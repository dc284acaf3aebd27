// Units of work for tests of the store, written by hand rather than through a chart.

import { randomUUID } from 'node:crypto';
import type { EventWrite, RecordWrite, UnitOfWork } from '#store/contract.ts';

export function recordWrite(type: string, id: string, patient: string | null, expect = 0): RecordWrite {
  const content = { resourceType: type, id, meta: { versionId: String(expect + 1) } };
  return {
    type,
    id,
    patient,
    expect,
    deleted: false,
    at: new Date().toISOString(),
    content: JSON.stringify(content),
    index: { tokens: ['active=true'], dates: [], strings: [{ p: 'name', v: 'ada', x: 'Ada' }], quantities: [] },
  };
}

export function eventWrite(type: string, target: { type: string; id: string }, patient: string | null): EventWrite {
  return {
    id: randomUUID(),
    type,
    target,
    patient,
    note: null,
    actor: { type: 'system', id: 'test' },
    source: 'system',
    cause: null,
    depth: 0,
    record: null,
    changed: [],
    detail: {},
  };
}

/** One record with one event. */
export function unitOf(type: string, id: string, patient: string | null, expect = 0): UnitOfWork {
  const event = eventWrite(
    expect === 0 ? `${type.toUpperCase()}_CREATED` : `${type.toUpperCase()}_UPDATED`,
    { type, id },
    patient,
  );
  return {
    charts: [patient ?? `${type}/${id}`],
    at: new Date().toISOString(),
    records: [recordWrite(type, id, patient, expect)],
    events: [
      {
        ...event,
        record: { type, id, version: expect + 1, previous: expect || null },
        target: { type, id, version: expect + 1 },
      },
    ],
    executions: [],
    completions: [],
  };
}
