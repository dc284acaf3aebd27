import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { migrate } from '#store/migrate.ts';
import { emptyDatabase } from '../support/database.ts';
import { type RunningApp, runApp } from './running-app.ts';
import pg from 'pg';

const PEOPLE = {
  silva: {
    name: [{ use: 'official', given: ['Ana', 'María'], family: 'Silva-Costa' }],
    birthDate: '1980-05-12',
    gender: 'female',
    identifier: [{ system: 'urn:mrn', value: 'MRN-00417' }],
    telecom: [
      { system: 'phone', use: 'home', value: '(555) 123-9876' },
      { system: 'phone', use: 'mobile', value: '+1 555 867 5309' },
      { system: 'phone', use: 'work', value: '555-222-1000 ext. 12' },
    ],
  },
  brien: {
    name: [{ given: ['Seán'], family: 'O’Brien' }],
    birthDate: '1980-12-05',
    gender: 'male',
    telecom: [
      { system: 'sms', value: '(555) 333-4444' },
      { system: 'email', value: '5556667777@example.org' },
    ],
  },
  silver: { name: [{ given: ['Joan'], family: 'Silver' }], birthDate: '1957', identifier: [{ value: '20417' }] },
  partial: {
    name: [{ given: ['Ines'], family: 'Partial' }],
    birthDate: '1998-05',
    identifier: [{ value: '7/2020' }],
  },
  kowalczyk: { name: [{ given: ['Zofia'], family: 'Kowalczyk' }], birthDate: '2024-02-29' },
  lukasz: {
    name: [
      { use: 'official', given: ['Þóra'], family: 'Łukaszewicz', period: { end: '2019-06-01' } },
      { use: 'usual', given: ['Þóra'], family: 'Strauß', period: { start: '2019-06-01' } },
    ],
    birthDate: '1999-01-31',
    telecom: [
      { system: 'phone', use: 'mobile', value: '+1 555 000 1111', period: { end: '2020' } },
      { system: 'phone', use: 'work', value: '+1 555 000 2222' },
      { system: 'email', value: 'Thora.7@example.org' },
    ],
  },
} as const;
type Person = keyof typeof PEOPLE;

