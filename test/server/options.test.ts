// Options that are records, in a clinic with more of them than are read at a time.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Organization, Resource } from '@medplum/fhirtypes';
import { type Charting, charting } from './charting.ts';
import { type RunningApp, runApp } from './running-app.ts';

const MANY = 300;

const organization = (name: string, type?: string): Organization => ({
  resourceType: 'Organization',
  name,
  ...(type && {
    type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: type }] }],
  }),
});

describe('options that are records', () => {
  let app: RunningApp;
  let chart: Charting;
  let note: string;
  before(async () => {
    app = await runApp();
    chart = charting(app);
    note = await chart.note();
    const ordinal = Array.from({ length: MANY }, (_, number) => number);
    await put(
      ordinal.map((number) => ({ resourceType: 'Practitioner', name: [{ given: ['Ann'], family: `Ng${number}` }] })),
    );
    await put(ordinal.map((number) => ({ resourceType: 'CareTeam', name: `Nurses ${number}` })));
    await put([
      { resourceType: 'Practitioner', name: [{ given: ['Zoë'], family: 'Quill, MD' }] },
      { resourceType: 'CareTeam', name: 'Wound care' },
      organization('Millrace Laboratory', 'prov'),
      organization('Mill Road Imaging'),
      organization('Millers Mutual', 'ins'),
      organization('Mill Workers’ Plan', 'pay'),
    ]);
  });
  after(() => app.close());

  async function put(resources: readonly Resource[]): Promise<void> {
    const entry = resources.map((resource) => ({ resource, request: { method: 'POST', url: resource.resourceType } }));
    const { status, text } = await app.ask('POST', '/fhir/R4', {
      body: { resourceType: 'Bundle', type: 'transaction', entry },
    });
    assert.equal(status, 200, text);
  }

  async function found(command: string, field: string, query: string): Promise<string[]> {
    const { id } = (await chart.originate(note, { command })).json;
    const path = `/api/commands/${id}/fields/${field}/options?query=${encodeURIComponent(query)}`;
    const { status, json, text } = await app.ask('GET', path);
    assert.equal(status, 200, text);
    return json.items.map((item: { text: string }) => item.text);
  }

  test('are found by the beginnings of their words, in any order, with or without accents', async () => {
    assert.deepEqual(await found('prescribe', 'prescriber', 'zoe'), ['Zoë Quill, MD']);
    assert.deepEqual(await found('prescribe', 'prescriber', 'qui ZO'), ['Zoë Quill, MD']);
    assert.deepEqual(await found('prescribe', 'prescriber', 'quill,'), ['Zoë Quill, MD']);
    assert.deepEqual(await found('prescribe', 'prescriber', 'ng299'), ['Ann Ng299']);
    assert.deepEqual(await found('prescribe', 'prescriber', 'uill'), [], 'not by their middles');
  });

  test('are found where the store cannot look for their names', async () => {
    assert.deepEqual(await found('task', 'assignTo', 'wound'), ['Wound care']);
  });

  test('are the first of them where nothing is asked for, and none where nobody is called so', async () => {
    assert.equal((await found('prescribe', 'prescriber', '')).length, 50);
    assert.deepEqual(await found('prescribe', 'prescriber', 'ann\u0000nobody%_|$\\'), []);
  });

  for (const [command, field] of [
    ['labOrder', 'labPartner'],
    ['imagingOrder', 'imagingCenter'],
    ['prescribe', 'pharmacy'],
    ['refer', 'serviceProvider'],
  ] as const) {
    test(`of ${command} are no payers`, async () => {
      assert.deepEqual((await found(command, field, 'mill')).sort(), ['Mill Road Imaging', 'Millrace Laboratory']);
    });
  }
});
