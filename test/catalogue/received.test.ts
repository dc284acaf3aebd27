// Each of the 207 specified event types happens, at a public door of a whole server, and reaches a plugin in the sandbox.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type Heard, hearEveryEvent } from '#demo/every-event/hear.ts';
import type { Received } from '#demo/every-event/recorder.ts';
import { type ContextOf, type EventDefinition, type EventType, eventByType } from '#events/catalogue.ts';
import { OPERATIONS } from '#kit/command-kind.ts';
import { startApp } from '#app.ts';
import { examplesOf, keptExamples } from '../../docs/pages/event-examples.ts';
import { freshDatabase } from '../support/database.ts';
import { SHOWN_BESIDE, SPECIFIED_NAMES } from './specified-names.ts';

/** Names of what a context promises, held to its type by the compiler. */
const keys =
  <T extends EventType>() =>
  (...names: readonly (keyof ContextOf<T> & string)[]): readonly string[] =>
    names;

const RECORD = {
  CREATED: keys<'PATIENT_CREATED'>()('record', 'changed'),
  UPDATED: keys<'PATIENT_UPDATED'>()('record', 'previous', 'changed'),
  DELETED: keys<'CONSENT_DELETED'>()('record', 'changed'),
};
/** A transition holds what a creation does, and for some more. */
const TRANSITION: Readonly<Record<string, readonly string[]>> = {
  APPOINTMENT_RESCHEDULED: keys<'APPOINTMENT_RESCHEDULED'>()('record', 'changed', 'rescheduledFrom'),
  TASK_COMMENT_CREATED: keys<'TASK_COMMENT_CREATED'>()('record', 'changed', 'comment'),
  TASK_LABELS_ADJUSTED: keys<'TASK_LABELS_ADJUSTED'>()('record', 'changed', 'labels'),
};
const IN_NOTE = ['command', 'note', 'patient', 'fields'] as const;
const PHASE: Readonly<Record<string, readonly string[]>> = {
  PRE_ORIGINATE: keys<'PRE_COMMAND_ORIGINATE'>()(...IN_NOTE, 'proposed'),
  PRE_UPDATE: keys<'PRE_COMMAND_UPDATE'>()(...IN_NOTE, 'proposed', 'changed'),
  POST_UPDATE: keys<'POST_COMMAND_UPDATE'>()(...IN_NOTE, 'previous', 'changed'),
  POST_COMMIT: keys<'POST_COMMAND_COMMIT'>()(...IN_NOTE, 'made'),
  PRE_ENTER_IN_ERROR: keys<'PRE_COMMAND_ENTER_IN_ERROR'>()(...IN_NOTE, 'reason'),
  POST_ENTER_IN_ERROR: keys<'POST_COMMAND_ENTER_IN_ERROR'>()(...IN_NOTE, 'made', 'reason'),
  PRE_EXECUTE_ACTION: keys<'PRE_COMMAND_EXECUTE_ACTION'>()(...IN_NOTE, 'action'),
  POST_EXECUTE_ACTION: keys<'POST_COMMAND_EXECUTE_ACTION'>()(...IN_NOTE, 'action'),
};
const SEARCH = {
  PRE_SEARCH: keys<'MEDICATION_STATEMENT__MEDICATION__PRE_SEARCH'>()(...IN_NOTE, 'field', 'user', 'query', 'results'),
  POST_SEARCH: keys<'ASSESS__CONDITION__POST_SEARCH'>()(...IN_NOTE, 'field', 'user', 'query', 'results'),
  SELECTED: keys<'ASSESS_COMMAND__CONDITION_SELECTED'>()(...IN_NOTE, 'field', 'user', 'option'),
};

function promised({ type, origin }: EventDefinition): readonly string[] {
  switch (origin.of) {
    case 'record':
      return TRANSITION[type] ?? RECORD[origin.moment as keyof typeof RECORD] ?? RECORD.CREATED;
    case 'command':
      return PHASE[`${origin.moment}_${origin.operation}`] ?? IN_NOTE;
    case 'field':
      return SEARCH[origin.moment];
    case 'platform':
      return keys<'CRON'>()('minute');
  }
}

/** Through which door each comes: the clock's own, FHIR for records that nothing else makes, else /api. */
const DOORS: Readonly<Record<EventDefinition['origin']['of'], readonly string[]>> = {
  record: ['fhir', 'api'],
  command: ['api'],
  field: ['api'],
  platform: ['clock'],
};

const NOTE = ['note', 'previous', 'changed'] as const;
/** Of notes and of merged charts, what is in the context. */
const BESIDE: Readonly<Record<(typeof SHOWN_BESIDE)[number], readonly string[]>> = {
  PATIENT_MERGED: keys<'PATIENT_MERGED'>()('source', 'target', 'moved', 'reason'),
  PATIENT_UNMERGED: keys<'PATIENT_UNMERGED'>()('source', 'target', 'moved'),
  NOTE_SIGNED: keys<'NOTE_SIGNED'>()(...NOTE, 'signature'),
  NOTE_UNLOCKED: keys<'NOTE_UNLOCKED'>()(...NOTE, 'unlock'),
  NOTE_COSIGNED: keys<'NOTE_COSIGNED'>()(...NOTE, 'signature'),
  NOTE_COSIGNATURE_REQUESTED: keys<'NOTE_COSIGNATURE_REQUESTED'>()(...NOTE, 'request'),
  NOTE_COSIGNATURE_WITHDRAWN: keys<'NOTE_COSIGNATURE_WITHDRAWN'>()(...NOTE, 'request'),
  NOTE_COSIGNATURE_RETURNED: keys<'NOTE_COSIGNATURE_RETURNED'>()(...NOTE, 'request'),
  NOTE_ADDENDUM_CREATED: keys<'NOTE_ADDENDUM_CREATED'>()(...NOTE, 'addendum'),
  NOTE_ADDENDUM_ENTERED_IN_ERROR: keys<'NOTE_ADDENDUM_ENTERED_IN_ERROR'>()(...NOTE, 'addendum'),
  NOTE_STATE_CHANGE_EVENT_CREATED: keys<'NOTE_STATE_CHANGE_EVENT_CREATED'>()(...NOTE, 'state', 'from'),
};

