// Allergies at the doors, and the checks that come with Chartwire: what is offered, what ends what, what is asked before a
// prescription or an allergy is committed.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { RXNORM, SNOMED } from '#kit/systems.ts';
import { until } from '../support/core.ts';
import { type Charting, charting } from './charting.ts';
import { type Answered, type RunningApp, runApp } from './running-app.ts';

const active = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
};

const inactive = { coding: [{ ...active.coding[0], code: 'inactive' }] };

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
    assert.deepEqual((await offered('latex'))[0], ['Latex', SNOMED, '111088007']);
    assert.deepEqual((await offered('cephalosporins'))[0], ['Cephalosporins', SNOMED, '373262009']);
    assert.deepEqual((await offered('nkda'))[0], ['No known drug allergies', SNOMED, '409137002']);
    assert.deepEqual((await offered('hives', 'reactions'))[0], ['Hives', SNOMED, '126485001']);
  });

  test('are chosen by no word that several of them go by', async () => {
    const { id } = (await chart.originate(await chart.note(), { command: 'allergy' })).json;
    const fitting = async (query: string): Promise<string[]> => {
      const path = `/api/commands/${id}/fields/allergy/options?query=${encodeURIComponent(query)}`;
      const { items } = (await app.ask('GET', path)).json;
      assert.ok(items.length > 0, query);
      return items.flatMap(({ text, fits }: { text: string; fits: boolean }) => (fits ? [text] : []));
    };
    for (const query of ['nuts', 'nut', 'seafood', 'beta lactam']) assert.deepEqual(await fitting(query), [], query);
    assert.deepEqual(await fitting('insect'), ['Insect venom']);
    assert.deepEqual((await fitting('tree nuts'))[0], 'Tree nuts');
    assert.deepEqual((await offered('gadolinium'))[0]![0], 'Gadolinium contrast');
    assert.deepEqual((await offered('iodinated contrast'))[0]![0], 'Iodinated contrast');
  });

  test('are found in a phrase by the substance it names; nothing is taken, nor what the phrase denies', async () => {
    const { id } = (await chart.originate(await chart.note(), { command: 'allergy' })).json;
    for (const [query, ...first] of [
      ['PCN rash', 'Penicillins'],
      ['cephalosporins rash', 'Cephalosporins'],
      ['no known allergies other than sulfa', 'Sulfonamide antibiotics'],
      ['NKDA except penicillin', 'Penicillins'],
      ['NKDA; latex - itching', 'Latex'],
      ['ASA upset stomach', 'Salicylates'],
      ['sulfa drugs (hives)', 'Sulfonamide antibiotics'],
      ['allergic to NSAIDs', 'NSAIDs'],
      ['severe reaction to IV contrast', 'Contrast media'],
      ['iodine dye hives', 'Iodinated contrast'],
      ['shellfish - hives', 'Shellfish'],
      ['latex gloves itching', 'Latex'],
      ['bee stings swelling', 'Bee venom'],
      ['Bactrim caused a rash as a child', 'Sulfamethoxazole', 'Trimethoprim'],
      ['peaches, strawberries', 'Peach'],
      // Denied, and nothing excepted.
      ['no penicillin allergy'],
      ['tolerates penicillin'],
      ['no rash with amoxicillin'],
    ] as const) {
      const path = `/api/commands/${id}/fields/allergy/options?query=${encodeURIComponent(query)}`;
      const items: { text: string; fits: boolean }[] = (await app.ask('GET', path)).json.items;
      assert.deepEqual(
        items.slice(0, Math.max(1, first.length)).map(({ text }) => text),
        first,
        query,
      );
      assert.ok(!items.some(({ text, fits }) => fits || /no known/i.test(text)), query);
    }
    // What is the name of one as it stands is taken by Enter as before.
    for (const [query, text] of [
      ['PCN', 'Penicillins'],
      ['bee stings', 'Bee venom'],
      ['latex gloves', 'Latex'],
      ['IV dye', 'Contrast media'],
    ] as const) {
      const path = `/api/commands/${id}/fields/allergy/options?query=${encodeURIComponent(query)}`;
      const [first] = (await app.ask('GET', path)).json.items;
      assert.deepEqual([first.text, first.fits], [text, true], query);
    }
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

  test('to a drug end that no drug allergy is known, whatever category they were recorded with', async () => {
    const patient = await chart.patient();
    assert.equal((await record(await chart.note(patient), { allergy: 'no-known-drug-allergies' })).status, 201);
    const body = {
      resourceType: 'AllergyIntolerance',
      patient: { reference: `Patient/${patient}` },
      clinicalStatus: active,
      category: ['food'],
      code: { text: 'Penicillins' },
    };
    assert.equal((await app.ask('POST', '/fhir/R4/AllergyIntolerance', { body })).status, 201);
    assert.deepEqual(await standing(patient), ['Penicillins']);
  });

  test('that are only changed, or over, end nothing; none is known again once they are removed', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    await record(note, { allergy: 'latex' });
    const [latex] = await listed(patient);
    const refused = await record(note, { allergy: 'no-known-allergies' });
    assert.equal(refused.status, 422);
    assert.match(refused.json.detail, /The chart has an allergy: Latex/);
    // Who may commit commands but read no allergies is not told which one it is.
    const token = await app.tokenFor(['system/Command.cruds', 'system/Note.cruds']);
    const blind = await chart.originate(
      note,
      { command: 'allergy', fields: { allergy: 'no-known-allergies' }, commit: true },
      { token },
    );
    assert.equal(blind.status, 422, blind.text);
    assert.match(blind.json.detail, /an allergy that contradicts “No known allergies”\. Ask somebody who may read/);
    assert.doesNotMatch(blind.text, /latex/i);
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

describe('that no allergy is known', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp();
    chart = charting(app);
  });
  after(() => app.close());

  const type = 'AllergyIntolerance';
  const record = (note: string, allergy: unknown): Promise<Answered> =>
    chart.originate(note, { command: 'allergy', fields: { allergy }, commit: true });
  const words = (text: string) => ({ value: text, text });
  const resource = (patient: string, code: object, more: object = {}) => ({
    resourceType: type,
    patient: { reference: `Patient/${patient}` },
    clinicalStatus: active,
    code,
    ...more,
  });
  const post = (patient: string, code: object, more: object = {}): Promise<Answered> =>
    app.ask('POST', `/fhir/R4/${type}`, { body: resource(patient, code, more) });
  const listed = async (patient: string): Promise<AllergyIntolerance[]> =>
    ((await app.ask('GET', `/fhir/R4/${type}?patient=${patient}`)).json.entry ?? []).map(
      (entry: { resource: AllergyIntolerance }) => entry.resource,
    );
  /** `No known allergies inactive`, in order of the alphabet. */
  const list = async (patient: string): Promise<string[]> =>
    (await listed(patient))
      .map(({ code, clinicalStatus }) => {
        const name = code!.text ?? code!.coding![0]!.code;
        return `${name} ${clinicalStatus?.coding?.[0]?.code ?? 'mistaken'}`;
      })
      .sort();

  test('is told by any of its codes or exactly its words, and stands beside what says the same', async () => {
    for (const code of [
      { text: 'No known allergies' },
      { text: 'NKDA' },
      { text: 'None known.' },
      { coding: [{ system: SNOMED, code: '160244002' }] },
      { coding: [{ system: SNOMED, code: '716186003' }] },
      { coding: [{ system: 'urn:local', code: '1', display: 'No Known Drug Allergy (situation)' }] },
      {
        coding: [
          {
            system: 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips',
            code: 'no-known-medication-allergies',
          },
        ],
      },
    ]) {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      assert.equal((await record(note, 'no-known-allergies')).status, 201);
      const made = await post(patient, code);
      assert.equal(made.status, 201, made.text);
      const name = 'text' in code ? code.text : code.coding[0]!.code;
      assert.deepEqual(await list(patient), [`${name} active`, 'No known allergies active'].sort());
      assert.equal((await record(note, 'penicillins')).status, 201);
      const ended = ['No known allergies inactive', `${name} inactive`, 'Penicillins active'];
      assert.deepEqual(await list(patient), ended.sort(), name);
    }
    // A code of a substance outranks words, and words that only contain those of an assertion are none.
    for (const code of [
      { coding: [{ system: RXNORM, code: '7980' }], text: 'None' },
      { text: 'None known but penicillin' },
    ]) {
      const patient = await chart.patient();
      await record(await chart.note(patient), 'no-known-allergies');
      assert.equal((await post(patient, code)).status, 201);
      assert.deepEqual(await list(patient), ['No known allergies inactive', `${code.text} active`].sort());
    }
  });

  test('has its code when the command names it in words, and is refused beside an allergy', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    assert.equal((await record(note, 'no-known-drug-allergies')).status, 201);
    assert.equal((await record(note, words('none'))).status, 201);
    assert.deepEqual(await list(patient), ['No known allergies active', 'No known drug allergies active']);
    const none = (await listed(patient)).find(({ code }) => code!.text === 'No known allergies')!;
    assert.deepEqual([none.code!.coding![0]!.code, none.category], ['716186003', undefined]);
    assert.equal((await record(note, 'penicillins')).status, 201);
    for (const text of ['No known allergies', 'NKDA', 'None']) {
      const refused = await record(note, words(text));
      assert.equal(refused.status, 422, text);
      assert.match(refused.json.detail, /The chart has an allergy/);
    }
    assert.equal((await record(note, words('NKFA'))).status, 201, 'of another kind');
  });

  test('ends when an allergy comes to be of its kind; one that says no more than before ends nothing', async () => {
    const patient = await chart.patient();
    const { json: peanut } = await post(patient, { text: 'Peanut' }, { category: ['food'] });
    assert.equal((await post(patient, { text: 'NKDA' })).status, 201);
    const put = (more: object) =>
      app.ask('PUT', `/fhir/R4/${type}/${peanut.id}`, { body: { ...peanut, ...more, id: peanut.id } });
    assert.equal((await put({ note: [{ text: 'Since childhood' }] })).status, 200);
    assert.deepEqual(await list(patient), ['NKDA active', 'Peanut active']);
    assert.equal((await put({ code: { text: 'Penicillins' }, category: ['medication'] })).status, 200);
    assert.deepEqual(await list(patient), ['NKDA inactive', 'Penicillins active']);
  });

  test('is refused by FHIR beside an allergy of its kind; of a transaction that brings both, the allergy counts', async () => {
    const patient = await chart.patient();
    const latex = (await post(patient, { text: 'Latex' })).json;
    const refused = await post(patient, { text: 'No known allergies' });
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.text, /contradicts an allergy.*enter it in error first/s);
    assert.ok(!refused.text.includes('Latex'), 'a writer may not be allowed to read it');
    assert.equal((await post(patient, { text: 'NKDA' })).status, 201, 'of another kind');
    const over = (await post(patient, { text: 'No known allergies' }, { clinicalStatus: inactive })).json;
    const again = { ...over, clinicalStatus: active };
    assert.equal((await app.ask('PUT', `/fhir/R4/${type}/${over.id}`, { body: again })).status, 422);
    await app.ask('PUT', `/fhir/R4/${type}/${latex.id}`, { body: { ...latex, clinicalStatus: inactive } });
    assert.equal((await app.ask('PUT', `/fhir/R4/${type}/${over.id}`, { body: again })).status, 200);

    const other = await chart.patient();
    const entry = ['No known allergies', 'Penicillins'].map((text, index) => ({
      resource: { ...resource(other, { text }), id: `both-${index}` },
      request: { method: 'PUT', url: `${type}/both-${index}` },
    }));
    for (const order of [entry, entry.toReversed()]) {
      const body = { resourceType: 'Bundle', type: 'transaction', entry: order };
      const sent = await app.ask('POST', '/fhir/R4', { body });
      assert.equal(sent.status, 200, sent.text);
      assert.deepEqual(await list(other), ['No known allergies inactive', 'Penicillins active']);
    }
  });

  test('may be to one substance: it is no allergy to it, and only that one contradicts it', async () => {
    const snomed = (code: string, display?: string) => ({
      coding: [{ system: SNOMED, code, ...(display && { display }) }],
    });
    for (const [code, truth, untruth] of [
      [snomed('1003774007', 'No known Hevea brasiliensis latex allergy (situation)'), 'Nickel', 'Latex'],
      [snomed('716184000'), 'Pollen', 'Latex'],
      [{ text: 'No known latex allergy' }, 'Cat dander', 'Allergy to latex'],
      [{ text: 'Patient denies latex allergy.' }, 'Bee venom', 'Latex'],
      [snomed('428197003'), 'Latex', 'Bee venom'],
      [snomed('716220001'), 'Latex', 'Cat dander'],
      [{ text: 'No known penicillin allergy' }, 'Codeine', 'Amoxicillin'],
      [{ text: 'Not allergic to peanuts' }, 'Shellfish', 'Peanut'],
      [{ text: 'No known drug or latex allergies' }, 'Peanut', 'Latex'],
      [{ text: 'NKDA; no known food allergies' }, 'Latex', 'Peanut'],
      [{ text: 'Denies any drug allergies' }, 'Peanut', 'Codeine'],
    ] as const) {
      const patient = await chart.patient();
      assert.equal((await post(patient, { text: 'No known allergies' })).status, 201);
      const told = JSON.stringify(code);
      assert.equal((await post(patient, code)).status, 201, told);
      const name = 'text' in code ? code.text : code.coding[0]!.code;
      assert.deepEqual(await list(patient), [`${name} active`, 'No known allergies active'].sort(), told);
      assert.equal((await post(patient, { text: truth })).status, 201, told);
      assert.ok((await list(patient)).includes(`${name} active`), `${told} beside ${truth}`);
      assert.equal((await post(patient, { text: untruth })).status, 201, told);
      assert.ok((await list(patient)).includes(`${name} inactive`), `${told} after ${untruth}`);
      assert.equal((await post(patient, code)).status, 422, told);
    }
    // Words that may say more than that none is known are an allergy.
    for (const text of [
      'No known allergies except latex',
      'No other allergies',
      'No penicillin allergy, rash with sulfa',
      'No known drug allergies and latex allergy',
      'No longer allergic to penicillin',
      'No penicillin due to allergy',
      'No latex please, allergy',
      'No morphine please allergy',
      'Denies allergies to everything bar latex',
      'No allergy to penicillin only to amoxicillin',
    ]) {
      const patient = await chart.patient();
      await post(patient, { text: 'No known allergies' });
      await post(patient, { text });
      assert.deepEqual(await list(patient), ['No known allergies inactive', `${text} active`].sort());
    }
    const note = await chart.note(await chart.patient());
    const { json } = await record(note, words('denies latex allergy'));
    assert.ok(json.id, JSON.stringify(json));
  });

  test('stands beside what says that nobody asked, which is no allergy either', async () => {
    const ips = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';
    for (const [code, name] of [
      [{ coding: [{ system: ips, code: 'no-allergy-info' }] }, 'no-allergy-info'],
      [{ coding: [{ system: SNOMED, code: '1631000175102' }], text: 'Patient not asked' }, 'Patient not asked'],
      [{ text: 'Allergies unknown' }, 'Allergies unknown'],
    ] as const) {
      const patient = await chart.patient();
      for (const one of [{ text: 'NKDA' }, code, { text: 'No known allergies' }]) {
        const { status, text } = await post(patient, one);
        assert.equal(status, 201, `${name}: ${text}`);
      }
      assert.deepEqual(await list(patient), [`${name} active`, 'NKDA active', 'No known allergies active'].sort());
    }
  });

  test('is not looked for in what is no valid allergy: that is refused as such', async () => {
    const patient = await chart.patient();
    for (const more of [
      { code: { coding: [null] } },
      { code: { coding: [{ display: 3 }] } },
      { code: { text: 4 } },
      { clinicalStatus: { coding: [null] } },
      { verificationStatus: { coding: {} } },
    ]) {
      const made = await post(patient, { text: 'NKDA' }, more);
      assert.deepEqual([made.status, made.json.resourceType], [422, 'OperationOutcome'], JSON.stringify(more));
    }
  });

  test('counts again once the allergy that ended it is entered in error, unless there was another', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    await record(note, 'no-known-allergies');
    const mistake = async (id: string): Promise<void> => {
      const { status, text } = await app.ask('POST', `/api/commands/${id}/enter-in-error`, {
        body: { reason: 'wrong patient' },
      });
      assert.equal(status, 200, text);
    };
    const wrong = (await record(note, 'penicillins')).json.id;
    assert.deepEqual(await list(patient), ['No known allergies inactive', 'Penicillins active']);
    await mistake(wrong);
    assert.deepEqual(await list(patient), ['No known allergies active', 'Penicillins mistaken']);
    const restored = (await listed(patient)).find(({ code }) => code!.text === 'No known allergies')!;
    assert.match(restored.note!.at(-1)!.text!, /Active again/);

    const [first, second] = [(await record(note, 'latex')).json.id, (await record(note, 'peanut')).json.id];
    await mistake(first);
    const beside = ['Latex mistaken', 'No known allergies inactive', 'Peanut active', 'Penicillins mistaken'];
    assert.deepEqual(await list(patient), beside, 'another allergy counts');
    await mistake(second);
    assert.ok((await list(patient)).includes('No known allergies active'), 'neither was true');

    // What was an allergy for a while is no mistake: somebody must ask again.
    const last = (await record(note, 'latex')).json.id;
    const egg = (await record(note, 'egg')).json;
    assert.ok(egg.id, JSON.stringify(egg));
    const { id } = (await listed(patient)).find((one) => one.code!.text === 'Egg')!;
    await chart.originate(note, { command: 'removeAllergy', fields: { allergy: id }, commit: true });
    await mistake(last);
    assert.ok((await list(patient)).includes('No known allergies inactive'));
    // By FHIR as well.
    const theirs = await chart.patient();
    await post(theirs, { text: 'NKDA' });
    const { clinicalStatus: _, ...pill } = (await post(theirs, { text: 'Blue pill' })).json;
    const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
    const verificationStatus = { coding: [{ system, code: 'entered-in-error' }] };
    await app.ask('PUT', `/fhir/R4/${type}/${pill.id}`, { body: { ...pill, verificationStatus } });
    assert.deepEqual(await list(theirs), ['Blue pill mistaken', 'NKDA active']);
  });
});

