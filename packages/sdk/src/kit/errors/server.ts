// The server itself.

import type { ErrorRow } from '../error-row.ts';

export const SERVER_ERRORS = {
  'server.busy': {
    status: 503,
    issue: 'throttled',
    sentence: 'The server has too much to do.',
    next: 'Try again in a few seconds.',
  },
  'server.unavailable': {
    status: 503,
    issue: 'transient',
    sentence: 'The database does not answer just now.',
    next: 'Try again in {seconds} seconds. What you sent may have been carried out: look first, or send it again with the same Idempotency-Key.',
  },
  'audit.unavailable': {
    status: 503,
    issue: 'transient',
    sentence: 'This could not be put on record in the audit trail, so nothing is handed out.',
    next: 'Try again in {seconds} seconds. If it stays so, tell the operator: the log says why.',
  },
  'server.failed': {
    status: 500,
    issue: 'exception',
    sentence: 'Something went wrong in the server; it was logged as {reference}.',
    next: 'Tell the operator the reference.',
  },
} as const satisfies Record<string, ErrorRow>;
