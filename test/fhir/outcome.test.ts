// How refusals read in FHIR.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from '#fhir/outcome.ts';
import { nextIn } from '#kit/diagnostics.ts';
import { ERRORS, type ErrorCode, Refusal } from '#kit/errors.ts';
import { validate } from '#r4/validate.ts';

test('every refusal is a valid OperationOutcome that says what to do next', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const outcome = outcomeOf(new Refusal(code, {}, [{ path: 'Patient.name', message: 'No.' }]));
    assert.deepEqual(validate(outcome), [], code);
    assert.equal(outcome.issue[0]!.diagnostics, `No. ${ERRORS[code].next}`);
    assert.equal(nextIn(outcome.issue[0]!), ERRORS[code].next);
  }
});

test('a refusal has one issue a fault, each with the expression and its own code', () => {
  const outcome = outcomeOf(
    new Refusal('record.invalid', { type: 'Patient', reason: 'x' }, [
      { path: 'Patient.gender', message: 'Not a code.', issue: 'code-invalid' },
      { path: 'Patient.name[0]', message: 'Empty.' },
    ]),
  );
  assert.deepEqual(
    outcome.issue.map(({ severity, code, details, expression }) => [severity, code, details?.text, expression]),
    [
      ['error', 'code-invalid', 'Not a code.', ['Patient.gender']],
      ['error', 'invariant', 'Empty.', ['Patient.name[0]']],
    ],
  );
});

test('a refusal without faults is one issue with its sentence', () => {
  const outcome = outcomeOf(new Refusal('record.not-found', { reference: 'Patient/1' }));
  assert.equal(outcome.issue.length, 1);
  assert.equal(outcome.issue[0]!.details?.text, 'Patient/1 doesn’t exist.');
  assert.match(outcome.issue[0]!.diagnostics ?? '', /^Patient\/1 doesn’t exist\. Check the id/);
  assert.equal(outcome.issue[0]!.expression, undefined);
});
