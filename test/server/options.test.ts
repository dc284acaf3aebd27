// Options that are records, in a clinic with more of them than are read at a time.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Organization, Resource } from '@medplum/fhirtypes';
import { type Charting, charting } from './charting.ts';
import { type RunningApp, runApp } from './running-app.ts';

const MANY = 300;
/** Several pages of care teams, whose names the store does not know. */
const TEAMS = 350;
/** More than are offered at once. */
const CROWD = 60;

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
    const upTo = (many: number) => Array.from({ length: many }, (_, number) => number);
    await put(
      upTo(MANY).map((number) => ({ resourceType: 'Practitioner', name: [{ given: ['Ann'], family: `Ng${number}` }] })),
    );
    await put(upTo(TEAMS).map((number) => ({ resourceType: 'CareTeam', name: `Nurses ${number}` })));
    await put([
      ...upTo(CROWD).map(
        (number): Resource => ({ resourceType: 'Practitioner', name: [{ family: `Lindqvist${number}` }] }),
      ),
      { resourceType: 'Practitioner', name: [{ given: ['Zoë'], family: 'Quill, MD' }] },
      { resourceType: 'Practitioner', name: [{ family: 'Lin' }] },
      {
        resourceType: 'Practitioner',
        name: [
          { use: 'maiden', given: ['Maja'], family: 'Sørensen' },
          { use: 'official', given: ['Maja'], family: 'Østby' },
        ],
      },
      { resourceType: 'Practitioner', name: [{ given: ['Gone'], family: 'Gauss' }], active: false },
      { resourceType: 'Practitioner', name: [{ given: ['Here'], family: 'Gauss' }], active: true },
      { resourceType: 'CareTeam', name: 'Old wounds', status: 'inactive' },
      {
        resourceType: 'CareTeam',
        name: 'Wounds of another',
        subject: { reference: `Patient/${await chart.patient()}` },
      },
      organization('Lin Laboratory'),
      { ...organization('Millwright Laboratory'), active: false },
      { resourceType: 'CareTeam', name: 'Wound care' },
      organization('Millrace Laboratory', 'prov'),
      organization('Mill Road Imaging'),
      organization('Millers Mutual', 'ins'),
      organization('Mill Workers’ Plan', 'pay'),
    ]);
  });
  after(() => app.close());

  async function put(resources: readonly Resource[]): Promise<void> {
    const entries = resources.map((resource) => ({
      resource,
      request: { method: 'POST', url: resource.resourceType },
    }));
    while (entries.length > 0) {
      const { status, text } = await app.ask('POST', '/fhir/R4', {
        body: { resourceType: 'Bundle', type: 'transaction', entry: entries.splice(0, 300) },
      });
      assert.equal(status, 200, text);
    }
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

  test('are found by a former name, and shown by the one in force', async () => {
    assert.deepEqual(await found('prescribe', 'prescriber', 'sorensen'), ['Maja Østby']);
    assert.deepEqual(await found('prescribe', 'prescriber', 'maja ostby'), ['Maja Østby']);
  });

  test('are found where the store cannot look for their names', async () => {
    assert.deepEqual(await found('task', 'assignTo', 'wound'), ['Wound care']);
  });

  test('are first what is called exactly so, where more begin like it than are offered', async () => {
    const lins = await found('prescribe', 'prescriber', 'lin');
    assert.deepEqual([lins.length, lins[0]], [50, 'Lin']);
  });

  test('are of each type, where there are many of one', async () => {
    const lins = await found('task', 'assignTo', 'lin');
    assert.deepEqual([lins.length, lins[0], lins.at(-1)], [50, 'Lin', 'Lin Laboratory']);
  });

  test('are nobody who left, and no team of another patient; what a command holds stays', async () => {
    assert.deepEqual(await found('prescribe', 'prescriber', 'gauss'), ['Here Gauss']);
    assert.deepEqual(await found('task', 'assignTo', 'wounds'), []);
    const { entry } = (await app.ask('GET', '/fhir/R4/Practitioner?given=Gone')).json;
    const held = await chart.originate(note, { command: 'prescribe', fields: { prescriber: entry[0].resource.id } });
    assert.deepEqual([held.status, held.json.fields.prescriber.text], [201, 'Gone Gauss']);
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
