// Appointments and the inbox.

import type { ErrorRow } from '../error-row.ts';

export const INBOX_ERRORS = {
  'appointment.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This can’t be done: {reason}.',
    next: 'See /docs/scheduling-and-inbox.html#appointments for the states of appointments.',
  },
  'inbox.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no document {id} in the inbox.',
    next: 'See GET /api/inbox for the documents waiting to be filed.',
  },
  'inbox.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This can’t be done: {reason}.',
    next: 'Match a document to a patient before you file it. After that, change it at /fhir/R4.',
  },
  'inbox.content': {
    status: 415,
    issue: 'not-supported',
    sentence: 'The file isn’t a PDF, PNG or JPEG, even if its content type says so.',
    next: 'Send the file itself as the body, unchanged.',
  },
} as const satisfies Record<string, ErrorRow>;
