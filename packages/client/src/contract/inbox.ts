// /api/inbox: documents as they arrive; match them to patients and file them.

import { type Static, Type } from 'typebox';
import { choice, closed, Coding, DateOrTime, text } from '@chartwire/sdk/internal/kit/schema';
import { After, FhirId, limit, Named, only, orNull, pageOf, Time } from './parameters.ts';
import { row } from './row.ts';

/** Bytes of a document. Base64, in requests and in its record, is a third larger. */
const DOCUMENT_LIMIT = 10 * 1024 * 1024;

const DOCUMENT_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;

export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** The codes of HL7 v3 ObservationInterpretation that laboratories print. */
const REPORT_FLAGS = [
  'N',
  'A',
  'AA',
  'L',
  'LL',
  'H',
  'HH',
  'POS',
  'NEG',
  'DET',
  'ND',
  'RR',
  'WR',
  'NR',
  'IND',
  'E',
  'S',
  'I',
  'R',
] as const;

/** One result on a report. */
export const ReportValue = closed({
  code: Type.Optional(text(100, 'LOINC unless `system` says otherwise')),
  system: Type.Optional(text(255)),
  display: Type.Optional(text(1_000, 'its name; without a code, what is known of it')),
  value: Type.Union([Type.Number(), text(1_000)], {
    description:
      'a number, or what is printed: `<0.01`, `1,234`, `12.5 H`, `Positive 1:320`, `3+`, `120-140`; other words stay text',
  }),
  unit: Type.Optional(text(100)),
  low: Type.Optional(Type.Number({ description: 'of the reference range' })),
  high: Type.Optional(Type.Number({ description: 'of the reference range' })),
  range: Type.Optional(text(200, 'the reference range as it is printed: `3.5 - 5.1`, `< 200`, `Negative`')),
  interpretation: Type.Optional(
    Type.Union([choice(REPORT_FLAGS), Type.Null()], {
      description:
        'of HL7 v3 ObservationInterpretation; unless given, that which is printed with the value; null for none',
    }),
  ),
});
export type ReportValue = Static<typeof ReportValue>;

const FILING_KINDS = ['lab-report', 'imaging-report', 'referral-report', 'document'] as const;

export const Filing = closed({
  as: choice([...FILING_KINDS]),
  title: Type.Optional(text(255, 'the document’s own unless given')),
  code: Type.Optional(Coding),
  effective: Type.Optional(DateOrTime),
  conclusion: Type.Optional(text(20_000)),
  values: Type.Optional(
    Type.Array(ReportValue, { maxItems: 200, description: 'of a lab-report or an imaging-report' }),
  ),
});
export type Filing = Static<typeof Filing>;

export const DOCUMENT_STATES = ['waiting', 'filed', 'discarded'] as const;

export const InboxItem = Type.Object({
  id: FhirId,
  state: Type.Enum([...DOCUMENT_STATES]),
  patient: orNull(Type.String({ ...FhirId, description: 'Null until it is matched.' })),
  title: Type.String(),
  contentType: Type.Enum([...DOCUMENT_TYPES]),
  size: Type.Integer({ description: 'In bytes.' }),
  receivedAt: Time,
});
export type InboxItem = Static<typeof InboxItem>;

const Reference = Type.String({ description: '`DiagnosticReport/1`' });

const FiledShape = Type.Object({ id: FhirId, patient: FhirId, report: Reference, values: Type.Array(Reference) });

export const INBOX = {
  receive: row({
    method: 'POST',
    path: '/api/inbox',
    operation: 'inbox.receive',
    summary: 'Puts a PDF or an image into the inbox; its first bytes say which it is',
    needs: 'DocumentReference.c',
    query: only({ title: Type.Optional(text(255)) }),
    upload: { types: DOCUMENT_TYPES, limit: DOCUMENT_LIMIT },
    answer: { status: 201, description: 'The document, of nobody yet.', schema: InboxItem },
  }),
  list: row({
    method: 'GET',
    path: '/api/inbox',
    operation: 'inbox.list',
    summary: 'The documents that wait to be filed; those touched last come last',
    needs: 'DocumentReference.s',
    query: only({ after: After, limit: limit(50, 500) }),
    answer: { status: 200, description: 'A page of documents.', schema: pageOf(InboxItem) },
  }),
  get: row({
    method: 'GET',
    path: '/api/inbox/:id',
    operation: 'inbox.get',
    summary: 'One document, also when it was filed or discarded since',
    needs: 'DocumentReference.r',
    about: 'DocumentReference',
    params: Named,
    answer: { status: 200, description: 'The document.', schema: InboxItem },
  }),
  content: row({
    method: 'GET',
    path: '/api/inbox/:id/content',
    operation: 'inbox.content',
    summary: 'The file itself',
    needs: 'DocumentReference.r',
    about: 'DocumentReference',
    params: Named,
    answer: { status: 200, description: 'As it was uploaded.', type: DOCUMENT_TYPES.join(', ') },
  }),
  match: row({
    method: 'POST',
    path: '/api/inbox/:id/match',
    operation: 'inbox.match',
    summary: 'Says whose document it is; until it is filed, that can be said again',
    needs: 'DocumentReference.u',
    about: 'DocumentReference',
    params: Named,
    body: only({ patient: FhirId }),
    answer: { status: 200, description: 'The document.', schema: InboxItem },
  }),
  file: row({
    method: 'POST',
    path: '/api/inbox/:id/file',
    operation: 'inbox.file',
    summary:
      'Makes the report with its values, or the document, and takes the document out of the inbox, all or nothing',
    needs: 'DocumentReference.u',
    about: 'DocumentReference',
    params: Named,
    body: Filing,
    answer: { status: 201, description: 'The report: a DiagnosticReport or a DocumentReference.', schema: FiledShape },
  }),
  discard: row({
    method: 'DELETE',
    path: '/api/inbox/:id',
    operation: 'inbox.discard',
    summary: 'Takes a document out of the inbox as entered in error',
    needs: 'DocumentReference.d',
    about: 'DocumentReference',
    params: Named,
    answer: { status: 204, description: 'It waits no more.' },
  }),
};
