// The inbox: documents received, matched to a patient, and filed as a report with its values or as a document. A document is a
// DocumentReference of the category `inbox` whose content is a Binary: `current` while it waits, `superseded` once filed,
// `entered-in-error` if discarded.

import { hash } from 'node:crypto';
import type {
  Attachment,
  DiagnosticReport,
  DocumentReference,
  Observation,
  ObservationReferenceRange,
  Patient,
  Quantity,
  Coding as R4Coding,
  Reference,
} from '@medplum/fhirtypes';
import type { DocumentType, Filing, ReportValue } from '@chartwire/client/internal/contract/inbox';
import { dayOf } from '@chartwire/sdk/internal/kit/calendar';
import type { Draft } from '@chartwire/sdk/internal/kit/draft';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { copyLiteral } from '@chartwire/sdk/internal/kit/json/literals';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { dateIn, firstDay } from '@chartwire/sdk/internal/kit/partial-date';
import {
  DIAGNOSTIC_SERVICE,
  DOCUMENT_CATEGORY,
  INTERPRETATION,
  LOINC,
  OBSERVATION_CATEGORY,
} from '@chartwire/sdk/internal/kit/systems';
import { type Printed, readPrintedRange, readPrintedValue } from '@chartwire/sdk/internal/records/printed-value';
import type { ChartReader } from './contract.ts';
import type { ChartDraft } from './draft.ts';

/** The first bytes of each. */
const MAGIC: readonly (readonly [DocumentType, string])[] = [
  ['application/pdf', '255044462d'],
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
];

export type InboxDocument = DocumentReference & { id: string };

/** What a document was filed as: references, `DiagnosticReport/1`. */
export interface Filed {
  readonly report: string;
  readonly values: readonly string[];
}

/**
 * A file's type by its first bytes.
 *
 * @throws {Refusal} `inbox.content`
 */
export function documentType(content: Uint8Array): DocumentType {
  const head = Buffer.from(content.subarray(0, 8)).toString('hex');
  const found = MAGIC.find(([, magic]) => head.startsWith(magic));
  if (!found) throw new Refusal('inbox.content');
  return found[0];
}

/** The inbox crosses charts, and new documents are in none: `patient/` scopes don't open it. */
const INBOX_ACTION = 'use the inbox';

/** A page of unfiled documents; recently changed ones come last. */
export async function waitingDocuments(
  reader: ChartReader,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ items: InboxDocument[]; next: string | null }> {
  reader.requireEverywhere('DocumentReference', 's', INBOX_ACTION);
  const cursor = page.after === undefined ? '' : `&_cursor=${encodeURIComponent(page.after)}`;
  const found = await reader.search('DocumentReference', `${WAITING}&_count=${page.limit}${cursor}`, { living: true });
  return {
    items: found.matches as InboxDocument[],
    next: found.next === undefined ? null : new URLSearchParams(found.next).get('_cursor'),
  };
}

/**
 * A document that is or was in the inbox.
 *
 * @throws {Refusal} `inbox.not-found`
 */
export async function findDocument(reader: ChartReader, id: string): Promise<InboxDocument> {
  reader.requireEverywhere('DocumentReference', 'r', INBOX_ACTION);
  return inboxDocument((await reader.current('DocumentReference', id))?.record, id);
}

/**
 * Its file.
 *
 * @throws {Refusal} `record.not-found`
 */
export async function contentOf(reader: ChartReader, document: InboxDocument): Promise<Buffer<ArrayBuffer>> {
  const { binary } = attachmentOf(document);
  const found = await reader.contentOf(document.id, binary);
  if (!found) throw new Refusal('record.not-found', { reference: `Binary/${binary}` });
  return Buffer.from(found.data ?? '', 'base64');
}

/** Adds a document to the inbox, without a patient yet. */
export function receive(draft: ChartDraft, { content, title }: { content: Buffer; title?: string }): InboxDocument {
  draft.requireEverywhere('DocumentReference', 'c', INBOX_ACTION);
  const contentType = documentType(content);
  const id = draft.newId();
  const binary = draft.implied('DocumentReference', 'c').create({
    resourceType: 'Binary',
    contentType,
    // Permission to read the document includes its content (http://hl7.org/fhir/R4/binary.html#security).
    securityContext: { reference: `DocumentReference/${id}` },
    data: content.toString('base64'),
  });
  return draft.create<DocumentReference & { id: string }>({
    resourceType: 'DocumentReference',
    id,
    status: 'current',
    docStatus: 'preliminary',
    category: [{ coding: [INBOX] }],
    date: draft.at,
    content: [
      {
        attachment: {
          contentType,
          url: `Binary/${binary.id}`,
          size: content.length,
          // R4 requires SHA-1, which detects a damaged file but not a forged one.
          hash: hash('sha1', content, 'base64'),
          title: title ?? 'Untitled',
          creation: draft.at,
        },
      },
    ],
  });
}

