// The digests that ids are made of are SHA-256: an id made before stays what it is.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sha256 } from '#kit/sha256.ts';

test('a digest is that of the text in UTF-8', () => {
  const texts = [
    '',
    'abc',
    'é😀',
    'half a pair \ud83d',
    ...[55, 56, 63, 64, 65, 1000].map((length) => 'x'.repeat(length)),
  ];
  for (const text of texts) {
    assert.equal(sha256(text), createHash('sha256').update(text.toWellFormed()).digest('hex'), text);
  }
});
