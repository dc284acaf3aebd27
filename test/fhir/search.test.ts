// Search at the door: searchset bundles, links, paging, forms. What each parameter means is proved with the store.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate } from '#r4/validate.ts';
import { codesOf, type Loose, resourcesOf, startFhirServer } from '../support/fhir-server.ts';

const server = await startFhirServer();

const ada = await server.create({ resourceType: 'Patient', name: [{ family: 'Lovelace' }], gender: 'female' });
const alan = await server.create({ resourceType: 'Patient', name: [{ family: 'Turing' }], gender: 'male' });
const weights: Loose[] = [];
for (let kg = 60; kg < 65; kg++) {
  const subject = { reference: `Patient/${ada.id}` };
  const valueQuantity = { value: kg, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' };
  const code = { coding: [{ system: 'http://loinc.org', code: '29463-7' }] };
  weights.push(
    await server.create({
      resourceType: 'Observation',
      status: 'final',
      code,
      subject,
      valueQuantity,
      effectiveDateTime: `2024-01-0${kg - 59}`,
    }),
  );
}

const idsOf = (body: Loose): string[] => resourcesOf(body).map(({ id }) => id);

test('a search answers with a valid searchset: links, full URLs, and why each entry is in it', async () => {
  const { status, body } = await server.send('GET', 'Patient?family=Lovelace');
  assert.equal(status, 200);
  assert.deepEqual(validate(body), []);
  assert.equal(body.type, 'searchset');
  assert.deepEqual(body.link, [{ relation: 'self', url: `${server.baseUrl}/Patient?family=Lovelace` }]);
  assert.deepEqual(body.entry, [
    { fullUrl: `${server.baseUrl}/Patient/${ada.id}`, resource: ada, search: { mode: 'match' } },
  ]);
});

test('a search that finds nothing has no entries', async () => {
  const { body } = await server.send('GET', 'Patient?family=Nobody');
  assert.equal(body.entry, undefined);
});

const nextOf = (body: Loose): string | undefined => body.link.find(({ relation }: Loose) => relation === 'next')?.url;

for (const sort of ['birthdate', '-birthdate', 'family,-birthdate', '-_lastUpdated', '_id', 'gender', 'death-date']) {
  test(`pages by _sort=${sort} lose nobody to what is deleted and changed meanwhile`, async () => {
    const doctor = await server.create({ resourceType: 'Practitioner' });
    const generalPractitioner = [{ reference: `Practitioner/${doctor.id}` }];
    const all: Loose[] = [];
    for (let n = 0; n < 12; n++) {
      all.push(
        await server.create({
          resourceType: 'Patient',
          name: [{ family: `Family ${n % 5}` }],
          generalPractitioner,
          ...(n % 4 > 0 ? { birthDate: `19${60 + n}-01-01` } : {}),
        }),
      );
    }
    const query = `Patient?general-practitioner=${doctor.id}&_include=Patient:general-practitioner&_total=accurate`;
    const first = (await server.send('GET', `${query}&_sort=${sort}&_count=5`)).body;
    const seen = idsOf(first);
    assert.deepEqual([first.total, seen.length], [12, 6]);
    const unseen = all.filter(({ id }) => !seen.includes(id));
    // One that was seen goes, one that was seen moves to the end, one that wasn't moves to the beginning.
    const [gone, later] = seen.filter((id) => id !== doctor.id);
    const ends = { '-': ['1901-01-01', '2020-01-01'], '': ['2020-01-01', '1901-01-01'] }[
      sort.startsWith('-') ? '-' : ''
    ]!;
    await server.send('DELETE', `Patient/${gone}`);
    const moved = [
      { ...all.find(({ id }) => id === later)!, name: [{ family: 'Zz' }], birthDate: ends[0] },
      { ...unseen[3]!, name: [{ family: 'Aa' }], birthDate: ends[1] },
    ];
    for (const one of moved) {
      const { status } = await server.send('PUT', `Patient/${one.id}`, { body: one });
      assert.equal(status, 200);
    }
    const rest: string[] = [];
    for (let next = nextOf(first); next; ) {
      const { body } = await server.send('GET', next);
      assert.equal(body.total, 11);
      assert.ok(idsOf(body).includes(doctor.id));
      rest.push(...idsOf(body).filter((id) => id !== doctor.id));
      next = nextOf(body);
    }
    const others = rest.filter((id) => id !== later && id !== unseen[3]!.id);
    assert.deepEqual(others.toSorted(), unseen.flatMap(({ id }) => (id === unseen[3]!.id ? [] : [id])).toSorted());
    assert.equal(rest.filter((id) => id === unseen[3]!.id).length, 1);
    const still = ['_id', 'gender', 'death-date'].includes(sort);
    assert.equal(rest.includes(later!), !still);
  });
}

/** Runs `meanwhile` while a change of a record has begun and waits to be written. */
async function whileUnderWay(id: string, change: () => Promise<unknown>, meanwhile: () => Promise<void>) {
  const client = await server.store.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM record WHERE type = $1 AND id = $2 FOR UPDATE', ['Patient', id]);
    const changing = change();
    const isWaiting = async (): Promise<boolean> =>
      (await client.query('SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))'))
        .rowCount! > 0;
    while (!(await isWaiting())) await new Promise((resolve) => setTimeout(resolve, 5));
    await meanwhile();
    await client.query('COMMIT');
    await changing;
  } finally {
    client.release();
  }
}

