// HTTP headers of the FHIR door.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ifMatchVersion,
  noneMatches,
  notModifiedSince,
  preferredHandling,
  preferredReturn,
  requireJsonAnswer,
} from '#fhir/headers.ts';
import { Refusal } from '#kit/errors.ts';

const refuses = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code;

test('If-Match names one version, weak or not, quoted or not', () => {
  assert.equal(ifMatchVersion(undefined), undefined);
  for (const header of ['W/"3"', '"3"', '3', ' W/"3" ']) assert.equal(ifMatchVersion(header), 3, header);
  for (const header of ['', '*', 'W/"a"', 'W/"1", W/"2"', 'W/"99999999999"']) {
    assert.throws(() => ifMatchVersion(header), refuses('request.header'), header);
  }
});

test('If-None-Match may name several versions or any', () => {
  assert.equal(noneMatches(undefined, 3), false);
  assert.equal(noneMatches('W/"3"', 3), true);
  assert.equal(noneMatches('W/"1", "3"', 3), true);
  assert.equal(noneMatches('*', 3), true);
  assert.equal(noneMatches('W/"4"', 3), false);
});

test('If-Modified-Since counts in whole seconds', () => {
  const at = '2024-05-01T12:00:00.700Z';
  assert.equal(notModifiedSince('Wed, 01 May 2024 12:00:00 GMT', at), true);
  assert.equal(notModifiedSince('Wed, 01 May 2024 11:59:59 GMT', at), false);
  assert.equal(notModifiedSince('yesterday', at), false);
  assert.equal(notModifiedSince(undefined, at), false);
});

test('Prefer is read for its return and its handling', () => {
  assert.equal(preferredHandling('respond-async, handling=lenient'), 'lenient');
  assert.equal(preferredHandling('return=minimal; handling="strict"'), 'strict');
  assert.equal(preferredHandling('handling=lenientish'), undefined);
  assert.equal(preferredHandling(undefined), undefined);
  assert.equal(preferredReturn('return=minimal'), 'minimal');
  assert.equal(preferredReturn('respond-async, return="representation"'), 'representation');
  assert.equal(preferredReturn('handling=lenient; return=OperationOutcome'), 'OperationOutcome');
  assert.equal(preferredReturn('return=everything'), undefined);
  assert.equal(preferredReturn(undefined), undefined);
});

test('an answer is JSON or refused', () => {
  const accepted: [string | undefined, string | null][] = [
    [undefined, null],
    ['', null],
    ['*/*', null],
    ['application/fhir+json', null],
    ['application/json;q=0.9, application/fhir+xml', null],
    ['text/html,application/xhtml+xml,*/*;q=0.8', null],
    ['application/fhir+xml', 'json'],
    ['application/fhir+xml', 'application/fhir json'],
  ];
  for (const [accept, format] of accepted) assert.doesNotThrow(() => requireJsonAnswer(accept, format), String(accept));
  const refused: [string | undefined, string | null][] = [
    ['application/fhir+xml', null],
    ['text/html', null],
    ['*/*;q=0', null],
    ['application/fhir+json', 'xml'],
    [undefined, 'application/fhir+turtle'],
  ];
  for (const [accept, format] of refused) {
    assert.throws(() => requireJsonAnswer(accept, format), refuses('request.accept'), `${accept} ${format}`);
  }
});
