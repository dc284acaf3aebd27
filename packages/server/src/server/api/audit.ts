// /api/audit: who saw and changed what, by patient, by user and by time; to read here, or to take away.

import { Type } from 'typebox';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import type { ChainedRow } from '#store/audit/row.ts';
import { type Route, route } from '../route.ts';
import { originOf } from './entries.ts';
import { withPatientNames } from './names.ts';
import { Decimal, FhirId, limit, orNull, pageOf, Time } from './parameters.ts';
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

const Direction = Type.Enum(['asc', 'desc'], { default: 'desc', description: '`desc`: newest first.' });

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Chain = Type.Object({
  chain: Type.Integer(),
  first: Type.Integer({ description: 'Number of the oldest row kept.' }),
  base: { ...Hash, description: 'The hash that it rests on.' },
  seq: Type.Integer({ description: 'Number of the newest row; one less than `first` where there is none.' }),
  head: {
    ...Hash,
    description: 'Its hash. Keep it elsewhere, and nobody can cut the chain or write it anew unnoticed.',
  },
});

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
        order: Type.Optional(Direction),
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
    path: '/api/audit/chains',
    operation: 'audit.chains',
    summary: 'Where the chains of the audit trail begin and end, and whether the database protects them',
    needs: 'admin',
    answer: {
      status: 200,
      description: 'All chains.',
      schema: Type.Object({
        protected: Type.Boolean({ description: 'Whether the server can append, and neither change nor remove rows.' }),
        reason: orNull(Type.String({ description: 'Why not.' })),
        chains: Type.Array(Chain),
      }),
    },
    handle: async (_call, { audit }) => {
      const { isProtected, reason } = await audit.protection();
      return { protected: isProtected, reason, chains: await audit.heads() };
    },
  }),
  route({
    method: 'GET',
    path: '/api/audit/export',
    operation: 'audit.export',
    summary: 'The audit trail as a file, newest first unless asked otherwise; leaves a row itself',
    needs: 'admin',
    query: Type.Object(
      {
        ...Filter,
        order: Type.Optional(Direction),
        format: Type.Optional(Type.Enum(['csv', 'ndjson'], { default: 'csv' })),
      },
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

async function* ndjsonOf(rows: AsyncIterable<ChainedRow>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

const COLUMNS: Readonly<Record<string, (row: ChainedRow) => string | number | null | undefined>> = {
  id: (row) => row.id,
  at: (row) => row.at,
  'actor type': (row) => row.actor.type,
  actor: (row) => row.actor.id,
  name: (row) => row.actor.display,
  action: (row) => row.action,
  type: (row) => row.type,
  record: (row) => row.record,
  version: (row) => row.version,
  patient: (row) => row.patient,
  records: (row) => row.records && JSON.stringify(row.records),
  query: (row) => row.query,
  status: (row) => row.status,
  address: (row) => row.address,
  request: (row) => row.request,
  why: (row) => row.why && JSON.stringify(row.why),
};

/** RFC 4180. */
async function* csvOf(rows: AsyncIterable<ChainedRow>): AsyncGenerator<string> {
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
