// Decimals on screens: as they were written, also after what is shown was read again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '#kit/json/parse.ts';
import { printJson } from '#kit/json/print.ts';
import { shared } from '#web/api/shared.ts';
import { changesOf } from '#web/events/changes.ts';
import { quantityText, rangeText } from '#web/fhir/words.ts';
import { numberText, typedNumber } from '#web/note/exact.ts';
import { givenTo, proposed, withGiven } from '#web/note/question-levels.ts';

test('what is read again keeps equal parts, and how numbers are written', () => {
  const text = '{"a":{"value":1.00,"list":[1.0,2]},"b":[{"x":1},{"x":2}]}';
  const before = parseJson(text) as { a: object; b: object[] };
  assert.equal(shared(before, parseJson(text)), before);
  const next = parseJson(text.replace('"x":2', '"x":3.0')) as typeof before;
  const after = shared(before, next) as typeof before;
  assert.equal(printJson(after), printJson(next));
  assert.equal(after.a, before.a);
  assert.equal(after.b[0], before.b[0]);
  assert.notEqual(after.b[1], before.b[1]);
  // Only the form differs.
  const rewritten = shared(before, parseJson(text.replace('1.00', '1'))) as typeof before;
  assert.equal(printJson(rewritten), text.replace('1.00', '1'));
  assert.equal(rewritten.b, before.b);
  assert.deepEqual([shared([1], { 0: 1 }), shared(undefined, 1), shared([1, 2], [1])], [{ 0: 1 }, 1, [1]]);
});

test('quantities, ranges and changes show numbers as they were written', () => {
  const quantity = (value: string) => parseJson(`{"value":${value},"unit":"mg"}`) as { value: number };
  assert.equal(quantityText(quantity('1.00')), '1.00 mg');
  assert.equal(quantityText(quantity('5')), '5 mg');
  assert.equal(rangeText({ low: quantity('3.50'), high: quantity('5') }), '3.50 – 5');
  const [previous, record] = [{ valueQuantity: quantity('1.00') }, { valueQuantity: quantity('1') }];
  const rows = changesOf({ previous, record, changed: ['Observation.valueQuantity.value'] });
  assert.deepEqual(rows, [{ path: 'valueQuantity.value', before: '1.00', after: 1 }]);
});

test('a typed number is shown as it was typed, and what is no number yet as well', () => {
  const cases = [
    ['98.60', '98.60'],
    ['7', '7'],
    ['7.', '7.'],
    ['.50', '0.50'],
    ['-.5', '-0.5'],
    ['007.10', '7.10'],
    ['-0', '-0'],
    ['0.10', '0.10'],
    ['12345678901234567890.5', '12345678901234567890.5'],
    ['1e3', '1e3'],
    ['9'.repeat(400), '9'.repeat(400)],
    ['7,5', '7,5'],
    ['', ''],
  ];
  for (const [typed, shown] of cases) assert.equal(numberText(typedNumber(typed!)), shown, typed);
});

test('answers to questions keep how numbers were typed, and forget it with the number', () => {
  const [one, several] = [
    { linkId: 'a', type: 'decimal' as const },
    { linkId: 'b', type: 'decimal' as const, repeats: true },
  ];
  const first = withGiven({}, one, [typedNumber('7.0')]);
  const both = withGiven(first, several, [typedNumber('1.50'), 2, typedNumber('3.0')]);
  assert.equal(printJson(both), '{"a":7.0,"b":[1.50,2,3.0]}');
  assert.deepEqual(givenTo(both, 'b').map(numberText), ['1.50', '2', '3.0']);
  assert.equal(printJson(withGiven(both, one, [7])), '{"a":7,"b":[1.50,2,3.0]}');
  const items = [{ ...one, initial: parseJson('[{"valueDecimal":2.50}]') as { valueDecimal: number }[] }];
  assert.equal(printJson(proposed(items, new Map())), '{"a":2.50}');
});
