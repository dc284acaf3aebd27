// What plugins bill, by the code systems that the codes are of.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChargeItem } from '@medplum/fhirtypes';
import { CPT, HCPCS } from '#kit/systems.ts';
import { addBillingLineItem } from '#sdk/effects.ts';
import { Answering } from './answering.ts';

describe('a code that a plugin bills', () => {
  let here: Answering;
  before(async () => {
    here = await Answering.open();
    await here.put({ resourceType: 'Patient', id: 'p1' });
  });
  after(() => here.close());

  const billed = async (line: { code: string; system?: string }) => {
    const { references } = await here.apply([addBillingLineItem({ patient: 'p1', ...line })]);
    return (await here.current<ChargeItem>(references[0]!)).code.coding;
  };

  test('without its system is CPT or HCPCS Level II by its form', async () => {
    assert.deepEqual(await billed({ code: '99213' }), [{ system: CPT, code: '99213' }]);
    assert.deepEqual(await billed({ code: '0042T' }), [{ system: CPT, code: '0042T' }]);
    assert.deepEqual(await billed({ code: 'J1885' }), [{ system: HCPCS, code: 'J1885' }]);
  });

  test('with its system is of that one', async () => {
    assert.deepEqual(await billed({ code: '99213', system: HCPCS }), [{ system: HCPCS, code: '99213' }]);
  });
});
