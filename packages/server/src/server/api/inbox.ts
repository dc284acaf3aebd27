// /api/inbox: documents as they arrive, whose they are, and what they are filed as.

import type { DocumentReference } from '@medplum/fhirtypes';
import { type Static, Type } from 'typebox';
import {
  attachmentOf,
  contentOf,
  DOCUMENT_LIMIT,
  DOCUMENT_TYPES,
  discard,
  documentType,
  Filing,
  file,
  findDocument,
  type InboxDocument,
  match,
  receive,
  waitingDocuments,
} from '#chart/inbox.ts';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { text } from '@chartwire/sdk/internal/kit/schema';
import { FILE_HEADERS } from '../headers.ts';
import { type Route, route } from '../route.ts';
import { Named, only, originOf } from './entries.ts';
import { After, FhirId, limit, orNull, pageOf, Time } from './parameters.ts';

const STATES = { current: 'waiting', superseded: 'filed', 'entered-in-error': 'discarded' } as const;

const InboxItem = Type.Object({
  id: FhirId,
  state: Type.Enum(Object.values(STATES)),
  patient: orNull(Type.String({ ...FhirId, description: 'Null until it is matched.' })),
  title: Type.String(),
  contentType: Type.Enum([...DOCUMENT_TYPES]),
  size: Type.Integer({ description: 'In bytes.' }),
  receivedAt: Time,
});
export type InboxItem = Static<typeof InboxItem>;

const Reference = Type.String({ description: '`DiagnosticReport/1`' });
const FiledShape = Type.Object({ id: FhirId, patient: FhirId, report: Reference, values: Type.Array(Reference) });

const upload = route({
  method: 'POST',
  path: '/api/inbox',
  operation: 'inbox.receive',
  summary: 'Puts a PDF or an image into the inbox; its first bytes say which it is',
  needs: 'DocumentReference.c',
  query: only({ title: Type.Optional(text(255)) }),
  upload: { types: DOCUMENT_TYPES, limit: DOCUMENT_LIMIT },
  answer: { status: 201, description: 'The document, of nobody yet.', schema: InboxItem },
  handle: async (call, { chart }) => {
    const content = Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0);
    const { title } = call.query;
    const { result } = await chart.withChart(originOf(call), async (draft) =>
      receive(draft, { content, ...(title !== undefined && { title }) }),
    );
    return itemOf(result);
  },
});

const list = route({
  method: 'GET',
  path: '/api/inbox',
  operation: 'inbox.list',
  summary: 'The documents that wait to be filed; those touched last come last',
  needs: 'DocumentReference.s',
  query: only({ after: After, limit: limit(50, 500) }),
  answer: { status: 200, description: 'A page of documents.', schema: pageOf(InboxItem) },
  handle: async (call, { chart }) => {
    const { after, limit: size = 50 } = call.query;
    const { items, next } = await waitingDocuments(chart.reader(originOf(call)), { after, limit: size });
    return { items: items.map(itemOf), next };
  },
  patients: ({ items }) => items.map(({ patient }) => patient),
});

const get = route({
  method: 'GET',
  path: '/api/inbox/:id',
  operation: 'inbox.get',
  summary: 'One document, also when it was filed or discarded since',
  needs: 'DocumentReference.r',
  about: 'DocumentReference',
  params: Named,
  answer: { status: 200, description: 'The document.', schema: InboxItem },
  handle: async (call, { chart }) => {
    const item = itemOf(await findDocument(chart.reader(originOf(call)), call.params.id));
    if (item.patient !== null) call.concerns(item.patient);
    return item;
  },
});

const content = route({
  method: 'GET',
  path: '/api/inbox/:id/content',
  operation: 'inbox.content',
  summary: 'The file itself',
  needs: 'DocumentReference.r',
  about: 'DocumentReference',
  params: Named,
  answer: { status: 200, description: 'As it was uploaded.', type: DOCUMENT_TYPES.join(', ') },
  handle: async (call, { chart }) => {
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
  },
});

const matching = route({
  method: 'POST',
  path: '/api/inbox/:id/match',
  operation: 'inbox.match',
  summary: 'Says whose document it is; until it is filed, that can be said again',
  needs: 'DocumentReference.u',
  about: 'DocumentReference',
  params: Named,
  body: only({ patient: FhirId }),
  answer: { status: 200, description: 'The document.', schema: InboxItem },
  handle: async (call, { chart }) => {
    call.concerns(call.body.patient);
    const { result } = await chart.withChart(originOf(call), (draft) =>
      match(draft, call.params.id, call.body.patient),
    );
    return itemOf(result);
  },
});

const filing = route({
  method: 'POST',
  path: '/api/inbox/:id/file',
  operation: 'inbox.file',
  summary: 'Makes the report with its values, or the document, and takes the document out of the inbox, all or nothing',
  needs: 'DocumentReference.u',
  about: 'DocumentReference',
  params: Named,
  body: Filing,
  answer: { status: 201, description: 'The report: a DiagnosticReport or a DocumentReference.', schema: FiledShape },
  handle: async (call, { chart }) => {
    const { body, params } = call;
    const { result } = await chart.withChart(originOf(call), async (draft) => {
      const filed = await file(draft, params.id, body);
      // Who is filed for is known to be somebody by now.
      const patient = patientOf((await draft.read('DocumentReference', params.id))!)!;
      return { id: params.id, patient, report: filed.report, values: [...filed.values] };
    });
    call.concerns(result.patient);
    return result;
  },
});

const discarding = route({
  method: 'DELETE',
  path: '/api/inbox/:id',
  operation: 'inbox.discard',
  summary: 'Takes a document out of the inbox as entered in error',
  needs: 'DocumentReference.d',
  about: 'DocumentReference',
  params: Named,
  answer: { status: 204, description: 'It waits no more.' },
  handle: async (call, { chart }) => {
    await chart.withChart(originOf(call), (draft) => discard(draft, call.params.id));
  },
});

export const INBOX_ROUTES: readonly Route[] = [upload, list, get, content, matching, filing, discarding];

function itemOf(document: InboxDocument): InboxItem {
  const { contentType, title, size, creation } = attachmentOf(document);
  return {
    id: document.id,
    state: STATES[document.status as keyof typeof STATES],
    patient: patientOf(document),
    // One that came through FHIR may say less of itself.
    title: title ?? 'Untitled',
    contentType: contentType as InboxItem['contentType'],
    size: size ?? 0,
    receivedAt: creation ?? document.date ?? document.meta!.lastUpdated!,
  };
}

function patientOf({ subject }: DocumentReference): string | null {
  return parseReference(subject?.reference)?.id ?? null;
}
