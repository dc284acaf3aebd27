// What each command's commit writes, what it refuses, and that entering it in error takes all of it back: on a real
// chart, which validates every record and derives the events.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Observation, Resource } from '@medplum/fhirtypes';
import { AUDIT_C } from '#chart/questionnaires/audit-c.ts';
import { COMMANDS } from '#commands/index.ts';
import { Refusal } from '#kit/errors.ts';
import { CONDITION_REFUSALS, CONDITIONS } from './cases/conditions.ts';
import { GOAL_REFUSALS, GOALS } from './cases/goals.ts';
import { MEDICATION_REFUSALS, MEDICATIONS } from './cases/medications.ts';
import { ORDER_REFUSALS, ORDERS } from './cases/orders.ts';
import { PROCEDURE_REFUSALS, PROCEDURES } from './cases/procedures.ts';
import { INTAKE, QUESTIONNAIRE_REFUSALS, QUESTIONNAIRES, SIZES } from './cases/questionnaires.ts';
import { SURVEY, VISIT_REFUSALS, VISITS } from './cases/visit.ts';
import { Practice } from './practice.ts';

const CASES = [...CONDITIONS, ...GOALS, ...MEDICATIONS, ...ORDERS, ...PROCEDURES, ...VISITS, ...QUESTIONNAIRES];
const REFUSALS = [
  ...CONDITION_REFUSALS,
  ...GOAL_REFUSALS,
  ...MEDICATION_REFUSALS,
  ...ORDER_REFUSALS,
  ...PROCEDURE_REFUSALS,
  ...VISIT_REFUSALS,
  ...QUESTIONNAIRE_REFUSALS,
];

/** Of the first case of a command. */
function fieldsOf(command: string): object {
  return CASES.find((one) => one.command === command)!.fields;
}

describe('the commit of', () => {
  let practice: Practice;
  before(async () => {
    practice = await Practice.open([SURVEY, AUDIT_C, SIZES, INTAKE]);
  });
  after(() => practice.close());

  for (const { command, rule, fields, writes, events } of CASES) {
    test(`${command} ${rule}`, async () => {
      const before = await changeable(practice, writes);
      const outcome = await practice.commit(command, fields);
      assert.deepEqual(typesOf(outcome.records), typesOf(writes as Resource[]));
      for (const [index, expected] of writes.entries()) {
        assert.partialDeepStrictEqual(outcome.records[index], expected);
      }
      assert.deepEqual(outcome.events, events);
      await practice.enterInError(outcome);
      for (const { resourceType, id } of outcome.records) {
        const reference = `${resourceType}/${id}`;
        const now = await practice.current(reference);
        const former = before.get(reference);
        if (former) assert.deepEqual(content(now), content(former), `${reference} is not as it was`);
        else assert.match(statusOf(now!), /entered-in-error/, `${reference} is not marked`);
      }
    });
  }

  for (const { command, rule, fields, at, says } of REFUSALS) {
    test(`${command} refuses ${rule}`, async () => {
      await assert.rejects(practice.commit(command, fields), (error) => {
        assert.ok(error instanceof Refusal, String(error));
        assert.equal(error.code, 'command.fields');
        const [fault] = error.faults;
        assert.match(fault!.path, new RegExp(`^/fields/${at}(/|$)`));
        assert.match(fault!.message, says);
        return true;
      });
    });
  }

  test('every command is tried, and so is a refusal of each', () => {
    const keys = COMMANDS.map(({ key }) => key).toSorted();
    assert.deepEqual([...new Set(CASES.map(({ command }) => command))].toSorted(), keys);
    const missing = keys.filter((key) => !REFUSALS.some(({ command }) => command === key));
    assert.deepEqual(missing, ['medicationStatement'], 'whatever is on the list may be taken, in words too');
  });

  test('vitals of a child under two have no body mass index', async () => {
    const note = await practice.noteOf('infant');
    const { records } = await practice.commit('vitals', { height: 32, weightLbs: 25 }, note);
    const codes = records.map((record) => (record as Observation).code.coding![0]!.code);
    assert.deepEqual(codes, ['8302-2', '29463-7', '85353-1']);
  });

  test('the panel and the body mass index name the readings of the same commit', async () => {
    const { records } = await practice.commit('vitals', { height: 70, weightLbs: 180 });
    const references = records.map(({ id }) => ({ reference: `Observation/${id}` }));
    const [, , index, panel] = records as Observation[];
    assert.deepEqual(index!.derivedFrom, references.slice(0, 2));
    assert.deepEqual(panel!.hasMember, references.slice(0, 3));
  });

  test('what a commit makes of one thing refers to it', async () => {
    const { records: prescribed } = await practice.commit('prescribe', fieldsOf('prescribe'));
    const reference = `MedicationRequest/${prescribed[0]!.id}`;
    assert.partialDeepStrictEqual(prescribed[1], { derivedFrom: [{ reference }] });
    const { records: performed } = await practice.commit('perform', PROCEDURES[0]!.fields);
    assert.partialDeepStrictEqual(performed[1], { service: [{ reference: `Procedure/${performed[0]!.id}` }] });
  });

  test('a task may be left to whoever takes it', async () => {
    const assignTo = { value: 'unassigned', text: 'Unassigned' };
    const { records } = await practice.commit('task', { title: 'Call', assignTo });
    assert.equal('owner' in records[0]!, false);
  });

  test('internal comments of orders are in no record', async () => {
    const { records } = await practice.commit('imagingOrder', ORDERS[1]!.fields);
    assert.doesNotMatch(JSON.stringify(records), /Call her/);
  });

  test('in a note without a visit the reason for it changes no record', async () => {
    const note = await practice.noteOf('p1', 'phone');
    const { records, entry } = await practice.commit('reasonForVisit', { comment: 'Cough' }, note);
    assert.deepEqual([records, entry.state, entry.made], [[], 'committed', []]);
  });
});

function typesOf(records: readonly Resource[]): string[] {
  return records.map(({ resourceType }) => resourceType);
}

/** The records with an id of their own among those expected: they are there before the commit. */
async function changeable(practice: Practice, writes: readonly object[]): Promise<Map<string, Resource>> {
  const known = new Map<string, Resource>();
  for (const { resourceType, id = 'e1' } of writes as Resource[]) {
    const record = await practice.current(`${resourceType}/${id}`);
    if (record) known.set(`${resourceType}/${id}`, record);
  }
  return known;
}

/** Without what every write changes. */
function content(record: Resource | undefined): object {
  const { meta: _, ...rest } = record!;
  return rest;
}

function statusOf(record: Resource): string {
  const { status, lifecycleStatus, verificationStatus } = record as unknown as Record<string, unknown>;
  return JSON.stringify([status, lifecycleStatus, verificationStatus]);
}
