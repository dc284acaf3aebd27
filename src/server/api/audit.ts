// /api/audit: who saw and changed what, by patient, by user and by time; to read here, or to take away.

import { Type } from 'typebox';
import { callerOf } from '#kit/event.ts';
import type { AuditView } from '../access/audit-search.ts';
import { type Route, route } from '../route.ts';
import { originOf } from './entries.ts';
import { withPatientNames } from './names.ts';
import { Decimal, FhirId, limit, pageOf, Time } from './parameters.ts';
import { AuditRow } from './shapes.ts';

const Filter = {
  patient: Type.Optional(FhirId),
  actor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Id of a user, a token or a plugin; `unauthenticated`.' }),
  ),
  action: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: '`read`, `search` ... at FHIR; `session.create` ... at /api.',
    }),
  ),
  type: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Type of the record.' })),
  record: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Id of the record.' })),
  from: Type.Optional(Time),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Not included.' })),
};

export const AUDIT_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/audit',
    operation: 'audit.list',
    summary: 'Who saw and changed what',
    needs: 'admin',
    query: Type.Object(
      {
        ...Filter,
        order: Type.Optional(Type.Enum(['asc', 'desc'], { default: 'desc', description: '`desc`: newest first.' })),
        after: Type.Optional(Decimal),
        limit: limit(100, 1_000),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: 'A page of the audit trail.', schema: pageOf(AuditRow) },
    handle: async (call, { audit, chart, store }) => {
      const { query } = call;
      const { items, next } = await audit.list(
        { ...query, limit: query.limit ?? 100 },
        store.searching(callerOf(call.access.actor)),
      );
      return { items: await withPatientNames(chart.reader(originOf(call)), items), next };
    },
  }),
  route({
    method: 'GET',
    path: '/api/audit/export',
    operation: 'audit.export',
    summary: 'The audit trail as a file, newest first; leaves a row itself',
    needs: 'admin',
    query: Type.Object(
      { ...Filter, format: Type.Optional(Type.Enum(['csv', 'ndjson'], { default: 'csv' })) },
      { additionalProperties: false },
    ),
    answer: {
      status: 200,
      description: 'All rows that fit, as `text/csv` or `application/x-ndjson`.',
      type: 'text/csv',
    },
    handle: async ({ query }, { audit }) => {
      const { format = 'csv', ...filter } = query;
      const rows = await audit.all(filter);
      return format === 'csv'
        ? download('audit.csv', 'text/csv; charset=utf-8', csvOf(rows))
        : download('audit.ndjson', 'application/x-ndjson; charset=utf-8', ndjsonOf(rows));
    },
  }),
];

function download(name: string, type: string, text: AsyncGenerator<string>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await text.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await text.return(undefined);
    },
  });
  return new Response(body, {
    headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
  });
}

async function* ndjsonOf(rows: AsyncIterable<AuditView>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

const COLUMNS: Readonly<Record<string, (row: AuditView) => string | number | null | undefined>> = {
  id: (row) => row.id,
  at: (row) => row.at,
  'actor type': (row) => row.actor.type,
  actor: (row) => row.actor.id,
  name: (row) => row.actor.display,
  action: (row) => row.action,
  type: (row) => row.type,
  record: (row) => row.record,
  patient: (row) => row.patient,
  query: (row) => row.query,
  status: (row) => row.status,
  address: (row) => row.address,
  request: (row) => row.request,
};

/** RFC 4180. */
async function* csvOf(rows: AsyncIterable<AuditView>): AsyncGenerator<string> {
  yield `${Object.keys(COLUMNS).join(',')}\r\n`;
  for await (const row of rows) {
    const cells = Object.values(COLUMNS).map((cell) => cellOf(cell(row)));
    yield `${cells.join(',')}\r\n`;
  }
}

/** A query is whatever somebody sent: what a spreadsheet would take for a formula is made text. */
function cellOf(value: string | number | null | undefined): string {
  const text = String(value ?? '').replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
