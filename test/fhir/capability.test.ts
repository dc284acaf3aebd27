// The CapabilityStatement tells the truth.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capabilityStatement } from '#fhir/capability.ts';
import { RESOURCE_TYPES } from '#r4/resource-types.ts';
import { parseCriterion } from '#r4/search-parse.ts';
import { validate } from '#r4/validate.ts';

const statement = capabilityStatement({
  baseUrl: 'http://127.0.0.1/fhir/R4',
  since: '2024-01-01T00:00:00.000Z',
  version: '1.2.3',
});
const resources = statement.rest![0]!.resource!;
const patient = resources.find(({ type }) => type === 'Patient')!;

test('it is a valid R4 resource', () => {
  assert.deepEqual(validate(statement), []);
});

test('it lists every resource type with the interactions that are routed', () => {
  assert.deepEqual(
    resources.map(({ type }) => type),
    [...RESOURCE_TYPES],
  );
  assert.deepEqual(patient.interaction!.map(({ code }) => code).sort(), [
    'create',
    'delete',
    'history-instance',
    'history-type',
    'patch',
    'read',
    'search-type',
    'update',
    'vread',
  ]);
  assert.equal(patient.conditionalCreate, true);
  assert.equal(patient.conditionalUpdate, true);
  assert.equal(patient.conditionalDelete, 'single');
  assert.equal(patient.updateCreate, true);
});

test('it names what can be searched, included and included in reverse', () => {
  const observation = resources.find(({ type }) => type === 'Observation')!;
  const names = observation.searchParam!.map(({ name }) => name);
  for (const name of ['_id', '_lastUpdated', 'code', 'subject', 'date', 'value-quantity'])
    assert.ok(names.includes(name), name);
  assert.ok(observation.searchInclude!.includes('Observation:subject'));
  assert.ok(patient.searchRevInclude!.includes('Observation:subject'));
});

test('every search parameter it names can be searched by', () => {
  for (const { type, searchParam = [] } of resources) {
    for (const { name } of searchParam)
      assert.doesNotThrow(() => parseCriterion(type, `${name}:missing`, 'true'), `${type} ${name}`);
    for (const { type: kind } of searchParam) assert.ok(kind !== 'composite' && kind !== 'special');
  }
});

test('operations stand where they can be called', () => {
  assert.ok(patient.operation!.some(({ name }) => name === 'everything'));
  const task = resources.find(({ type }) => type === 'Task')!;
  assert.deepEqual(
    task.operation!.map(({ name }) => name),
    ['validate'],
  );
});