test('pages lose nobody to a change that was under way when the first was read, even if it is taken back', async () => {
  const doctor = await server.create({ resourceType: 'Practitioner' });
  const named = (family: string) => ({
    resourceType: 'Patient' as const,
    name: [{ family }],
    generalPractitioner: [{ reference: `Practitioner/${doctor.id}` }],
  });
  const all: Loose[] = [];
  for (const family of ['Bell', 'Cole', 'Dunn', 'Yang', 'Zed']) all.push(await server.create(named(family)));
  const [yang, zed] = all.slice(-2);
  const put = async (one: Loose, family: string) => {
    const { status } = await server.send('PUT', `Patient/${one.id}`, { body: { ...one, name: [{ family }] } });
    assert.equal(status, 200);
  };
  for (const isTakenBack of [false, true]) {
    let page: Loose;
    await whileUnderWay(
      zed.id,
      () => put(zed, 'Aaa'),
      async () => {
        page = (await server.send('GET', `Patient?general-practitioner=${doctor.id}&_sort=family&_count=2`)).body;
      },
    );
    const seen = idsOf(page);
    if (isTakenBack) await put(yang, 'Aaa');
    for (let next = nextOf(page); next; next = nextOf(page)) {
      page = (await server.send('GET', next)).body;
      seen.push(...idsOf(page));
      if (isTakenBack && seen.length === 4) await put(zed, 'Zed');
    }
    assert.deepEqual(
      seen,
      all.map(({ id }) => id),
    );
    await put(zed, 'Zed');
  }
});

test('a cursor that no page gave is refused', async () => {
  const first = (await server.send('GET', 'Patient?_sort=family&_count=1')).body;
  const address = new URL(nextOf(first)!);
  const cursor = JSON.parse(Buffer.from(address.searchParams.get('_cursor')!, 'base64url').toString());
  const status = async (since: unknown) => {
    const text = JSON.stringify(cursor.with(2, since));
    address.searchParams.set('_cursor', Buffer.from(text).toString('base64url'));
    return (await server.send('GET', String(address))).status;
  };
  for (const good of ['1:5:5:', '1:5:9:5,8', '999999999:1:18446744073709551615:'])
    assert.equal(await status(good), 200);
  for (const bad of [
    ...['', '1', '5:5:', '1:0:5:', '1:9:5:', '1:5:9:9', '1:5:9:4', '1:5:9:8,7', '1:5:9:8,', '1:5:9:7,7'],
    ...['1:5:18446744073709551616:', '9999999999:5:5:', "1:5:5:'", '2026-01-01T00:00:00Z', 5, {}, ['1:5:5:']],
  ]) {
    assert.equal(await status(bad), 400, JSON.stringify(bad));
  }
});

const outcomesOf = (body: Loose): Loose[] => body.entry.filter(({ search }: Loose) => search.mode === 'outcome');

test('a parameter without a value is passed over, and the answer says so', async () => {
  for (const [query, name] of [
    ['gender=&family=Lovelace', 'gender'],
    ['family=Lovelace&general-practitioner:Practitioner.name=', 'general-practitioner:Practitioner.name'],
    ['family=Lovelace&_count=', '_count'],
  ] as const) {
    const { status, body } = await server.send('GET', `Patient?${query}`);
    assert.equal(status, 200);
    assert.deepEqual(validate(body), []);
    assert.deepEqual(body.link, [{ relation: 'self', url: `${server.baseUrl}/Patient?family=Lovelace` }]);
    assert.equal(body.entry[0].resource.id, ada.id);
    const [{ resource }] = outcomesOf(body);
    assert.equal(resource.issue[0].severity, 'warning');
    assert.ok(resource.issue[0].diagnostics.includes(name), resource.issue[0].diagnostics);
  }
  const strict = await server.send('GET', 'Patient?gender=', { headers: { prefer: 'handling=strict' } });
  assert.deepEqual([strict.status, codesOf(strict)], [400, ['search.parameter']]);
});

