// Records, charts, searches and bundles.

import type { ErrorRow } from '../error-row.ts';

export const RECORD_ERRORS = {
  'record.unknown-type': {
    status: 404,
    issue: 'not-supported',
    sentence: '{type} is not a FHIR R4 resource type.',
    next: 'See /fhir/R4/metadata for the types that are served.',
  },
  'record.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: '{reference} does not exist.',
    next: 'Check the id; search for the record if it is not known.',
  },
  'record.deleted': {
    status: 410,
    issue: 'deleted',
    sentence: '{reference} was deleted.',
    next: 'Its earlier versions can still be read from its history.',
  },
  'record.invalid': {
    status: 422,
    issue: 'invariant',
    sentence: '{type} is not valid: {reason}.',
    next: 'Correct the elements named by the expressions and send it again.',
  },
  'chart.merged': {
    status: 409,
    issue: 'business-rule',
    sentence: 'The chart of {source} was merged into that of {target}, so nothing is written into it.',
    next: 'Write into the chart of {target} instead.',
  },
  'merge.refused': {
    status: 422,
    issue: 'business-rule',
    sentence: 'The charts can’t be merged: {reason}.',
    next: '{instead}',
  },
  'merge.unconfirmed': {
    status: 422,
    issue: 'business-rule',
    sentence: 'The charts differ in {differences}, which the same person’s charts seldom do.',
    next: 'Make sure that both charts are of the same person, and send the merge again with confirm: {confirm}.',
  },
  'merge.none': {
    status: 404,
    issue: 'not-found',
    sentence: 'The chart of {reference} isn’t merged into another one.',
    next: 'Read the chart that it should be merged into: its `merged` lists the charts that were.',
  },
  'merge.lasting': {
    status: 409,
    issue: 'business-rule',
    sentence: 'The merge can’t be undone any more: {reason}.',
    next: 'Correct by hand what is in the wrong chart.',
  },
  'record.no-effect': {
    status: 422,
    issue: 'not-supported',
    sentence: 'The {type} is not kept: {reason}.',
    next: '{instead}',
  },
  'record.identity': {
    status: 400,
    issue: 'invalid',
    sentence: 'The body does not fit the address: {reason}.',
    next: 'Send the same type and id in the body as in the address.',
  },
  'record.exists': {
    status: 412,
    issue: 'conflict',
    sentence: '{reference} exists already, and If-None-Match says that it must not.',
    next: 'Leave If-None-Match out to replace it, or use another id.',
  },
  'record.conflict': {
    status: 409,
    issue: 'conflict',
    sentence: '{reference} was changed meanwhile: it is at version {actual}.',
    next: 'Read it again, repeat the change on the new version, and send it again.',
  },
  'record.version-mismatch': {
    status: 412,
    issue: 'conflict',
    sentence: '{reference} is at version {actual}, not at {expected} as If-Match says.',
    next: 'Read it again, repeat the change on the new version, and send it again.',
  },
  'record.multiple-matches': {
    status: 412,
    issue: 'multiple-matches',
    sentence: 'The condition matches {count} records; it must match at most one.',
    next: 'Use criteria that name one record, such as an identifier.',
  },
  'record.reference': {
    status: 422,
    issue: 'not-found',
    sentence: '{expression} refers to {reference}, which does not exist.',
    next: 'Create the referenced record first, or send both in one transaction bundle.',
  },
  'patch.failed': {
    status: 422,
    issue: 'processing',
    sentence: 'The patch could not be applied: {reason}.',
    next: 'Check the paths against the current version of the record.',
  },
  'search.parameter': {
    status: 400,
    issue: 'not-supported',
    sentence: 'The search parameter {parameter} cannot be used: {reason}.',
    next: 'See /fhir/R4/metadata for the parameters of each type.',
  },
  'search.too-costly': {
    status: 422,
    issue: 'too-costly',
    sentence: 'The search takes more than {limit} seconds.',
    next: 'Narrow it: name a patient, a code or a span of time, search for the beginning of a text rather than :contains, chain less.',
  },
  'search.throttled': {
    status: 429,
    issue: 'throttled',
    sentence: 'You have too many long searches under way.',
    next: 'Wait for {seconds} seconds and for their answers, and narrow them.',
  },
  'bundle.invalid': {
    status: 400,
    issue: 'invalid',
    sentence: 'The bundle cannot be processed: {reason}.',
    next: 'Correct the entry named in the answer and send the bundle again.',
  },
} as const satisfies Record<string, ErrorRow>;
