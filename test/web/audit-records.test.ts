import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionText } from '#web/audit/action-text.ts';
import { recordsText, recordsTitle } from '#web/audit/records-text.ts';

test('a row says which records there were in one line, and each of them on asking', () => {
  const records = { Observation: ['a@1', 'b@2'], Patient: ['p@3'], FamilyMemberHistory: ['x', 'y'] };
  assert.equal(recordsText(records), '2 Observations, Patient, 2 FamilyMemberHistories');
  assert.equal(
    recordsTitle(records),
    'Observation: a (version 1), b (version 2)\nPatient: p (version 3)\nFamilyMemberHistory: x, y',
  );
  const many = Object.fromEntries(['A', 'B', 'C', 'D', 'E', 'F'].map((type) => [type, ['1']]));
  assert.equal(recordsText(many), 'A, B, C, D and 2 more types');
});

test('what plugins did is said in words', () => {
  for (const action of ['plugin.read', 'plugin.search', 'plugin.event', 'plugin.effect', 'audit.prune', 'audit.chains'])
    assert.doesNotMatch(actionText(action), /plugin\.|\./, action);
});
