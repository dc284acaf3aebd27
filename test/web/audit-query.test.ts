import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryText } from '#web/audit/query-text.ts';

test('a query is read decoded, its parameters beside each other', () => {
  assert.equal(queryText('name=van%20Dyk&_count=5'), 'name=van Dyk · _count=5');
  assert.equal(queryText('name%3Acontains=Zo%C3%AB+Quill'), 'name:contains=Zoë Quill');
  assert.equal(queryText('code=http%3A%2F%2Floinc.org%7C8480-6'), 'code=http://loinc.org|8480-6');
  assert.equal(queryText('q=a%26b%252B'), 'q=a&b%2B', 'once');
});

test('what is no text stays as it came', () => {
  assert.equal(queryText('a=100%&b=%zz&c=%C3&d=%'), 'a=100% · b=%zz · c=%C3 · d=%');
  assert.equal(queryText('a=%C3%28&b=ok%20'), 'a=%C3%28 · b=ok ');
  assert.equal(queryText('a=%00x&b=%E2%80%AEevil&c=%0a'), 'a=%00x · b=%E2%80%AEevil · c=%0a', 'nor what is not seen');
  assert.equal(queryText(''), '');
});
