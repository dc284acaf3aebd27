// Code systems.

import type { ErrorRow } from '../error-row.ts';

export const TERMS_ERRORS = {
  'terms.system': {
    status: 404,
    issue: 'not-found',
    sentence: '{system} isn’t a code system.',
    next: 'Name one of icd10cm, rxnorm, loinc, cvx, hcpcs and snomed, or give its URI.',
  },
  'terms.file': {
    status: 422,
    issue: 'invalid',
    sentence: 'The file can’t be imported: {reason}.',
    next: 'Nothing was changed. See /docs/terms.html#import-an-edition for the files of each code system.',
  },
  'terms.busy': {
    status: 409,
    issue: 'conflict',
    sentence: 'The code system {system} is already being imported.',
    next: 'Wait for that import to finish.',
  },
} as const satisfies Record<string, ErrorRow>;
