// The request itself: body, headers, and address.

import type { ErrorRow } from '../error-row.ts';

export const REQUEST_ERRORS = {
  'request.malformed': {
    status: 400,
    issue: 'structure',
    sentence: 'The request body couldn’t be read: {reason}.',
    next: 'Send well-formed JSON with the content type named in the documentation.',
  },
  'request.invalid': {
    status: 422,
    issue: 'invalid',
    sentence: 'The request isn’t valid: {reason}.',
    next: 'Correct the fields named in the answer, and send it again.',
  },
  'request.too-large': {
    status: 413,
    issue: 'too-long',
    sentence: 'The request body is larger than {limit} bytes.',
    next: 'Split it into smaller requests, or import it with `chartwire import`.',
  },
  'request.media-type': {
    status: 415,
    issue: 'not-supported',
    sentence: 'The content type {type} isn’t accepted here.',
    next: 'Use one of: {accepted}.',
  },
  'request.accept': {
    status: 406,
    issue: 'not-supported',
    sentence: 'The answer isn’t available as {type}.',
    next: 'Ask for one of: {accepted}.',
  },
  'request.header': {
    status: 400,
    issue: 'invalid',
    sentence: 'The header {header} can’t be used: {reason}.',
    next: 'Correct the header, or leave it out.',
  },
  'request.query': {
    status: 400,
    issue: 'invalid',
    sentence: 'The query parameter {parameter} couldn’t be read: {reason}.',
    next: 'Write the parameter as UTF-8, with % escapes of two hexadecimal digits each.',
  },
  'request.repeated': {
    status: 422,
    issue: 'conflict',
    sentence: 'This Idempotency-Key was used for another request.',
    next: 'Send the first request unchanged, or use a new key.',
  },
  'request.unstorable': {
    status: 422,
    issue: 'value',
    sentence: 'The request has a number, a time or a text that can’t be stored or searched for.',
    next: 'Remove values outside any sensible range, and send it again.',
  },
  'request.aborted': {
    status: 499,
    issue: 'transient',
    sentence: 'The client closed the connection before it got the answer.',
    next: 'Send it again.',
  },
  'route.unknown': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is nothing at {method} {path}.',
    next: 'See /api/openapi.json for the API and /fhir/R4/metadata for FHIR.',
  },
} as const satisfies Record<string, ErrorRow>;
