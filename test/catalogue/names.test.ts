// The catalogue holds what was promised, and nothing twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '#commands/index.ts';
import { EVENTS, EventType, eventByType, isEventType } from '#events/catalogue.ts';
import { NAMED_KINDS, RECORD_KINDS } from '#records/index.ts';
import { R4_RESOURCE_TYPES } from '#records/resource-types.ts';
import { SPECIFIED_NAMES } from './specified-names.ts';

test('each of the 207 specified event types is in the catalogue under its own name', () => {
  assert.equal(SPECIFIED_NAMES.length, 207);
  assert.deepEqual(
    SPECIFIED_NAMES.filter((name) => eventByType(name)?.type !== name),
    [],
  );
});

test('no event type is declared twice', () => {
  const seen = new Set<string>();
  const twice = EVENTS.map(({ type }) => type).filter((type) => seen.size === seen.add(type).size);
  assert.deepEqual(twice, []);
});

test('what comes before a command’s change is a gate, what surrounds a search is an ask, all else is a notice', () => {
  const expected = (type: string): string => {
    if (/__(PRE|POST)_SEARCH$/.test(type)) return 'ask';
    return /^PRE_COMMAND_|_COMMAND__PRE_/.test(type) ? 'gate' : 'notice';
  };
  assert.deepEqual(
    EVENTS.filter(({ type, kind }) => kind !== expected(type)),
    [],
  );
  assert.equal(eventByType('PRESCRIBE_COMMAND__PRE_COMMIT')?.kind, 'gate');
  assert.equal(eventByType('ASSESS__CONDITION__POST_SEARCH')?.kind, 'ask');
});

test('every command has its twelve phases, every field with a search its three events', () => {
  for (const { prefix, fields } of COMMANDS) {
    const own = EVENTS.filter(({ origin }) => 'command' in origin && origin.command?.prefix === prefix);
    const searches = Object.values(fields).filter((field) => 'search' in field).length;
    assert.equal(own.length, 12 + 3 * searches, prefix);
  }
});

test('every R4 resource type has events for its creation, change and deletion, under one name or several', () => {
  for (const type of R4_RESOURCE_TYPES) {
    const prefixes = RECORD_KINDS.filter(({ resource }) => resource === type).map(({ prefix }) => prefix);
    assert.notEqual(prefixes.length, 0, type);
    for (const prefix of prefixes) {
      for (const moment of ['CREATED', 'UPDATED', 'DELETED']) assert.ok(isEventType(`${prefix}_${moment}`), prefix);
    }
  }
});

test('a kind that takes what is left of its type comes after those that are told apart', () => {
  for (const [index, kind] of NAMED_KINDS.entries()) {
    const later = NAMED_KINDS.slice(index + 1).filter(({ resource }) => resource === kind.resource);
    assert.ok('is' in kind || later.length === 0, `${kind.prefix} leaves nothing for ${later.map((k) => k.prefix)}`);
  }
});

test('EventType names each event type by itself', () => {
  assert.equal(EventType.LAB_REPORT_CREATED, 'LAB_REPORT_CREATED');
  assert.deepEqual(
    Object.entries(EventType).filter(([key, value]) => key !== value),
    [],
  );
  assert.equal(Object.keys(EventType).length, EVENTS.length);
});