/** Sets the document's patient. It can be changed until the document is filed. */
export async function match(draft: ChartDraft, id: string, patient: string): Promise<InboxDocument> {
  draft.requireEverywhere('DocumentReference', 'u', INBOX_ACTION);
  const document = await waiting(draft, id);
  const subject = { reference: `Patient/${patient}` };
  if (!(await draft.read('Patient', patient))) throw new Refusal('record.not-found', subject);
  return draft.update({ ...document, subject });
}

/** Creates the report after its values, so that readers of the report's event find it complete. */
export async function file(draft: ChartDraft, id: string, filing: Filing): Promise<Filed> {
  draft.requireEverywhere('DocumentReference', 'u', INBOX_ACTION);
  draft.require(hasValues(filing.as) ? 'DiagnosticReport' : 'DocumentReference', 'c');
  if (filing.values?.length) draft.require('Observation', 'c');
  if (hasValues(filing.as)) await refuseFuture(draft, filing.effective);
  const document = await waiting(draft, id);
  const patient = parseReference(document.subject?.reference);
  if (!patient) throw new Refusal('inbox.state', { reason: 'the document is of nobody yet' });
  const subject: Reference<Patient> = { reference: `Patient/${patient.id}` };
  const filed = hasValues(filing.as)
    ? fileReport(draft, document, subject, { ...filing, as: filing.as })
    : fileDocument(draft, document, subject, filing);
  await draft.update({
    ...document,
    status: 'superseded',
    docStatus: 'final',
    context: { ...document.context, related: [{ reference: filed.report }] },
  });
  return filed;
}

/** A result can't be from a future day; a card or letter can. */
async function refuseFuture(draft: ChartDraft, effective: string | undefined): Promise<void> {
  if (effective === undefined) return;
  const timeZone = await draft.timeZone();
  const today = dayOf(new Date(draft.at), timeZone);
  if (firstDay(dateIn(timeZone, effective)) <= today) return;
  throw new Refusal('request.invalid', { reason: 'the date is in the future' }, [
    { path: '/effective', message: `is today, ${today}, or earlier` },
  ]);
}

export async function discard(draft: ChartDraft, id: string): Promise<void> {
  draft.requireEverywhere('DocumentReference', 'd', INBOX_ACTION);
  const document = await waiting(draft, id);
  await draft
    .implied('DocumentReference', 'd')
    .update({ ...document, status: 'entered-in-error', docStatus: 'entered-in-error' });
}

/** @throws {Refusal} `inbox.not-found`, also for documents that were never in the inbox */
function inboxDocument(document: DocumentReference | undefined, id: string): InboxDocument {
  const isOurs = document?.category?.some(({ coding }) =>
    coding?.some(({ system, code }) => system === INBOX.system && code === INBOX.code),
  );
  if (!document || !isOurs) throw new Refusal('inbox.not-found', { id });
  return { ...document, id };
}

/** The content of a document of the inbox. */
export function attachmentOf(document: DocumentReference): Attachment & { binary: string } {
  const { attachment } = document.content[0]!;
  return { ...attachment, binary: parseReference(attachment.url)?.id ?? '' };
}

/** The query for unfiled documents. */
const WAITING = `category=${DOCUMENT_CATEGORY}|inbox&status=current`;

const INBOX = { system: DOCUMENT_CATEGORY, code: 'inbox', display: 'Inbox' } as const;

const SERVICE = {
  'lab-report': {
    section: { system: DIAGNOSTIC_SERVICE, code: 'LAB', display: 'Laboratory' },
    category: { system: OBSERVATION_CATEGORY, code: 'laboratory', display: 'Laboratory' },
    title: 'Laboratory report',
  },
  'imaging-report': {
    section: { system: DIAGNOSTIC_SERVICE, code: 'RAD', display: 'Radiology' },
    category: { system: OBSERVATION_CATEGORY, code: 'imaging', display: 'Imaging' },
    title: 'Imaging report',
  },
} as const;

const CONSULT_NOTE = { system: LOINC, code: '11488-4', display: 'Consult note' } as const;

/** A report with values, rather than a document. */
function hasValues(as: Filing['as']): as is keyof typeof SERVICE {
  return as in SERVICE;
}

async function waiting(draft: Draft, id: string): Promise<InboxDocument> {
  const document = inboxDocument(await draft.read('DocumentReference', id), id);
  if (document.status === 'current') return document;
  const became = document.status === 'superseded' ? 'filed already' : 'discarded';
  throw new Refusal('inbox.state', { reason: `the document was ${became}` });
}

