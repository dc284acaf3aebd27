// The ids of what a plugin keeps by key.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { keyedId } from '#effects/keyed.ts';
import { isFhirId } from '#kit/ids.ts';
import { sha256 } from '#kit/sha256.ts';

test('the hash of a text is SHA-256 of its UTF-8, at every length around a block', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'aé€😀'.repeat(length % 5) + 'x'.repeat(length);
    assert.equal(sha256(text), createHash('sha256').update(text).digest('hex'), `length ${length}`);
  }
});

test('the id is a FHIR id, the same each time, and another when plugin, patient, key or kind is another', () => {
  const id = keyedId('banner', 'demo', 'p1', 'k');
  assert.ok(isFhirId(id));
  assert.equal(keyedId('banner', 'demo', 'p1', 'k'), id);
  const others = [
    keyedId('card', 'demo', 'p1', 'k'),
    keyedId('banner', 'demo2', 'p1', 'k'),
    keyedId('banner', 'demo', 'p2', 'k'),
    keyedId('banner', 'demo', 'p1', 'k2'),
    keyedId('banner', 'demo', 'p1k', ''),
  ];
  assert.equal(new Set([id, ...others]).size, 6);
});