describe('each of the 207 event types reaches a plugin in the sandbox', () => {
  let heard: Heard;
  const began = Date.now();
  const byType = new Map<string, Received[]>();

  before(async () => {
    const database = await freshDatabase();
    const dataFolder = await mkdtemp(join(tmpdir(), 'chartwire-every-event-'));
    const token = 'whoever-makes-everything-happen';
    const start = async () => {
      const where = { port: 0, host: '127.0.0.1', dataFolder, databaseUrl: database.url };
      const app = await startApp({ ...where, adminToken: token, demo: false });
      return { url: app.url, token, close: () => app.close() };
    };
    try {
      heard = await hearEveryEvent(start, [...SPECIFIED_NAMES, ...SHOWN_BESIDE], {
        whole: true,
      });
    } finally {
      await database.drop();
      await rm(dataFolder, { recursive: true, force: true });
    }
    for (const one of heard.received) byType.set(one.type, [...(byType.get(one.type) ?? []), one]);
  });

  /** Where an event of a type about this target was received, counted from the first event of all. */
  const place = (type: string, target: string): number =>
    heard.received.findIndex((one) => one.type === type && one.target.id === target);

  for (const [name, promises] of Object.entries(BESIDE)) {
    test(`and ${name}`, () => {
      const received = byType.get(name) ?? [];
      assert.notEqual(received.length, 0, `it did not reach the plugin; refused: ${JSON.stringify(heard.refused)}`);
      for (const { target, context } of received) {
        assert.equal(target.type, eventByType(name)!.target);
        assert.deepEqual(
          promises.filter((key) => !context.includes(key)),
          [],
        );
      }
    });
  }

  for (const name of SPECIFIED_NAMES) {
    test(name, () => {
      const definition = eventByType(name)!;
      const received = byType.get(name) ?? [];
      assert.notEqual(received.length, 0, `it did not reach the plugin; refused: ${JSON.stringify(heard.refused)}`);
      for (const { target, source, context } of received) {
        assert.equal(target.type, definition.target);
        assert.ok(DOORS[definition.origin.of].includes(source), source);
        const lacking = promised(definition).filter((key) => !context.includes(key));
        assert.deepEqual(lacking, [], `its context has only ${context.join(', ')}`);
      }
    });
  }

  test('no step was refused at the door', () => {
    assert.deepEqual(heard.refused, []);
  });

  test('docs/catalogue shows each as it was received; otherwise run `npm run docs -- --examples`', () => {
    const kept = keptExamples();
    assert.deepEqual([...kept.keys()].sort(), [...SPECIFIED_NAMES, ...SHOWN_BESIDE].toSorted());
    for (const [type, example] of examplesOf(heard.received, began)) assert.deepEqual(example, kept.get(type), type);
  });

  test('no event is given twice', () => {
    const ids = heard.received.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('what holds for any command is heard before what is the command’s own, and each PRE before its POST', () => {
    const own = SPECIFIED_NAMES.filter((name) => name.includes('_COMMAND__PRE_'));
    assert.equal(own.length, 11 * OPERATIONS.length);
    for (const pre of own) {
      const [, operation] = pre.split('_COMMAND__PRE_') as [string, string];
      const post = pre.replace('__PRE_', '__POST_');
      for (const { target } of byType.get(post)!) {
        const order = [`PRE_COMMAND_${operation}`, pre, `POST_COMMAND_${operation}`, post];
        const places = order.map((type) => place(type, target.id));
        // A gate that a busy machine gave no time to is not heard; what is heard is in order.
        const found = places.filter((one) => one >= 0);
        assert.deepEqual(
          found,
          found.toSorted((a, b) => a - b),
          `${order} of ${target.id}`,
        );
        assert.ok(places[2]! >= 0 && places[3]! >= 0);
      }
    }
  });

  test('a record’s creation is heard before its changes, a change before what it amounts to', () => {
    const PAIRS = [
      ['APPOINTMENT_UPDATED', 'APPOINTMENT_CANCELED'],
      ['APPOINTMENT_UPDATED', 'APPOINTMENT_RESTORED'],
      ['APPOINTMENT_UPDATED', 'APPOINTMENT_CHECKED_IN'],
      ['APPOINTMENT_UPDATED', 'APPOINTMENT_NO_SHOWED'],
      ['APPOINTMENT_CREATED', 'APPOINTMENT_RESCHEDULED'],
      ['CONDITION_UPDATED', 'CONDITION_RESOLVED'],
      ['CONDITION_CREATED', 'CONDITION_ASSESSED'],
      ['CONSENT_UPDATED', 'CONSENT_DELETED'],
      ...SPECIFIED_NAMES.filter(
        (name) => eventByType(`${name.replace(/_UPDATED$/, '_CREATED')}`) && /_UPDATED$/.test(name),
      ).map((name) => [name.replace(/_UPDATED$/, '_CREATED'), name] as const),
    ] as const;
    for (const [first, then] of PAIRS) {
      for (const { target } of byType.get(then)!) {
        const [a, b] = [place(first, target.id), place(then, target.id)];
        assert.ok(a >= 0 && a < b, `${then} of ${target.id} is number ${b}, ${first} number ${a}`);
      }
    }
  });
});
