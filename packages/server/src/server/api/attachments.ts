// /api/attachments: the files of records as a browser may show them. What they hold came from outside: whatever they say they
// are, they are one of a few types or are saved, and have no origin.

import type { Attachment, Binary, DiagnosticReport, DocumentReference } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { FILE_HEADERS } from '../headers.ts';
import { type Route, route } from '../route.ts';
import { only, originOf } from './entries.ts';
import { FhirId } from './parameters.ts';

/** What is shown, and the first bytes it must have. Everything else is saved. */
const SHOWN: ReadonlyMap<string, RegExp> = new Map([
  ['application/pdf', /^255044462d/],
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/gif', /^47494638/],
  ['image/webp', /^52494646.{8}57454250/],
]);
const SAVED = 'application/octet-stream';

type Attached = DocumentReference | DiagnosticReport;

const PLACE = only({
  id: FhirId,
  index: Type.Integer({ minimum: 0, maximum: 999, description: 'Which of them, from 0.' }),
});

function attachmentOf(type: Attached['resourceType'], attachments: string): Route {
  return route({
    method: 'GET',
    path: `/api/attachments/${type}/:id/:index`,
    operation: `attachments.get${type}`,
    summary: `A file of a ${type}: its ${attachments}, or the Binary that it leads to`,
    needs: `${type}.r`,
    about: type,
    params: PLACE,
    answer: {
      status: 200,
      description: 'A PDF or an image, where its type and its first bytes both say so; else a file to be saved.',
      type: [...SHOWN.keys(), SAVED].join(', '),
    },
    handle: async (call, { chart }) => {
      const { id, index } = call.params;
      const reader = chart.reader(originOf(call));
      const record = (await reader.current(type, id))?.resource as Attached | undefined;
      const attachment = record && filesOf(record)[index];
      if (!attachment) throw new Refusal('record.not-found', { reference: `${type}/${id}, file ${index}` });
      const patient = parseReference(record.subject?.reference);
      if (patient?.type === 'Patient') call.concerns(patient.id);
      const data = attachment.data ?? (await contentOf(reader, attachment));
      return fileOf(attachment, Buffer.from(data, 'base64'));
    },
  });
}

export const ATTACHMENT_ROUTES: readonly Route[] = [
  attachmentOf('DocumentReference', 'content'),
  attachmentOf('DiagnosticReport', 'presented form'),
];

function filesOf(record: Attached): readonly Attachment[] {
  return record.resourceType === 'DocumentReference'
    ? record.content.map(({ attachment }) => attachment)
    : (record.presentedForm ?? []);
}

/** Of the Binary behind it, which has to be readable for the caller by itself. */
async function contentOf(reader: ChartReader, { url }: Attachment): Promise<string> {
  const binary = parseReference(url);
  if (binary?.type !== 'Binary') throw new Refusal('record.not-found', { reference: 'Binary of this file' });
  const found = (await reader.current('Binary', binary.id))?.resource as Binary | undefined;
  if (!found) throw new Refusal('record.not-found', { reference: `Binary/${binary.id}` });
  return found.data ?? '';
}

function fileOf({ contentType = '', title }: Attachment, bytes: Buffer): Response {
  const said = contentType.trim().toLowerCase();
  const type = SHOWN.get(said)?.test(bytes.subarray(0, 12).toString('hex')) ? said : SAVED;
  const name = encodeURIComponent((title ?? 'file').slice(0, 100).toWellFormed()).replace(/['()*]/g, '_');
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': type,
      ...FILE_HEADERS,
      'content-disposition': `${type === SAVED ? 'attachment' : 'inline'}; filename*=UTF-8''${name}`,
    },
  });
}
