// Each record that `doctor` makes of the R4 types is one that the server keeps: refused ones would tell no event.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import { kept } from '#demo/every-event/others.ts';
import { smallest } from '#demo/every-event/smallest.ts';
import { validate } from '#r4/validate.ts';
import { GENERIC_KINDS } from '#records/index.ts';
import type { R4ResourceType } from '#records/resource-types.ts';
import { noEffectOf } from '#records/without-effect.ts';

test('the smallest record of each type is valid, and kept', () => {
  assert.ok(GENERIC_KINDS.length > 100);
  for (const { resource } of GENERIC_KINDS) {
    const subject = { reference: 'Patient/p' };
    const record = kept(smallest(resource as R4ResourceType, subject) as Resource);
    assert.equal(noEffectOf(record), undefined, resource);
    assert.deepEqual(validate(record), [], resource);
  }
});
