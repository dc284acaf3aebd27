// Allergies at the doors: what is offered, and that an allergy and the assertion that there is none never stand together.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { RXNORM, SNOMED } from '#kit/systems.ts';
import { type Charting, charting } from './charting.ts';
import { type Answered, type RunningApp, runApp } from './running-app.ts';

const active = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
};

describe('allergies', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp();
    chart = charting(app);
  });
  after(() => app.close());

  const record = (note: string, fields: object): Promise<Answered> =>
    chart.originate(note, { command: 'allergy', fields, commit: true });
  const listed = async (patient: string): Promise<AllergyIntolerance[]> =>
    (await app.ask('GET', `/fhir/R4/AllergyIntolerance?patient=${patient}&_sort=_lastUpdated`)).json.entry?.map(
      ({ resource }: { resource: AllergyIntolerance }) => resource,
    ) ?? [];
  const standing = async (patient: string): Promise<string[]> =>
    (await listed(patient)).flatMap(({ clinicalStatus, code }) =>
      clinicalStatus?.coding?.[0]?.code === 'active' ? [code!.text ?? code!.coding![0]!.code!] : [],
    );

  async function offered(query: string, field = 'allergy'): Promise<[text: string, system?: string, code?: string][]> {
    const { id } = (await chart.originate(await chart.note(), { command: 'allergy' })).json;
    const path = `/api/commands/${id}/fields/${field}/options?query=${encodeURIComponent(query)}`;
    return (await app.ask('GET', path)).json.items.map(
      ({ text, coding }: { text: string; coding: { system: string; code: string }[] }) =>
        [text, coding[0]!.system, coding[0]!.code] as const,
    );
  }

  test('are to classes first, then to ingredients, never to products; by their standard codes', async () => {
    const penicillin = await offered('penicillin');
    assert.deepEqual(penicillin.slice(0, 3), [
      ['Penicillins', SNOMED, '373270004'],
      ['Penicillin G', RXNORM, '7980'],
      ['Penicillin V', RXNORM, '7984'],
    ]);
    assert.ok(penicillin.every(([text]) => !/\d MG/.test(text)));
    assert.deepEqual((await offered('contrast'))[0], ['Contrast media', SNOMED, '385420005']);
    assert.deepEqual((await offered('nkda'))[0], ['No known drug allergies', SNOMED, '409137002']);
    assert.deepEqual((await offered('hives', 'reactions'))[0], ['Hives', SNOMED, '126485001']);
  });

  test('are named by a key or a standard code alone', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    for (const allergy of ['shellfish', '723']) assert.equal((await record(note, { allergy })).status, 201);
    assert.deepEqual(
      (await listed(patient)).map(({ code, category }) => [code?.coding?.[0]?.code, ...(category ?? [])]),
      [
        ['735029006', 'food'],
        ['723', 'medication'],
      ],
    );
  });

  test('end the assertion of their kind that none is known, in the same unit of work', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    for (const allergy of ['no-known-drug-allergies', 'no-known-food-allergies']) {
      assert.equal((await record(note, { allergy })).status, 201);
    }
    const before = (await chart.events(patient)).length;
    assert.equal((await record(note, { allergy: 'peanut' })).status, 201);
    assert.deepEqual((await standing(patient)).sort(), ['No known drug allergies', 'Peanut']);
    const events = (await chart.events(patient)).slice(before);
    assert.ok(events.some(({ type }) => type === 'ALLERGY_INTOLERANCE_UPDATED'));
    assert.equal(new Set(events.map(({ chartVersion }) => chartVersion)).size, 1);
    const ended = (await listed(patient)).find(({ code }) => code?.text === 'No known food allergies')!;
    assert.match(ended.note![0]!.text!, /Ended when an allergy was recorded/);
    // Through the FHIR door, in words of which nobody knows the kind: it may be a drug.
    const made = await app.ask('POST', '/fhir/R4/AllergyIntolerance', {
      body: {
        resourceType: 'AllergyIntolerance',
        patient: { reference: `Patient/${patient}` },
        clinicalStatus: active,
        code: { text: 'Blue pill' },
      },
    });
    assert.equal(made.status, 201, made.text);
    assert.ok(!(await standing(patient)).includes('No known drug allergies'));
  });

  test('that are only changed, or over, end nothing; none is known again once they are removed', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    await record(note, { allergy: 'latex' });
    const [latex] = await listed(patient);
    const refused = await record(note, { allergy: 'no-known-allergies' });
    assert.equal(refused.status, 422);
    assert.match(refused.json.detail, /The chart has an allergy: Latex/);
    // A kind that it is not of is no contradiction.
    assert.equal((await record(note, { allergy: 'no-known-drug-allergies' })).status, 201);
    await chart.originate(note, { command: 'removeAllergy', fields: { allergy: latex!.id }, commit: true });
    assert.equal((await record(note, { allergy: 'no-known-allergies' })).status, 201);
    const over = (await listed(patient)).find(({ id }) => id === latex!.id)!;
    await app.ask('PUT', `/fhir/R4/AllergyIntolerance/${over.id}`, { body: { ...over, note: [{ text: 'Long ago' }] } });
    assert.deepEqual((await standing(patient)).sort(), ['No known allergies', 'No known drug allergies']);
  });

  test('are a drug’s ingredients that a site imports', async () => {
    const line = (rxcui: string, type: string, name: string): string =>
      `${rxcui}|ENG|P|L1|PF|S1|Y|A1|||1|RXNORM|${type}|X|${name}||N|4096|`;
    const file = [
      line('1991306', 'IN', 'ertugliflozin'),
      line('723', 'IN', 'amoxicillin'),
      line('308191', 'SCD', 'amoxicillin 500 MG Oral Capsule'),
      line('1992691', 'SCD', 'ertugliflozin 5 MG Oral Tablet'),
    ].join('\n');
    const { status, text } = await app.ask('PUT', '/api/terms?system=rxnorm&format=rxnorm-rrf', {
      body: file,
      headers: { 'content-type': 'text/plain' },
    });
    assert.equal(status, 200, text);
    assert.deepEqual(await offered('ertugliflozin'), [['ertugliflozin', RXNORM, '1991306']]);
    assert.deepEqual(
      (await offered('amoxicillin')).map(([name]) => name),
      ['Amoxicillin'],
      'once',
    );
    const { id } = (await chart.originate(await chart.note(), { command: 'prescribe' })).json;
    const drugs = (await app.ask('GET', `/api/commands/${id}/fields/prescribe/options?query=ertugliflozin`)).json.items;
    assert.deepEqual(
      drugs.map(({ value }: { value: string }) => value),
      ['1992691'],
    );
  });
});
