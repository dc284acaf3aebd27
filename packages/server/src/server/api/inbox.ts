// /api/inbox: documents as they arrive; match them to patients and file them.

import type { DocumentReference } from '@medplum/fhirtypes';
import {
  attachmentOf,
  contentOf,
  discard,
  documentType,
  file,
  findDocument,
  type InboxDocument,
  match,
  receive,
  waitingDocuments,
} from '#chart/inbox.ts';
import { type DOCUMENT_STATES, INBOX, type InboxItem } from '@chartwire/client/internal/contract/inbox';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { FILE_HEADERS } from '../headers.ts';
import { route, type RoutesOf } from '../route.ts';
import { originOf } from './entries.ts';

const STATES = { current: 'waiting', superseded: 'filed', 'entered-in-error': 'discarded' } as const satisfies Record<
  string,
  (typeof DOCUMENT_STATES)[number]
>;

const upload = route(INBOX.receive, async (call, { chart }) => {
  const content = Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0);
  const { title } = call.query;
  const { result } = await chart.withChart(originOf(call), async (draft) =>
    receive(draft, { content, ...(title !== undefined && { title }) }),
  );
  return itemOf(result);
});

const list = route(
  INBOX.list,
  async (call, { chart }) => {
    const { after, limit: size = 50 } = call.query;
    const { items, next } = await waitingDocuments(chart.reader(originOf(call)), { after, limit: size });
    return { items: items.map(itemOf), next };
  },
  { patients: ({ items }) => items.map(({ patient }) => patient) },
);

const get = route(INBOX.get, async (call, { chart }) => {
  const item = itemOf(await findDocument(chart.reader(originOf(call)), call.params.id));
  if (item.patient !== null) call.concerns(item.patient);
  return item;
});

const content = route(INBOX.content, async (call, { chart }) => {
  const reader = chart.reader(originOf(call));
  const document = await findDocument(reader, call.params.id);
  const patient = patientOf(document);
  if (patient !== null) call.concerns(patient);
  const bytes = await contentOf(reader, document);
  return new Response(bytes, {
    headers: {
      'content-type': documentType(bytes),
      ...FILE_HEADERS,
      'content-disposition': 'inline',
    },
  });
});

const matching = route(INBOX.match, async (call, { chart }) => {
  call.concerns(call.body.patient);
  const { result } = await chart.withChart(originOf(call), (draft) => match(draft, call.params.id, call.body.patient));
  return itemOf(result);
});

const filing = route(INBOX.file, async (call, { chart }) => {
  const { body, params } = call;
  const { result } = await chart.withChart(originOf(call), async (draft) => {
    const filed = await file(draft, params.id, body);
    // The patient has been found to exist.
    const patient = patientOf((await draft.read('DocumentReference', params.id))!)!;
    return { id: params.id, patient, report: filed.report, values: [...filed.values] };
  });
  call.concerns(result.patient);
  return result;
});

const discarding = route(INBOX.discard, async (call, { chart }) => {
  await chart.withChart(originOf(call), (draft) => discard(draft, call.params.id));
});

export const INBOX_ROUTES: RoutesOf<typeof INBOX> = {
  receive: upload,
  list,
  get,
  content,
  match: matching,
  file: filing,
  discard: discarding,
};

function itemOf(document: InboxDocument): InboxItem {
  const { contentType, title, size, creation } = attachmentOf(document);
  return {
    id: document.id,
    state: STATES[document.status as keyof typeof STATES],
    patient: patientOf(document),
    // A document that came through FHIR may lack some of this.
    title: title ?? 'Untitled',
    contentType: contentType as InboxItem['contentType'],
    size: size ?? 0,
    receivedAt: creation ?? document.date ?? document.meta!.lastUpdated!,
  };
}

function patientOf({ subject }: DocumentReference): string | null {
  return parseReference(subject?.reference)?.id ?? null;
}