describe('finding patients', () => {
  let app: RunningApp;
  const ids = {} as Record<Person, string>;
  before(async () => {
    app = await runApp();
    for (const [person, fields] of Object.entries(PEOPLE)) {
      const made = await app.ask('POST', '/fhir/R4/Patient', { body: { resourceType: 'Patient', ...fields } });
      assert.equal(made.status, 201, made.text);
      ids[person as Person] = made.json.id;
    }
  });
  after(() => app.close());

  async function found(query: string, more = '', token?: string): Promise<string[]> {
    const path = `/api/patients?query=${encodeURIComponent(query)}${more}`;
    const { status, json, text } = await app.ask('GET', path, token === undefined ? {} : { token });
    assert.equal(status, 200, text);
    return json.items.map(({ id }: { id: string }) => Object.keys(ids).find((person) => ids[person as Person] === id));
  }

  const QUERIES: Readonly<Record<string, readonly Person[]>> = {
    // names
    'ana silva': ['silva'],
    'COSTA, ana': ['silva'],
    maria: ['silva'],
    silv: ['silva', 'silver'],
    'silva costa': ['silva'],
    "o'brien": ['brien'],
    obrien: ['brien'],
    'sean obr': ['brien'],
    // letters that not everybody has on their keyboard, and names of before
    lukasz: ['lukasz'],
    łukaszewicz: ['lukasz'],
    'thora strauss': ['lukasz'],
    'Þóra STRAUß': ['lukasz'],
    // misspelt
    kowalcyzk: ['kowalczyk'],
    kovalczyk: ['kowalczyk'],
    'zofai kowalczk': ['kowalczyk'],
    slva: ['silva'],
    // days of birth
    '1980-05-12': ['silva'],
    '5/12/1980': ['silva', 'brien'],
    '05-12-80': ['silva', 'brien'],
    '12.5.1980': ['silva'],
    'May 12, 1980': ['silva'],
    '12 may 1980 silva': ['silva'],
    '29 Feb 2024': ['kowalczyk'],
    '2/29/24': ['kowalczyk'],
    '19800512': ['silva'],
    'silva 1980': ['silva'],
    // months, of which somebody may know no more
    'partial 1998-05': ['partial'],
    'partial 5/1998': ['partial'],
    'May 1998': ['partial'],
    'silva May 1980': ['silva'],
    '2/2024': ['kowalczyk'],
    '7/2020': ['partial'],
    'partial 1998-06': [],
    // telephone
    '555-867-5309': ['silva'],
    '+1 (555) 867-5309': ['silva'],
    '15558675309': ['silva'],
    '5309': ['silva'],
    '555 123 98': ['silva'],
    '555-333-4444': ['brien'],
    // with an extension or without
    '555-222-1000': ['silva'],
    '555 222 1000 x12': ['silva'],
    '(555) 867-5309 ext 7': ['silva'],
    '4444': ['brien'],
    // e-mail
    'thora.7@example.org': ['lukasz'],
    'THORA.7@': ['lukasz'],
    // identifiers
    'MRN-00417': ['silva'],
    'mrn-004': ['silva'],
    mrn: ['silva'],
    '00417': ['silva'],
    '417': ['silva'],
    '20417': ['silver'],
    // nobody
    'costa 1957': [],
    'ana o’brien': [],
    '2/30/1980': [],
    xyzzy: [],
  };
  for (const [query, people] of Object.entries(QUERIES)) {
    test(`“${query}” means ${people.join(' and ') || 'nobody'}`, async () => {
      assert.deepEqual((await found(query)).toSorted(), [...people].toSorted());
    });
  }

  test('what is spelt so comes before what is only like it', async () => {
    assert.deepEqual(await found('silva'), ['silva', 'silver']);
    assert.deepEqual(await found('silver'), ['silver']);
  });

  test('an item says what tells patients apart', async () => {
    const { items, next } = (await app.ask('GET', '/api/patients?query=silva&limit=1')).json;
    assert.deepEqual(items, [
      {
        id: ids.silva,
        name: 'Ana María Silva-Costa',
        birthDate: '1980-05-12',
        sex: 'female',
        identifiers: [{ system: 'urn:mrn', value: 'MRN-00417', type: null }],
        phone: '+1 555 867 5309',
        address: null,
        lastVisit: null,
        photo: null,
        active: true,
        deceased: false,
      },
    ]);
    assert.equal(next, null);
  });

  test('an item has the name and the number that are in force', async () => {
    const { items } = (await app.ask('GET', '/api/patients?query=lukaszewicz')).json;
    assert.deepEqual([items[0].name, items[0].phone], ['Þóra Strauß', '+1 555 000 2222']);
  });

  for (const name of ['lukasz', 'Łuka', 'strauss', 'STRAUß', 'thora', 'þór']) {
    test(`the FHIR search for the name ${name} finds the same`, async () => {
      const { json } = await app.ask('GET', `/fhir/R4/Patient?name=${encodeURIComponent(name)}`);
      assert.deepEqual(
        json.entry.map(({ resource }: { resource: { id: string } }) => resource.id),
        [ids.lukasz],
      );
    });
  }

  const FHIR: Readonly<Record<string, readonly Person[]>> = {
    // any word of a name, without its punctuation
    'name=OBrien': ['brien'],
    "family=o'br": ['brien'],
    'name=costa': ['silva'],
    'family=Silva Costa': ['silva'],
    'family=silva-c': ['silva'],
    'name=osta': [],
    'name:exact=Costa': [],
    // telephone numbers by their digits
    'phone=5551239876': ['silva'],
    'phone=phone|555.867.5309': ['silva'],
    'phone=+15558675309': ['silva'],
    'phone=5552221000': ['silva'],
    'phone=(555) 222-1000 x12': ['silva'],
    'phone=555222100012': [],
    'telecom=5553334444': ['brien'],
    'telecom=sms|+1 555 333 4444': ['brien'],
    'telecom=phone|5553334444': [],
    'phone=5553334444': [],
    'telecom=5556667777': [],
    'phone=8675309': [],
  };
  for (const [query, people] of Object.entries(FHIR)) {
    test(`the FHIR search ${query} finds ${people.join(' and ') || 'nobody'}`, async () => {
      const [name, value] = query.split(/=(.*)/);
      const { json } = await app.ask('GET', `/fhir/R4/Patient?${name}=${encodeURIComponent(value!)}`);
      assert.deepEqual(
        (json.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id),
        people.map((person) => ids[person]),
      );
    });
  }

  test('sorts by whole names, though any of their words is found', async () => {
    const { json } = await app.ask('GET', '/fhir/R4/Patient?_sort=family&family=s');
    const families = json.entry.map(
      ({ resource }: { resource: { name: { family: string }[] } }) => resource.name[0]!.family,
    );
    assert.deepEqual(families, ['Łukaszewicz', 'Silva-Costa', 'Silver']);
  });

  test('a new name is found at once, also misspelt, and the old one no more; nor a patient who was deleted', async () => {
    const body = { resourceType: 'Patient', name: [{ family: 'Nightingale' }] };
    const { id } = (await app.ask('POST', '/fhir/R4/Patient', { body })).json;
    const items = async (query: string) => (await app.ask('GET', `/api/patients?query=${query}`)).json.items;
    assert.equal((await items('nightingael'))[0].id, id);
    const named = { ...body, id, name: [{ family: 'Seacole' }] };
    await app.ask('PUT', `/fhir/R4/Patient/${id}`, { body: named });
    assert.deepEqual(await items('nightingale'), []);
    assert.equal((await items('seacole'))[0].id, id);
    await app.ask('DELETE', `/fhir/R4/Patient/${id}`);
    assert.deepEqual(await items('seacole'), []);
  });

  test('without a query: of whom something was written last', async () => {
    const booked = await app.ask('POST', '/api/appointments', {
      body: { patient: ids.silver, start: '2999-01-01T10:00:00Z', end: '2999-01-01T10:20:00Z' },
    });
    assert.equal(booked.status, 201, booked.text);
    assert.deepEqual(await found(''), ['silver', 'lukasz', 'kowalczyk', 'partial', 'brien', 'silva']);
    assert.deepEqual(await found('  ', '&limit=2'), ['silver', 'lukasz']);
  });

  test('a caller finds those it may, and each whom it was shown is in the audit trail', async () => {
    const bound = await app.tokenFor(['patient/Patient.rs'], ids.silver);
    assert.deepEqual(await found('silv', '', bound), ['silver']);
    assert.deepEqual(await found('', '', bound), ['silver']);
    const { items } = (await app.ask('GET', `/api/audit?patient=${ids.silver}&limit=1`)).json;
    assert.deepEqual([items[0].action, items[0].actor.display], ['patients.find', 'a test']);
    const reader = await app.tokenFor(['system/Patient.r']);
    assert.equal((await app.ask('GET', '/api/patients?query=x', { token: reader })).status, 403);
    assert.equal((await app.ask('GET', `/api/patients?query=${'x'.repeat(201)}`)).status, 422);
    assert.equal((await app.ask('GET', '/api/patients?name=x')).status, 422);
  });
});

