// Bodies that are taken and bodies that are refused before anything else looks at them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '#fhir/body.ts';
import { Refusal } from '#kit/errors.ts';

const REFUSED = [
  ['nothing', ''],
  ['half of it', '{"resourceType":"Pat'],
  ['a comment', '{/*x*/}'],
  ['XML', '<Patient xmlns="http://hl7.org/fhir"/>'],
  ['a NUL', '{"a":"\\u0000"}'],
  ['a NUL in a name', '{"a\\u0000":1}'],
  ['half a surrogate pair', '{"a":["\\ud800"]}'],
  ['a prototype', '{"a":{"__proto__":{"b":1}}}'],
  ['a prototype, escaped', '{"\\u005f_proto__":{"b":1}}'],
  ['a pit of lists', `${'['.repeat(5000)}${']'.repeat(5000)}`],
] as const;

for (const [what, text] of REFUSED) {
  test(`a body that is ${what} is refused without being quoted`, () => {
    assert.throws(
      () => parseJson(text),
      (error) => error instanceof Refusal && error.code === 'request.malformed' && !error.message.includes('Pat'),
    );
  });
}

test('a body may begin with a byte order mark, hold escapes, and brackets in its text', () => {
  assert.deepEqual(parseJson('\ufeff{"a":"\\u00e4 \\ud83d\\ude00"}'), { a: 'ä 😀' });
  assert.deepEqual(parseJson(`{"a":"${'['.repeat(1000)}\\"{"}`), { a: `${'['.repeat(1000)}"{` });
});
