// Records, charts, searches and bundles.

import type { ErrorRow } from '../error-row.ts';

export const RECORD_ERRORS = {
  'record.unknown-type': {
    status: 404,
    issue: 'not-supported',
    sentence: '{type} isn’t a FHIR R4 resource type.',
    next: 'See /fhir/R4/metadata for the supported types.',
  },
  'record.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: '{reference} doesn’t exist.',
    next: 'Check the id, or search for the record.',
  },
  'attachment.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: '{reference} has no file {index}.',
    next: 'Read the record for the files that it has. The first is file 0.',
  },
  'record.deleted': {
    status: 410,
    issue: 'deleted',
    sentence: '{reference} was deleted.',
    next: 'Read its earlier versions in its history.',
  },
  'record.invalid': {
    status: 422,
    issue: 'invariant',
    sentence: '{type} isn’t valid: {reason}.',
    next: 'Correct the elements that the expressions name, and send it again.',
  },
  'chart.merged': {
    status: 409,
    issue: 'business-rule',
    sentence: 'The chart of {source} was merged into the chart of {target} and is now read-only.',
    next: 'Write to the chart of {target} instead.',
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
    sentence: 'The charts differ in {differences}, which is rare for the same person.',
    next: 'Make sure that both charts are for the same person, and send the merge again with confirm: {confirm}.',
  },
  'merge.none': {
    status: 404,
    issue: 'not-found',
    sentence: 'The chart of {reference} isn’t merged into another chart.',
    next: 'Read the chart that you expected it in: its `merged` lists the charts merged into it.',
  },
  'merge.lasting': {
    status: 409,
    issue: 'business-rule',
    sentence: 'The merge can no longer be undone: {reason}.',
    next: 'Correct by hand anything in the wrong chart.',
  },
  'record.no-effect': {
    status: 422,
    issue: 'not-supported',
    sentence: 'The {type} wasn’t saved: {reason}.',
    next: '{instead}',
  },
  'record.identity': {
    status: 400,
    issue: 'invalid',
    sentence: 'The body doesn’t match the address: {reason}.',
    next: 'Send the same type and id in the body and the address.',
  },
  'record.exists': {
    status: 412,
    issue: 'conflict',
    sentence: '{reference} already exists, and If-None-Match requires that it doesn’t.',
    next: 'Leave If-None-Match out to replace it, or use another id.',
  },
  'record.conflict': {
    status: 409,
    issue: 'conflict',
    sentence: '{reference} was changed in the meantime: it’s now at version {actual}.',
    next: 'Read it again, make your change to the new version, and send it again.',
  },
  'record.version-mismatch': {
    status: 412,
    issue: 'conflict',
    sentence: '{reference} is at version {actual}, but If-Match says {expected}.',
    next: 'Read it again, make your change to the new version, and send it again.',
  },
  'record.multiple-matches': {
    status: 412,
    issue: 'multiple-matches',
    sentence: 'The condition matches {count} records; it must match at most one.',
    next: 'Use criteria that match one record, such as an identifier.',
  },
  'record.reference': {
    status: 422,
    issue: 'not-found',
    sentence: '{expression} refers to {reference}, which doesn’t exist.',
    next: 'Create the referenced record first, or send both in one transaction bundle.',
  },
  'patch.failed': {
    status: 422,
    issue: 'processing',
    sentence: 'The patch couldn’t be applied: {reason}.',
    next: 'Check the paths against the current version of the record.',
  },
  'search.parameter': {
    status: 400,
    issue: 'not-supported',
    sentence: 'The search parameter {parameter} can’t be used: {reason}.',
    next: 'See /fhir/R4/metadata for the parameters of each type.',
  },
  'search.too-costly': {
    status: 422,
    issue: 'too-costly',
    sentence: 'The search takes more than {limit} seconds.',
    next: 'Narrow it: add a patient, a code or a time span, search for the start of a text instead of :contains, or chain less.',
  },
  'search.throttled': {
    status: 429,
    issue: 'throttled',
    sentence: 'You have too many long searches running.',
    next: 'Wait {seconds} seconds and for their answers, then narrow them.',
  },
  'bundle.invalid': {
    status: 400,
    issue: 'invalid',
    sentence: 'The bundle can’t be processed: {reason}.',
    next: 'Correct the entry named in the answer, and send the bundle again.',
  },
} as const satisfies Record<string, ErrorRow>;
