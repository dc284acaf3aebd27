// docs/catalogue/errors.md

import { ERRORS, type ErrorRow } from '#kit/errors.ts';
import { code, GENERATED, table } from './markdown.ts';

export function errorsPage(): string {
  const families = Map.groupBy(Object.entries<ErrorRow>(ERRORS), ([name]) => name.split('.')[0]!);
  return [
    GENERATED,
    '# Errors',
    'Every refusal has a stable code, a sentence, and a next step. `/api` answers with `application/problem+json` (RFC 9457), ' +
      'and `/fhir/R4` with an OperationOutcome of the issue type in the table. `{...}` is filled in.',
    ...[...families].flatMap(([family, rows]) => [
      `## ${family}`,
      table(
        ['code', 'HTTP', 'issue type', 'sentence', 'what to do next'],
        rows.map(([name, { status, issue, sentence, next }]) => [
          code(name),
          String(status),
          code(issue),
          sentence,
          next,
        ]),
      ),
    ]),
  ].join('\n\n');
}
