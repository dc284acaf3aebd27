// /api/audit: who saw and changed what, by patient, user, and time; as pages or as an export.

import { AUDIT } from '@chartwire/client/internal/contract/audit';
import { callerOf } from '@chartwire/sdk/internal/kit/event';
import type { ChainedRow } from '#store/audit/row.ts';
import { route, type RoutesOf } from '../route.ts';
import { originOf } from './entries.ts';
import { withPatientNames } from './names.ts';

export const AUDIT_ROUTES: RoutesOf<typeof AUDIT> = {
  list: route(AUDIT.list, async (call, { audit, chart, store }) => {
    const { query } = call;
    const { items, next } = await audit.list(
      { ...query, limit: query.limit ?? 100 },
      store.searching(callerOf(call.access.actor)),
    );
    return { items: await withPatientNames(chart.reader(originOf(call)), items), next };
  }),
  chains: route(AUDIT.chains, async (_call, { audit }) => {
    const { isProtected, reason } = await audit.protection();
    return { protected: isProtected, reason, chains: await audit.heads() };
  }),
  export: route(AUDIT.export, async ({ query }, { audit }) => {
    const { format = 'csv', ...filter } = query;
    const rows = await audit.all(filter);
    return format === 'csv'
      ? download('audit.csv', 'text/csv; charset=utf-8', csvOf(rows))
      : download('audit.ndjson', 'application/x-ndjson; charset=utf-8', ndjsonOf(rows));
  }),
};

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

/** A query is arbitrary input, so anything that a spreadsheet would run as a formula is escaped as text. */
function cellOf(value: string | number | null | undefined): string {
  const text = String(value ?? '').replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
