// /api/attachments: the files of records, in forms that a browser can show.

import { Type } from 'typebox';
import { FhirId, only } from './parameters.ts';
import { row } from './row.ts';

/** Types that are shown in the page. All others are downloaded. */
export const SHOWN_TYPES = ['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

export const SAVED_TYPE = 'application/octet-stream';

export const FilePlace = only({
  id: FhirId,
  index: Type.Integer({ minimum: 0, maximum: 999, description: 'Which of them, from 0.' }),
});

const FILE = {
  status: 200,
  description: 'A PDF or an image, where its type and its first bytes both say so; else a file to be saved.',
  type: [...SHOWN_TYPES, SAVED_TYPE].join(', '),
} as const;

export const ATTACHMENTS = {
  documentReference: row({
    method: 'GET',
    path: '/api/attachments/DocumentReference/:id/:index',
    operation: 'attachments.getDocumentReference',
    summary: 'A file of a DocumentReference: its content, or the Binary that it leads to',
    needs: 'DocumentReference.r',
    about: 'DocumentReference',
    params: FilePlace,
    answer: FILE,
  }),
  diagnosticReport: row({
    method: 'GET',
    path: '/api/attachments/DiagnosticReport/:id/:index',
    operation: 'attachments.getDiagnosticReport',
    summary: 'A file of a DiagnosticReport: its presented form, or the Binary that it leads to',
    needs: 'DiagnosticReport.r',
    about: 'DiagnosticReport',
    params: FilePlace,
    answer: FILE,
  }),
  media: row({
    method: 'GET',
    path: '/api/attachments/Media/:id/:index',
    operation: 'attachments.getMedia',
    summary: 'The file of a Media: its content, or the Binary that it leads to',
    needs: 'Media.r',
    about: 'Media',
    params: FilePlace,
    answer: FILE,
  }),
};