test('patients who were there before are found by their words, as those who come after', async () => {
  const database = await emptyDatabase();
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    await migrate(client, '0005-reading');
    await client.query(`INSERT INTO record (type, id, version, patient, updated_at, tokens)
      VALUES ('Patient', 'p1', 1, 'p1', now(),
        '{identifier=|MRN-01,identifier=urn:mrn|MRN-01,"phone=|+1 (555) 867-5309",email=|Ó.Brien7@x.org,
        "phone=phone|+1 (555) 867-5309","telecom=sms|(555) 333-4444","phone=phone|555-222-1000 x12","phone=|555-222-1000 x12","telecom=email|1@x.org"}')`);
    await client.query(`INSERT INTO search_string (type, id, param, value, exact)
      VALUES ('Patient', 'p1', 'name', 'o’brien-smith', 'O’Brien-Smith'), ('Patient', 'p1', 'family', 'x', 'x')`);
    await migrate(client, '0012-plugin-revision');
    await client.query(`INSERT INTO search_string (type, id, param, value, exact)
      VALUES ('Patient', 'p1', 'given', 'łødiß', 'Łødiß'), ('Patient', 'p1', '_word', 'łødiß', 'łødiß')`);
    await migrate(client);
    const given = await client.query("SELECT value, exact FROM search_string WHERE param = 'given'");
    assert.deepEqual(given.rows, [{ value: 'lodiss', exact: 'Łødiß' }]);
    const { rows } = await client.query(
      `SELECT param, value FROM search_string WHERE starts_with(param, '_') ORDER BY param, value COLLATE "C"`,
    );
    assert.deepEqual(
      rows.map(({ param, value }) => `${param} ${value}`),
      [
        '_phone 5552221000',
        '_phone 5553334444',
        '_phone 5558675309',
        '_phone-end 0001222555',
        '_phone-end 4444333555',
        '_phone-end 9035768555',
        '_word 01',
        '_word 1',
        '_word brien7@x',
        '_word lodiss',
        '_word mrn01',
        '_word o',
        '_word obrien',
        '_word obrien7@xorg',
        '_word org',
        '_word smith',
      ],
    );
    const words = await client.query(`SELECT value FROM search_string WHERE param = 'name:word' ORDER BY value`);
    assert.deepEqual(
      words.rows.map(({ value }) => value),
      ['obrien smith', 'smith'],
    );
    const digits = await client.query(
      `SELECT t FROM record, unnest(tokens) AS t WHERE t LIKE '%:digits=%' ORDER BY t COLLATE "C"`,
    );
    assert.deepEqual(
      digits.rows.map(({ t }) => t),
      [
        'phone:digits=phone|5552221000',
        'phone:digits=phone|5558675309',
        'phone:digits=|5552221000',
        'phone:digits=|5558675309',
        'telecom:digits=sms|5553334444',
        'telecom:digits=|5553334444',
      ],
    );
  } finally {
    await client.end();
    await database.drop();
  }
});