describe('the checks that come with Chartwire', () => {
  let app: RunningApp;
  let chart: Charting;
  let prescriber: string;
  before(async () => {
    app = await runApp();
    chart = charting(app);
    const body = { resourceType: 'Practitioner', name: [{ family: 'Park' }] };
    prescriber = (await app.ask('POST', '/fhir/R4/Practitioner', { body })).json.id;
  });
  after(() => app.close());

  const TABLET = { ncpdpQuantityQualifierCode: 'C48542', display: 'Tablet' };
  const drug = (prescribe: unknown, more: object = {}) => ({
    command: 'prescribe',
    commit: true,
    fields: {
      prescribe,
      sig: 'As told',
      quantityToDispense: 30,
      daysSupply: 30,
      typeToDispense: TABLET,
      refills: 0,
      substitutions: 'allowed',
      prescriber,
      ...more,
    },
  });
  const typed = (text: string) => ({ value: 'words', text });
  const coded = (code: string, display: string) => ({
    value: code,
    text: display,
    coding: [{ system: RXNORM, code, display }],
  });
  const put = async (resource: object): Promise<string> => {
    const { resourceType } = resource as { resourceType: string };
    const { status, text, json } = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: resource });
    assert.equal(status, 201, text);
    return json.id;
  };
  const allergy = (patient: string, code: object, more: object = {}): Promise<string> =>
    put({
      resourceType: 'AllergyIntolerance',
      patient: { reference: `Patient/${patient}` },
      clinicalStatus: active,
      code,
      ...more,
    });
  /** The outcome of each check of ours that said something. */
  const said = ({ json }: Answered): Record<string, string> =>
    Object.fromEntries(
      (json.checks ?? [])
        .filter(
          ({ check, outcome }: { check: string; outcome: string }) => /^chartwire/.test(check) && outcome !== 'passed',
        )
        .map(({ check, outcome }: { check: string; outcome: string }) => [check, outcome]),
    );

  test('ask about an allergy to the ingredient, its class, a class that warns of it, or an old product', async () => {
    for (const [code, prescribe, asks, more] of [
      [{ coding: [{ system: RXNORM, code: '723' }] }, '308191', true],
      [{ coding: [{ system: SNOMED, code: '373270004' }] }, '308191', true],
      [{ text: 'PCN' }, '834102', true],
      [{ coding: [{ system: SNOMED, code: '91936005', display: 'Allergy to penicillin' }] }, '308191', true],
      // A product, by its code alone, as allergies used to be recorded: clavulanate is in another one too.
      [{ coding: [{ system: RXNORM, code: '562508' }] }, '308182', true],
      // Another of the class, and another class: only after a severe reaction.
      [{ coding: [{ system: RXNORM, code: '723' }] }, '834102', true],
      [{ coding: [{ system: RXNORM, code: '723' }] }, '309114', false],
      [{ coding: [{ system: RXNORM, code: '723' }] }, '309114', true, { criticality: 'high' }],
      [{ coding: [{ system: SNOMED, code: '372665008' }] }, '197806', true],
      // A word that several classes go by is about all of them.
      [{ text: 'Beta-lactams' }, '309114', true],
      [{ text: 'Sulfa drugs' }, '310798', false],
      [{ coding: [{ system: SNOMED, code: '762952008' }] }, '308191', false],
      [{ coding: [{ system: SNOMED, code: '373262009' }] }, '309114', true],
      [{ coding: [{ system: RXNORM, code: '19552' }] }, '309114', true],
      // Nobody reacts to what is denied.
      [{ text: 'No known penicillin allergy' }, '308191', false],
      [{ coding: [{ system: SNOMED, code: '409137002' }], text: 'Penicillin: no known allergy' }, '308191', false],
      [{ text: 'Latex; no known penicillin allergy' }, '308191', false],
      [{ text: 'No known allergies except penicillin' }, '308191', true],
      // A class in a phrase.
      [{ text: 'PCN rash' }, '308191', true],
      [{ text: 'No known allergies other than sulfa' }, '198335', true],
      [{ text: 'Shellfish - hives' }, '308191', false],
      // Brands, by code and in words; a combination of which one part is unknown; words that say it better than a foreign code.
      [{ coding: [{ system: RXNORM, code: '151399', display: 'Bactrim' }] }, '198335', true],
      [{ coding: [{ system: RXNORM, code: '151392', display: 'Augmentin' }] }, '308191', true],
      [{ text: 'Bactrim DS 800 mg' }, '198335', true],
      [{ text: 'Penicillin and sulfa' }, '198335', true],
      [{ coding: [{ system: RXNORM, code: '1', display: 'sulfamethoxazole / novelamide' }] }, '198335', true],
      [{ coding: [{ system: 'urn:other', code: '1', display: 'Foo 5 MG' }], text: 'Amoxicillin' }, '308191', true],
      // A category of food hides no drug, and what is known to be a food stays one.
      [{ text: 'Penicillins' }, '308191', true, { category: ['food'] }],
      [{ text: 'Dragon fruit' }, '308191', false, { category: ['food'] }],
      // Combinations as people type them, and as another system may have written the name of a code.
      ...['/', '-', ' - ', ' + ', ' with ', ' and ', ', ', ' '].map(
        (joined) =>
          [{ text: 'Sulfa drugs' }, typed(`trimethoprim 160 mg${joined}sulfamethoxazole 800 mg tablet`), true] as const,
      ),
      [{ text: 'Sulfa drugs' }, typed('sulfamethoxazole-trimethoprim 800-160 mg'), true],
      [{ text: 'Sulfa drugs' }, typed('Bactrim DS'), true],
      [{ text: 'Sulfa drugs' }, coded('198334', 'trimethoprim 160 mg-sulfamethoxazole 800 mg tablet'), true],
    ] as const) {
      const patient = await chart.patient();
      await allergy(patient, code, more);
      const answer = await chart.originate(await chart.note(patient), drug(prescribe));
      const told = JSON.stringify([code, prescribe, answer.json]);
      assert.equal(answer.status, asks ? 422 : 201, told);
      if (!asks) continue;
      assert.equal(answer.json.code, 'gate.confirm', told);
      assert.deepEqual(said(answer), { 'chartwire/allergy': 'confirm' }, told);
      assert.equal(answer.json.faults[0].path, '/fields/prescribe', told);
    }
  });

  test('say so where a part of the drug or of an allergy is unknown, with what was compared', async () => {
    const novel = { coding: [{ system: RXNORM, code: '2', display: 'novelamide' }], text: 'Novelamide' };
    for (const [code, prescribe, told] of [
      [{ text: 'Sulfa drugs' }, typed('trimethoprim 160 mg/sulfametoxazol 800 mg'), /only trimethoprim was compared/],
      [{ text: 'Sulfa drugs' }, typed('trimethoprim 160 mg with novelamide'), /only trimethoprim was compared/],
      [novel, '308191', /unknown what these allergies are to, so they were not checked: Novelamide/],
      [
        { coding: [{ system: RXNORM, code: '1', display: 'sulfamethoxazole / novelamide' }], text: 'Sulfanovel' },
        '308191',
        /not checked: Sulfanovel/,
      ],
      [{ text: 'Sulfa drugs' }, typed('insulin glargine 100 units/mL 3 mL pen'), undefined],
      [{ text: 'Sulfa drugs' }, typed('Amoxicillin 400 mg / 5 mL suspension'), undefined],
    ] as const) {
      const patient = await chart.patient();
      await allergy(patient, code);
      const answer = await chart.originate(await chart.note(patient), drug(prescribe));
      assert.equal(answer.status, 201, answer.text);
      assert.equal(said(answer)['chartwire/allergy'], told && 'did-not-run', answer.text);
      if (told) assert.match(answer.json.unanswered[0].message, told);
    }
    // What is known is checked, and what isn't is named, also where it conflicts: without a strength, or behind the first.
    const half = await chart.patient();
    await allergy(half, { text: 'Clavulanate' });
    for (const text of [
      'amoxicilin / clavulanate',
      'amoxicilin/clavulanate',
      'clavulanate 125 mg tablet, amoxicilin',
    ]) {
      const answer = await chart.originate(await chart.note(half), drug(typed(text)));
      assert.deepEqual(said(answer)['chartwire/allergy'], 'confirm', text);
      assert.match(
        answer.json.detail,
        /This drug has clavulanate\. “amoxicilin” is not in the table of ingredients: only clavulanate was/,
      );
    }
    for (const text of ['lisinopril 10 mg, hydrochlorthiazid', 'lisinopril + hydrochlorthiazid']) {
      const sulfa = await chart.patient();
      await allergy(sulfa, { text: 'Sulfa drugs' });
      const answer = await chart.originate(await chart.note(sulfa), drug(typed(text)));
      assert.equal(answer.status, 201, answer.text);
      const told = answer.json.unanswered.map(({ message }: { message: string }) => message).join('\n');
      const name = '“hydrochlorthiazid” is not in the table of ingredients: only lisinopril was';
      assert.ok(
        told.includes(`${name} compared with the allergies`) && told.includes(`${name} checked for duplicates`),
        told,
      );
    }
    // The same name as that of an ingredient that is in no table either.
    const patient = await chart.patient();
    await allergy(patient, novel);
    const same = await chart.originate(await chart.note(patient), drug(coded('3', 'novelamide 5 MG Oral Tablet')));
    assert.equal(said(same)['chartwire/allergy'], 'confirm', same.text);
  });

  test('go on with a reason, which is kept with the command', async () => {
    const patient = await chart.patient();
    await allergy(patient, { text: 'Penicillins' });
    const overrides = [{ check: 'chartwire/allergy', reason: 'Tolerated it last year' }];
    const { status, json } = await chart.originate(await chart.note(patient), { ...drug('308191'), overrides });
    assert.equal(status, 201, JSON.stringify(json));
    assert.equal(json.overrides[0].reason, 'Tolerated it last year');
    assert.match(
      json.overrides[0].message,
      /The chart has an allergy to Penicillins\. Amoxicillin is one of the penicillins\./,
    );
    const told = (await chart.events(patient)).findLast(({ type }) => type === 'PRESCRIBE_COMMAND__POST_COMMIT');
    assert.ok(told.context.checks.some(({ check }: { check: string }) => check === 'chartwire/allergy'));
  });

  test('say what they could not tell, and let it pass', async () => {
    const patient = await chart.patient();
    await allergy(patient, { text: 'Blue pill' });
    const note = await chart.note(patient);
    const words = await chart.originate(note, drug({ value: 'herbs', text: 'Herbs of the monastery' }));
    assert.equal(words.status, 201, words.text);
    assert.deepEqual(said(words), {
      'chartwire/allergy': 'did-not-run',
      'chartwire/duplicate-ingredient': 'did-not-run',
    });
    assert.match(
      words.json.unanswered[0].message,
      /ingredients of this drug are unknown: it was not checked against the aller/,
    );
    assert.match(words.json.unanswered[0].message, /not checked: Blue pill/);
    // What is mentioned in words is compared all the same.
    await allergy(patient, { text: 'Codeine' });
    const compound = {
      formulation: 'Codeine 10 mg/5 mL in cherry syrup',
      potencyUnitCode: 'C28254',
      controlledSubstance: 'V',
    };
    const asked = await chart.originate(note, drug(undefined, { compoundMedicationData: compound }));
    assert.equal(said(asked)['chartwire/allergy'], 'confirm', asked.text);
    const also = await chart.originate(note, drug(typed('acetaminophen 300 mg tablet, also codeine')));
    assert.equal(said(also)['chartwire/allergy'], 'confirm', also.text);
  });

  test('ask about what the patient takes already, by ingredient or class, and not about a renewal', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    assert.equal((await chart.originate(note, drug('314076', { daysSupply: 90, refills: 3 }))).status, 201);
    for (const [prescribe, asks] of [
      ['314077', true],
      // With hydrochlorothiazide, and another ACE inhibitor.
      ['197885', true],
      ['858813', true],
      [typed('hydrochlorothiazide 12.5 mg-lisinopril 10 mg'), true],
      ['617310', false],
    ] as const) {
      const answer = await chart.originate(note, drug(prescribe));
      assert.deepEqual(said(answer), asks ? { 'chartwire/duplicate-ingredient': 'confirm' } : {}, answer.text);
      if (prescribe === '858813')
        assert.match(answer.json.detail, /The patient takes one of the ACE inhibitors already/);
    }
    // A drug that is told in a Medication: contained, by reference, by the words of the reference; one of which nothing is known.
    const ordered = { resourceType: 'MedicationRequest', status: 'active', intent: 'order' };
    const code = { coding: [{ system: RXNORM, code: '314076' }] };
    const medication = await put({ resourceType: 'Medication', code });
    for (const [medicationReference, contained, outcome] of [
      [{ reference: '#m' }, [{ resourceType: 'Medication', id: 'm', code }], 'confirm'],
      [{ reference: `Medication/${medication}` }, undefined, 'confirm'],
      [{ display: 'Zestril 10 mg' }, undefined, 'confirm'],
      [{ display: 'water tablet' }, undefined, 'did-not-run'],
    ] as const) {
      const taking = await chart.patient();
      const subject = { reference: `Patient/${taking}` };
      await put({ ...ordered, subject, medicationReference, ...(contained && { contained }) });
      const answer = await chart.originate(await chart.note(taking), drug('314077'));
      assert.deepEqual(said(answer), { 'chartwire/duplicate-ingredient': outcome }, answer.text);
    }
    // Ten days of it are due for a renewal at once.
    const other = await chart.note(await chart.patient());
    assert.equal((await chart.originate(other, drug('308191', { daysSupply: 10 }))).status, 201);
    assert.equal((await chart.originate(other, drug('308191', { daysSupply: 10 }))).status, 201);
  });

  test('refuse what no pharmacy fills, and ask about what is unusual', async () => {
    for (const [prescribe, more, outcome, field] of [
      ['617310', { quantityToDispense: 99_999 }, 'refused', 'quantityToDispense'],
      ['617310', { refills: 99 }, 'refused', 'refills'],
      ['617310', { quantityToDispense: 999, daysSupply: 1 }, 'refused', 'quantityToDispense'],
      ['617310', { daysSupply: 999, refills: 3 }, 'refused', 'daysSupply'],
      ['617310', { quantityToDispense: 90, daysSupply: 90, refills: 5 }, 'confirm', 'refills'],
      ['1049621', { refills: 1 }, 'refused', 'refills'],
      ['308047', { refills: 6 }, 'refused', 'refills'],
      [typed('acetaminophen 325 mg-oxycodone 5 mg tablet'), { refills: 1 }, 'refused', 'refills'],
      ['617310', { quantityToDispense: 90, daysSupply: 90, refills: 3 }, undefined, undefined],
      ['308047', { refills: 5 }, undefined, undefined],
    ] as const) {
      const answer = await chart.originate(await chart.note(), drug(prescribe, more));
      const told = JSON.stringify([more, answer.json]);
      assert.equal(answer.status, outcome ? 422 : 201, told);
      assert.equal(said(answer)['chartwire/quantity'], outcome, told);
      if (field) assert.equal(answer.json.faults[0].path, `/fields/${field}`, told);
    }
  });

  test('ask about what may harm a pregnancy that the chart knows of', async () => {
    const pregnant = async (record: object): Promise<string> => {
      const patient = await chart.patient();
      await put({ subject: { reference: `Patient/${patient}` }, ...record });
      return chart.note(patient);
    };
    const condition = (code: string, status: string): object => ({
      resourceType: 'Condition',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: status }],
      },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }], text: 'Second trimester' },
    });
    const status = (code: string, day: string): object => ({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '82810-3' }] },
      valueCodeableConcept: { coding: [{ system: SNOMED, code }] },
      effectiveDateTime: day,
    });
    const today = new Date().toISOString().slice(0, 10);
    for (const [record, prescribe, asks] of [
      [condition('Z34.92', 'active'), '314076', true],
      [condition('O09.892', 'active'), '855332', true],
      [condition('Z34.92', 'active'), typed('hydrochlorothiazide 12.5 mg-lisinopril 10 mg'), true],
      [condition('Z34.92', 'resolved'), '314076', false],
      [condition('Z34.92', 'active'), '308191', false],
      [condition('Z34.92', 'active'), coded('3', 'novelamide 5 MG Oral Tablet'), 'did-not-run'],
      [condition('Z34.92', 'active'), typed('lisinopril 10 mg, novelamide'), true],
      [status('77386006', today), '105585', true],
      [status('60001007', today), '105585', false],
      [status('77386006', '2020-01-01'), '105585', false],
    ] as const) {
      const answer = await chart.originate(await pregnant(record), drug(prescribe));
      const expected = asks === true ? 'confirm' : asks === false ? undefined : asks;
      assert.equal(said(answer)['chartwire/pregnancy'], expected, answer.text);
    }
  });

  test('ask about an allergy that is on the list already', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    await allergy(patient, { text: 'Penicillin' });
    const again = await chart.originate(note, { command: 'allergy', fields: { allergy: 'penicillins' }, commit: true });
    assert.deepEqual(said(again), { 'chartwire/same-allergy-twice': 'confirm' }, again.text);
    assert.match(again.json.detail, /^Chartwire asks for confirmation: The list has it already: Penicillin/);
    const other = await chart.originate(note, { command: 'allergy', fields: { allergy: 'peanut' }, commit: true });
    assert.equal(other.status, 201, other.text);
  });

  test('let an allergy be told again with another onset, and say that it is on the list twice', async () => {
    const note = await chart.note();
    const since = (approximateDate?: string) =>
      chart.originate(note, { command: 'allergy', fields: { allergy: 'penicillins', approximateDate }, commit: true });
    const asks = { 'chartwire/same-allergy-twice': 'confirm' };
    assert.equal((await since('1998-05-14')).status, 201);
    const year = await since('1998');
    assert.equal(year.status, 201, year.text);
    assert.deepEqual(said(year), { 'chartwire/same-allergy-twice': 'did-not-run' });
    // Whoever opens the note later sees it too.
    const { unanswered } = (await app.ask('GET', `/api/commands/${year.json.id}`)).json;
    assert.match(unanswered[0].message, /another “Since”: Penicillins, since 1998-05-14\. Both are on it now/);
    for (const onset of ['1998', '1998-05-14', undefined]) assert.deepEqual(said(await since(onset)), asks, onset);
  });

  test('are switched off by name by an administrator, at once, with a reason that is shown', async () => {
    const listed = async () => (await app.ask('GET', '/api/checks')).json.items;
    assert.deepEqual(
      (await listed()).map(({ name, enabled }: { name: string; enabled: boolean }) => [name, enabled]),
      ['allergy', 'duplicate-ingredient', 'pregnancy', 'quantity', 'same-allergy-twice'].map((name) => [name, true]),
    );
    const token = await app.tokenFor(['system/*.cruds']);
    const reason = { reason: 'The pharmacy checks' };
    assert.equal((await app.ask('POST', '/api/checks/quantity/disable', { token, body: reason })).status, 403);
    assert.equal((await app.ask('POST', '/api/checks/quantity/disable', { body: {} })).status, 422);
    assert.equal((await app.ask('POST', '/api/checks/nonsense/disable', { body: reason })).status, 422);
    for (const odd of ['a\u0000b', 'a\ud800b']) {
      const { status, text } = await app.ask('POST', '/api/checks/pregnancy/disable', { body: { reason: odd } });
      assert.ok(status < 500, text);
    }
    await app.ask('POST', '/api/checks/pregnancy/enable', { body: {} });
    const off = await app.ask('POST', '/api/checks/quantity/disable', { body: reason });
    assert.deepEqual([off.json.enabled, off.json.off.reason], [false, 'The pharmacy checks']);
    const many = drug('617310', { quantityToDispense: 99_999 });
    assert.equal((await chart.originate(await chart.note(), many)).status, 201);
    assert.equal((await app.ask('POST', '/api/checks/quantity/enable', { body: {} })).json.enabled, true);
    assert.equal((await chart.originate(await chart.note(), many)).status, 422);
    const trail = (await app.ask('GET', '/api/audit?limit=100')).text;
    assert.match(trail, /checks\.disable/);
  });

  test('hold for the effects of plugins too', async () => {
    await chart.install(
      'refiller',
      `import { BaseProtocol, EventType, prescribe } from 'chartwire/sdk';
       export class Refill extends BaseProtocol {
         static RESPONDS_TO = [EventType.PLAN_COMMAND__POST_COMMIT];
         async compute() {
           const { note } = this.event.context;
           return [prescribe.originate({ note, commit: true, fields: {
             prescribe: '617310', sig: 'Daily', quantityToDispense: 99999, refills: 0, substitutions: 'allowed',
             typeToDispense: { ncpdpQuantityQualifierCode: 'C48542' }, prescriber: '${prescriber}' } })];
         }
       }`,
      { scopes: ['system/Command.cu', 'system/Note.u', 'system/Practitioner.r'] },
    );
    const patient = await chart.patient();
    const plan = { command: 'plan', fields: { narrative: 'Refill' }, commit: true };
    assert.equal((await chart.originate(await chart.note(patient), plan)).status, 201);
    const runs = async () => (await app.ask('GET', '/api/plugins/refiller/executions')).json.items;
    await until(async () => (await runs()).length > 0);
    const [{ effects }] = await runs();
    assert.equal(effects[0].error.code, 'gate.refused');
    assert.match(effects[0].error.message, /No pharmacy fills 99,999/);
    assert.deepEqual((await app.ask('GET', `/fhir/R4/MedicationRequest?patient=${patient}`)).json.total ?? 0, 0);
  });
});
