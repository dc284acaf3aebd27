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

const organization = (name: string, code?: string, list = 'organization-type'): Organization => ({
  resourceType: 'Organization',
  name,
  ...(code && { type: [{ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${list}`, code }] }] }),
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
      organization('Lin Street Office', 'dept'),
      { ...organization('Millwright Laboratory'), active: false },
      { resourceType: 'CareTeam', name: 'Wound care' },
      organization('Millrace Laboratory', 'prov'),
      organization('Mill Road Imaging'),
      organization('Millers Mutual', 'ins'),
      organization('Mill Workers’ Plan', 'pay'),
      { ...organization('Mill Street Pharmacy', 'PHARM', 'v3-RoleCode'), address: [{ text: '3 Mill Street' }] },
      organization('Mill End Laboratory', 'OUTLAB', 'v3-RoleCode'),
      organization('Mill End Imaging', 'RADDX', 'v3-RoleCode'),
      { resourceType: 'HealthcareService', name: 'Mill House rehabilitation', active: true },
      {
        resourceType: 'PractitionerRole',
        practitioner: { display: 'Ada Millikan, MD' },
        specialty: [{ text: 'Cardiology' }],
        organization: { display: 'Heart House' },
      },
    ]);
    const { json: colleague } = await app.ask('POST', '/fhir/R4/Practitioner', {
      body: { resourceType: 'Practitioner', name: [{ given: ['Bo'], family: 'Millward' }] },
    });
    await put([
      {
        resourceType: 'PractitionerRole',
        practitioner: { reference: `Practitioner/${colleague.id}` },
        specialty: [{ text: 'Dermatology' }],
      },
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

  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  async function options(command: string, field: string, query: string): Promise<any[]> {
    const { id } = (await chart.originate(note, { command })).json;
    const path = `/api/commands/${id}/fields/${field}/options?query=${encodeURIComponent(query)}`;
    const { status, json, text } = await app.ask('GET', path);
    assert.equal(status, 200, text);
    return json.items;
  }
  const found = async (command: string, field: string, query: string): Promise<string[]> =>
    (await options(command, field, query)).map(({ text }) => text);

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
    assert.deepEqual([lins.length, lins[0], lins.at(-1)], [50, 'Lin', 'Lin Street Office']);
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

  // Those that say what they are, and where that is not said, those of whom nothing else is known. No payers.
  for (const [command, field, ...expected] of [
    ['labOrder', 'labPartner', 'Mill End Laboratory', 'Mill Road Imaging', 'Millrace Laboratory'],
    ['imagingOrder', 'imagingCenter', 'Mill End Imaging', 'Mill Road Imaging', 'Millrace Laboratory'],
    ['prescribe', 'pharmacy', 'Mill Street Pharmacy'],
    [
      'refer',
      'serviceProvider',
      'Ada Millikan, MD – Cardiology',
      'Bo Millward – Dermatology',
      'Mill House rehabilitation',
      'Mill Road Imaging',
      'Millrace Laboratory',
    ],
    ['task', 'assignTo', 'Bo Millward'],
  ] as const) {
    test(`of ${command} are of the kind that it asks for`, async () => {
      assert.deepEqual((await found(command, field, 'mill')).sort(), expected);
    });
  }

  test('say where they are, and are found by what they do', async () => {
    const [pharmacy] = await options('prescribe', 'pharmacy', 'mill street');
    assert.deepEqual([pharmacy.description, pharmacy.fits], ['3 Mill Street', true]);
    const [specialist, ...others] = await options('refer', 'serviceProvider', 'cardiology');
    assert.deepEqual(
      [specialist.text, specialist.description, specialist.fits, others],
      ['Ada Millikan, MD – Cardiology', 'Heart House', true, []],
    );
    const [there] = await options('refer', 'serviceProvider', 'heart house');
    assert.deepEqual([there.text, there.fits], ['Ada Millikan, MD – Cardiology', false], 'not by where they are alone');
    const fields = { serviceProvider: { value: `PractitionerRole/${specialist.value}`, text: specialist.text } };
    const referral = await chart.originate(note, {
      command: 'refer',
      fields: {
        ...fields,
        diagnosisCodes: ['I10'],
        clinicalQuestion: 'diagnostic-uncertainty',
        priority: 'routine',
      },
    });
    const { status, json } = await app.ask('POST', `/api/commands/${referral.json.id}/commit`, { body: {} });
    assert.equal(status, 200);
    const { performer } = (await app.ask('GET', `/fhir/R4/ServiceRequest/${json.made[0].id}`)).json;
    assert.deepEqual(performer, [
      { reference: `PractitionerRole/${specialist.value}`, display: 'Ada Millikan, MD – Cardiology' },
    ]);
  });

  test('fit what is typed, and nothing where nothing is', async () => {
    assert.ok((await options('task', 'assignTo', 'wound')).every(({ fits }) => fits));
    assert.ok((await options('task', 'assignTo', '')).every(({ fits }) => !fits));
    const codes = async (command: string, field: string, query: string) =>
      (await options(command, field, query)).map(({ value, fits }) => [value, fits]);
    assert.deepEqual((await codes('familyHistory', 'familyHistory', 'colon cancer'))[0], ['C18.9', true]);
    assert.deepEqual((await codes('diagnose', 'diagnose', 'E11'))[0], ['E11.9', false]);
    assert.ok((await codes('prescribe', 'prescribe', 'atrovastatin')).every(([, fits]) => !fits));
  });

  test('are found by a code only when it is typed whole', async () => {
    const coding = [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'C18.9', display: 'Colon cancer' }];
    await chart.originate(note, {
      command: 'diagnose',
      fields: { diagnose: { value: 'C18.9', text: 'Malignant neoplasm of colon', coding } },
    });
    const { commands } = (await app.ask('GET', `/api/notes/${note}`)).json;
    const { id } = commands.at(-1);
    assert.equal((await app.ask('POST', `/api/commands/${id}/commit`, { body: {} })).status, 200);
    assert.deepEqual(await found('resolveCondition', 'condition', 'c18'), []);
    assert.deepEqual(await found('resolveCondition', 'condition', 'c18.9'), ['Malignant neoplasm of colon']);
    assert.deepEqual(await found('resolveCondition', 'condition', 'colon'), ['Malignant neoplasm of colon']);
  });
});