function fileReport(
  draft: Draft,
  document: InboxDocument,
  subject: Reference<Patient>,
  filing: Filing & { readonly as: keyof typeof SERVICE },
): Filed {
  const { section, category, title } = SERVICE[filing.as];
  const effective = { effectiveDateTime: filing.effective ?? draft.at };
  const values = (filing.values ?? []).map((value, index) => {
    if (value.code === undefined && value.display === undefined) {
      throw new Refusal('request.invalid', { reason: 'a value says neither by code nor by name what it is of' }, [
        { path: `/values/${index}`, message: 'give its code, or its name as `display`' },
      ]);
    }
    const { id } = draft.create<Observation>({
      ...observation(value, category),
      subject,
      ...effective,
      issued: draft.at,
    });
    return `Observation/${id}`;
  });
  const report = draft.create<DiagnosticReport>({
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [{ coding: [section] }],
    code: {
      ...(filing.code && { coding: [{ ...filing.code, system: filing.code.system ?? LOINC }] }),
      text: filing.title ?? filing.code?.display ?? title,
    },
    subject,
    ...effective,
    issued: draft.at,
    ...(values.length > 0 && { result: values.map((reference) => ({ reference })) }),
    ...(filing.conclusion !== undefined && { conclusion: filing.conclusion }),
    presentedForm: [titled(document, filing.title)],
  });
  return { report: `DiagnosticReport/${report.id}`, values };
}

function observation(filed: ReportValue, category: R4Coding) {
  const { code, system = LOINC, display, value, unit, interpretation } = filed;
  const printed: Printed =
    typeof value === 'number'
      ? { value: { valueQuantity: copyLiteral(quantity(value, unit), 'value', filed, 'value') } }
      : readPrintedValue(value, unit);
  const flag = interpretation === undefined ? printed.flag : interpretation;
  const referenceRange = rangeOf(filed, unit ?? printed.value.valueQuantity?.unit);
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [category] }],
    code: {
      ...(code !== undefined && { coding: [{ system, code, ...(display && { display }) }] }),
      ...(display && { text: display }),
    },
    ...printed.value,
    ...(referenceRange && { referenceRange: [referenceRange] }),
    ...(flag && { interpretation: [{ coding: [{ system: INTERPRETATION, code: flag }] }] }),
  } satisfies Observation;
}

function quantity(value: number, unit: string | undefined): Quantity {
  return { value, ...(unit !== undefined && { unit }) };
}

/** As printed, with the numbers in it; numbers given separately come first. */
function rangeOf(
  filed: Pick<ReportValue, 'low' | 'high' | 'range'>,
  unit: string | undefined,
): ObservationReferenceRange | undefined {
  const { low, high, range } = filed;
  const bounds = range === undefined ? undefined : readPrintedRange(range);
  const [least, most] = [low ?? bounds?.low, high ?? bounds?.high];
  const from = (own: number | undefined): object => (own === undefined ? (bounds ?? {}) : filed);
  if (least === undefined && most === undefined && range === undefined) return undefined;
  return {
    ...(least !== undefined && { low: copyLiteral(quantity(least, unit), 'value', from(low), 'low') }),
    ...(most !== undefined && { high: copyLiteral(quantity(most, unit), 'value', from(high), 'high') }),
    ...(range !== undefined && { text: range.trim() }),
  };
}

/** A new document in the patient's chart replaces the one in the inbox. */
function fileDocument(draft: Draft, document: InboxDocument, subject: Reference<Patient>, filing: Filing): Filed {
  if (filing.values?.length) {
    throw new Refusal('request.invalid', { reason: `a ${filing.as} has no values` }, [
      { path: '/values', message: 'file it as a lab-report or an imaging-report to keep values' },
    ]);
  }
  const { effective, conclusion } = filing;
  const codings = codingsOf(filing);
  const note = draft.create<DocumentReference>({
    resourceType: 'DocumentReference',
    status: 'current',
    docStatus: 'final',
    ...(codings.length > 0 && { type: { coding: codings } }),
    subject,
    date: draft.at,
    ...(conclusion !== undefined && { description: conclusion }),
    relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${document.id}` } }],
    content: [{ attachment: titled(document, filing.title) }],
    ...(effective !== undefined && { context: { period: { start: effective } } }),
  });
  return { report: `DocumentReference/${note.id}`, values: [] };
}

/** The kind of document: a referral report is a consult note, in addition to its own kind. */
function codingsOf({ as, code }: Filing): R4Coding[] {
  const said = code && { ...code, system: code.system ?? LOINC };
  if (as !== 'referral-report') return said ? [said] : [];
  const isOther = said && !(said.system === CONSULT_NOTE.system && said.code === CONSULT_NOTE.code);
  return [CONSULT_NOTE, ...(isOther ? [said] : [])];
}

function titled(document: InboxDocument, title: string | undefined): Attachment {
  const { attachment } = document.content[0]!;
  return title === undefined ? attachment : { ...attachment, title };
}
