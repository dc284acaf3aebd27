// Appointments and the inbox.

import type { ErrorRow } from '../error-row.ts';

export const INBOX_ERRORS = {
  'appointment.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This cannot be done: {reason}.',
    next: 'See /docs/scheduling-and-inbox.html#appointments for the states of appointments.',
  },
  'inbox.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no document {id} in the inbox.',
    next: 'See GET /api/inbox for the documents that wait to be filed.',
  },
  'inbox.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This cannot be done: {reason}.',
    next: 'Match a document to a patient before it is filed; change what was filed at /fhir/R4.',
  },
  'inbox.content': {
    status: 415,
    issue: 'not-supported',
    sentence: 'The file is not a PDF, a PNG or a JPEG, whatever its content type says.',
    next: 'Send the file itself as the body, unchanged.',
  },
} as const satisfies Record<string, ErrorRow>;
