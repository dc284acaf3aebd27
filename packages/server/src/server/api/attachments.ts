// /api/attachments: the files of records, as a browser may show them. Their content comes from outside: only a few types,
// verified by their first bytes, are shown, without an origin; all others are downloaded.

import type { Attachment, DiagnosticReport, DocumentReference, Media } from '@medplum/fhirtypes';
import type { Static } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import { ATTACHMENTS, type FilePlace, SAVED_TYPE, SHOWN_TYPES } from '@chartwire/client/internal/contract/attachments';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { FILE_HEADERS } from '../headers.ts';
import { type Call, route, type RoutesOf } from '../route.ts';
import { originOf } from './entries.ts';

/** Magic numbers of the types that are shown. */
const MAGIC: Readonly<Record<(typeof SHOWN_TYPES)[number], RegExp>> = {
  'application/pdf': /^255044462d/,
  'image/png': /^89504e470d0a1a0a/,
  'image/jpeg': /^ffd8ff/,
  'image/gif': /^47494638/,
  'image/webp': /^52494646.{8}57454250/,
};

type Attached = DocumentReference | DiagnosticReport | Media;

export const ATTACHMENT_ROUTES: RoutesOf<typeof ATTACHMENTS> = {
  documentReference: route(ATTACHMENTS.documentReference, (call, { chart }) =>
    fileAt('DocumentReference', call, chart.reader(originOf(call))),
  ),
  diagnosticReport: route(ATTACHMENTS.diagnosticReport, (call, { chart }) =>
    fileAt('DiagnosticReport', call, chart.reader(originOf(call))),
  ),
  media: route(ATTACHMENTS.media, (call, { chart }) => fileAt('Media', call, chart.reader(originOf(call)))),
};

type Asked = Pick<Call<Static<typeof FilePlace>>, 'params' | 'concerns'>;

async function fileAt(type: Attached['resourceType'], call: Asked, reader: ChartReader): Promise<Response> {
  const { id, index } = call.params;
  const record = (await reader.current(type, id))?.record;
  if (!record) throw new Refusal('record.not-found', { reference: `${type}/${id}` });
  const attachment = filesOf(record)[index];
  if (!attachment) throw new Refusal('attachment.not-found', { reference: `${type}/${id}`, index });
  const patient = parseReference(record.subject?.reference);
  if (patient?.type === 'Patient') call.concerns(patient.id);
  const data = attachment.data ?? (await contentOf(reader, attachment));
  return fileOf(attachment, Buffer.from(data, 'base64'));
}

function filesOf(record: Attached): readonly Attachment[] {
  if (record.resourceType === 'Media') return [record.content];
  return record.resourceType === 'DocumentReference'
    ? record.content.map(({ attachment }) => attachment)
    : (record.presentedForm ?? []);
}

/** The Binary must itself be readable for the caller. */
async function contentOf(reader: ChartReader, { url }: Attachment): Promise<string> {
  const binary = parseReference(url);
  if (binary?.type !== 'Binary') throw new Refusal('record.not-found', { reference: 'Binary of this file' });
  const found = (await reader.current('Binary', binary.id))?.record;
  if (!found) throw new Refusal('record.not-found', { reference: `Binary/${binary.id}` });
  return found.data ?? '';
}

function fileOf({ contentType = '', title }: Attachment, bytes: Buffer): Response {
  const said = contentType.trim().toLowerCase();
  const begins = bytes.subarray(0, 12).toString('hex');
  const type = SHOWN_TYPES.find((shown) => shown === said && MAGIC[shown].test(begins)) ?? SAVED_TYPE;
  const name = encodeURIComponent((title ?? 'file').slice(0, 100).toWellFormed()).replace(/['()*]/g, '_');
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': type,
      ...FILE_HEADERS,
      'content-disposition': `${type === SAVED_TYPE ? 'attachment' : 'inline'}; filename*=UTF-8''${name}`,
    },
  });
}
