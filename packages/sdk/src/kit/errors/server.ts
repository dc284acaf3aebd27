// The server itself.

import type { ErrorRow } from '../error-row.ts';

export const SERVER_ERRORS = {
  'server.busy': {
    status: 503,
    issue: 'throttled',
    sentence: 'The server is overloaded.',
    next: 'Try again in a few seconds.',
  },
  'server.unavailable': {
    status: 503,
    issue: 'transient',
    sentence: 'The database isn’t answering right now.',
    next: 'Try again in {seconds} seconds. Your request may have been carried out: check first, or send it again with the same Idempotency-Key.',
  },
  'audit.unavailable': {
    status: 503,
    issue: 'transient',
    sentence: 'The audit trail couldn’t record this request, so no data was returned.',
    next: 'Try again in {seconds} seconds. If it keeps failing, tell the operator: the log says why.',
  },
  'server.failed': {
    status: 500,
    issue: 'exception',
    sentence: 'Something went wrong in the server; it was logged as {reference}.',
    next: 'Tell the operator the reference.',
  },
} as const satisfies Record<string, ErrorRow>;