test('a parameter that is not known is refused, or with handling=lenient passed over', async () => {
  for (const prefer of [undefined, 'handling=strict', 'return=minimal']) {
    const headers: Record<string, string> = prefer === undefined ? {} : { prefer };
    const reply = await server.send('GET', 'Patient?family=Lovelace&nonsense=1', { headers });
    assert.deepEqual([reply.status, codesOf(reply)], [400, ['search.parameter']], prefer);
  }
  const headers = { prefer: 'return=minimal, handling=lenient' };
  const { status, body } = await server.send('GET', 'Patient?family=Lovelace&nonsense=1&_text=x', { headers });
  assert.equal(status, 200);
  assert.deepEqual(body.link, [{ relation: 'self', url: `${server.baseUrl}/Patient?family=Lovelace` }]);
  assert.equal(body.entry[0].resource.id, ada.id);
  const [{ resource }] = outcomesOf(body);
  assert.deepEqual(
    resource.issue.map(({ code }: Loose) => code),
    ['not-supported', 'not-supported'],
  );
  assert.match(resource.issue[0].diagnostics, /nonsense/);
  const wrong = await server.send('GET', 'Patient?birthdate=x', { headers });
  assert.deepEqual([wrong.status, codesOf(wrong)], [400, ['search.parameter']], 'a value is no parameter');
});

test('a part of a record is read as it is searched for, and is tagged as one', async () => {
  const record = await server.create({
    resourceType: 'Patient',
    name: [{ family: 'Hopper' }],
    gender: 'other',
    contact: [{ name: { text: 'x' } }],
  });
  for (const [query, kept, left] of [
    ['_elements=gender', 'gender', 'name'],
    ['_summary=true', 'name', 'contact'],
    ['_summary=data', 'contact', 'text'],
    ['_summary=text', 'id', 'name'],
  ] as const) {
    for (const path of [`Patient/${record.id}`, `Patient/${record.id}/_history/1`]) {
      const read = await server.send('GET', `${path}?${query}`);
      assert.equal(read.status, 200, read.text);
      const found = await server.send('GET', `Patient?_id=${record.id}&${query}`);
      assert.deepEqual(read.body, found.body.entry[0].resource);
      assert.ok(kept in read.body && !(left in read.body), `${query}: ${read.text}`);
      assert.equal(read.body.meta.tag[0].code, 'SUBSETTED');
    }
  }
  assert.deepEqual((await server.send('GET', `Patient/${record.id}?_summary=false`)).body, record);
  for (const query of ['_summary=count', '_summary=x']) {
    const refused = await server.send('GET', `Patient/${record.id}?${query}`);
    assert.deepEqual([refused.status, codesOf(refused)], [400, ['search.parameter']]);
  }
});

test('the next link leads through all pages, each record once', async () => {
  const seen: string[] = [];
  let pages = 0;
  for (let next: string | undefined = 'Observation?code=29463-7&_count=2&_sort=date'; next; pages++) {
    const { body } = await server.send('GET', next);
    seen.push(...idsOf(body));
    next = nextOf(body);
  }
  assert.equal(pages, 3);
  assert.deepEqual(
    seen,
    weights.map(({ id }) => id),
  );
});

test('a search by form means the same as one by address, and both together', async () => {
  const type = 'application/x-www-form-urlencoded';
  const form = await server.send('POST', 'Patient/_search', { raw: 'gender=female', type });
  assert.deepEqual(idsOf(form.body), [ada.id]);
  const both = await server.send('POST', 'Patient/_search?gender=female', { raw: 'family=Turing', type });
  assert.deepEqual(idsOf(both.body), []);
  const empty = await server.send('POST', 'Patient/_search?gender=male', { type });
  assert.deepEqual(idsOf(empty.body), [alan.id]);
});

test('what is included says so, and is not counted among the matches', async () => {
  const { body } = await server.send('GET', 'Observation?_include=Observation:subject&_total=accurate&_count=2');
  const modes = body.entry.map(({ resource, search }: Loose) => `${resource.resourceType} ${search.mode}`);
  assert.deepEqual(modes, ['Observation match', 'Observation match', 'Patient include']);
  assert.equal(body.total, 5);
});

test('a reference may be asked for by its absolute address here', async () => {
  const { body } = await server.send('GET', `Observation?subject=${server.baseUrl}/Patient/${ada.id}&_summary=count`);
  assert.equal(body.total, 5);
});

test('_summary=count gives the number alone', async () => {
  const { body } = await server.send('GET', `Observation?subject=Patient/${ada.id}&_summary=count`);
  assert.deepEqual([body.total, body.entry], [5, undefined]);
});

test('_format and _pretty are not taken for search parameters', async () => {
  const { status, text } = await server.send('GET', 'Patient?family=Turing&_format=json&_pretty=true');
  assert.equal(status, 200);
  assert.match(text, /\n {2}"type": "searchset"/);
});

for (const query of [
  'no-such-parameter=1',
  'gender:nonsense=male',
  'birthdate=yesterday',
  '_count=many',
  '_lastUpdated=%00',
]) {
  test(`a search by ${query} is refused, not ignored`, async () => {
    const reply = await server.send('GET', `Patient?${query}`);
    assert.deepEqual([reply.status, codesOf(reply)], [400, ['search.parameter']], reply.text);
  });
}
