// What the name of a function says of a refusal: `refuseX` throws one where something is wrong and returns nothing; what returns
// the refusal, for its caller to throw, is `refused`, and what returns a fault or a reason is named for that.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SOURCES } from './sources.ts';

const OTHERS: Readonly<Record<string, string>> = {
  'sdk/answers.ts: refuse': 'what a plugin answers to a gate, of which the server makes a refusal',
  'chart/commands/desk.ts: refuseForeign': 'the look at each record throws',
};

/** A declaration, to the end of its body. */
const DECLARED =
  /^([ ]*)(?:export )?(?:async )?(?:function )?#?(refuse(?:[A-Z]\w*)?)(?:<[^>]*>)?\([^;]*?\): ([^{;]+?)(?: \{\n(.*?)\n\1\}|;)$/gms;

test('a function named refuse… throws, and returns nothing', () => {
  const declared = SOURCES.flatMap(({ name, text }) =>
    [...text.matchAll(DECLARED)].map(([, , called, type, body]) => ({ called: `${name}: ${called}`, type, body })),
  );
  assert.ok(declared.length > 40, 'these are not the functions');
  const others = declared.filter(
    ({ type, body }) =>
      !/^(?:void|never|Promise<void>|asserts .+)$/.test(type!) ||
      (body !== undefined && !/\bthrow\b|\brefuse\w*\(/.test(body)),
  );
  assert.deepEqual(
    others.map(({ called }) => called),
    Object.keys(OTHERS),
  );
});
