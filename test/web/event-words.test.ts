import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventClause, eventText } from '#web/events/event-words.ts';

test('an event is told by the word that the screens have for its record', () => {
  assert.equal(eventText('FLAG_CREATED'), 'A banner was created');
  assert.equal(eventText('FLAG_DELETED'), 'A banner was deleted');
  assert.equal(eventText('GUIDANCE_RESPONSE_UPDATED'), 'A protocol card changed');
  assert.equal(eventText('LAB_REPORT_CREATED'), 'A lab report was created');
});

test('what was done to a command is told as past', () => {
  assert.equal(eventText('PLAN_COMMAND__POST_COMMIT'), 'The Plan command was committed');
  assert.equal(eventText('POST_COMMAND_COMMIT'), 'A command was committed');
  assert.equal(eventClause('POST_COMMAND_COMMIT'), 'a command was committed');
});

test('of a type that is not known there is its name', () => {
  assert.equal(eventText('SOMETHING_ELSE'), 'SOMETHING_ELSE');
});
