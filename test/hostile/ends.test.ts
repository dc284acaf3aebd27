// Values at the ends of what can be said, each of which once was an error of the server, with the answer that is right.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { ADMIN, type RunningApp, runApp } from '../server/running-app.ts';
import { randomFrom } from './random.ts';
import { ask } from './request.ts';
import { noise } from './values.ts';

describe('values at the ends', () => {
  let app: RunningApp;
  let web: string;
  before(async () => {
    web = await mkdtemp(join(tmpdir(), 'chartwire-web-'));
    await mkdir(join(web, 'assets'));
    await writeFile(join(web, 'index.html'), '<!doctype html>');
    await writeFile(join(web, 'assets/page.js'), '1');
    app = await runApp({ web: Promise.resolve(web) });
  });
  after(async () => {
    // 40 is a warning: that a value came unchecked as far as the database.
    assert.doesNotMatch(app.logged(), /"level":(40|50|60)/);
    await app.close();
    await rm(web, { recursive: true });
  });

  const authorization = `Bearer ${ADMIN}`;

  async function create(body: { readonly resourceType: string; readonly [element: string]: unknown }): Promise<string> {
    const made = await app.ask('POST', `/fhir/R4/${body.resourceType}`, { body });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }

  async function found(search: string): Promise<string[]> {
    const { status, json, text } = await app.ask('GET', `/fhir/R4/${search}`);
    assert.equal(status, 200, `${search}: ${text}`);
    return (json.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id);
  }

  async function refused(
    method: string,
    path: string,
    status: number,
    options: { body?: unknown; type?: string } = {},
  ) {
    const headers: Record<string, string> = options.type === undefined ? {} : { 'content-type': options.type };
    const answer = await app.ask(method, path, { ...options, headers });
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    return answer;
  }

  const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };

  test('searches by the first year, the year before it, and the last', async () => {
    const id = await create({ ...observation, resourceType: 'Task', intent: 'order', status: 'requested' });
    for (const [test, finds] of [
      ['lt0000', false],
      ['ge0000', true],
      ['ap0000', false],
      ['sa0000-12-31T23:59:59.9999999', true],
      ['ne0001-01-01T00:00:00%2B14:00', true],
      ['le9999', true],
      ['gt9999-12-31T23:59:59-12:00', false],
      ['lt9999-12-31T23:59:60Z', true],
    ] as const) {
      assert.equal((await found(`Task?_lastUpdated=${test}`)).includes(id), finds, test);
    }
    await refused('GET', '/fhir/R4/Task?_lastUpdated=2024-01-01T00:00:00%2B99:99', 400);
    await refused('GET', '/fhir/R4/Task?_lastUpdated=2024-13', 400);
  });

  for (const time of [
    '0001',
    '0001-01-01T00:00:00+14:00',
    '2016-12-31T23:59:60Z',
    '2024-01-01T00:00:00.123456789Z',
    '9999',
    '9999-12-31T23:59:59-12:00',
    '9999-12-31T23:59:60.999999999-14:00',
  ]) {
    test(`a record of ${time} is kept and found`, async () => {
      const id = await create({ ...observation, effectiveDateTime: time });
      assert.ok((await found(`Observation?date=${encodeURIComponent(time)}`)).includes(id));
      const read = await app.ask('GET', `/fhir/R4/Observation/${id}`);
      assert.equal(read.json.effectiveDateTime, time);
    });
  }

  test('texts that are too long for an index are kept, and found by their beginning', async () => {
    const long = noise(randomFrom(1), 9_000);
    const body = {
      resourceType: 'ValueSet',
      status: 'active',
      title: `Ä${long}`,
      identifier: [{ system: 'urn:x', value: long }],
    };
    const id = await create(body);
    const other = await create({ ...body, identifier: [{ system: 'urn:x', value: `${long}!` }] });
    assert.deepEqual(
      (await found(`ValueSet?title=${encodeURIComponent(`a${long.slice(0, 2000)}`)}`)).toSorted(),
      [id, other].toSorted(),
    );
    const form = (query: Record<string, string>) =>
      app.ask('POST', '/fhir/R4/ValueSet/_search', {
        body: String(new URLSearchParams(query)),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    assert.equal((await form({ 'title:exact': body.title })).json.entry.length, 2);
    const { json } = await form({ identifier: `urn:x|${long}` });
    assert.deepEqual(
      json.entry.map((entry: { resource: { id: string } }) => entry.resource.id),
      [id],
    );
    assert.deepEqual((await found('ValueSet?identifier=urn:x|')).toSorted(), [id, other].toSorted());
  });

  test('numbers past the ends of a double', async () => {
    for (const number of ['1e400', '-1e400', '1e-400', '0e999', 'ap1e400', 'ne9e999', '999999999999999999'])
      await found(`Observation?value-quantity=${number}`);
    await refused('GET', '/fhir/R4/Observation?value-quantity=NaN', 400);
    await refused('POST', '/fhir/R4/Observation', 422, {
      body: JSON.stringify({ ...observation, valueQuantity: { value: 7 } }).replace('7', '1e400'),
    });
  });

  describe('patches', () => {
    const type = 'application/json-patch+json';
    const patient = { resourceType: 'Patient', name: [{ family: 'Germain' }] };
    const bomb = Array.from({ length: 40 }, () => ({ op: 'copy', from: '/name', path: '/name/-' }));
    for (const [name, body] of [
      [
        'of the whole record',
        [
          { op: 'add', path: '', value: 'x' },
          { op: 'move', from: '/a', path: '/b' },
        ],
      ],
      ['into a text', [{ op: 'add', path: '/name/0/family/x', value: 1 }]],
      ['of a list’s length', [{ op: 'replace', path: '/name/length', value: 'x' }]],
      ['past the end of a list', [{ op: 'add', path: '/name/9', value: {} }]],
      ['by an index that is none', [{ op: 'remove', path: '/name/00' }]],
      ['into itself', [{ op: 'move', from: '/name', path: '/name/0' }]],
      ['that double a list forty times', bomb],
    ] as const) {
      test(name, async () => {
        const id = await create(patient);
        const { json } = await refused('PATCH', `/fhir/R4/Patient/${id}`, 422, { body, type });
        assert.equal(json.issue[0].details.coding[0].code, 'patch.failed');
        assert.equal((await app.ask('GET', `/fhir/R4/Patient/${id}`)).json.meta.versionId, '1');
      });
    }

    test('do what RFC 6902 says', async () => {
      const id = await create(patient);
      const body = [
        { op: 'test', path: '/name/0/family', value: 'Germain' },
        { op: 'add', path: '/name/0/given', value: ['Sophie'] },
        { op: 'add', path: '/name/0/given/0', value: 'Marie' },
        { op: 'add', path: '/name/0/given/-', value: 'M' },
        { op: 'move', from: '/name/0/given/0', path: '/name/0/given/1' },
        { op: 'copy', from: '/name/0', path: '/name/-' },
        { op: 'replace', path: '/name/1/family', value: 'Le~Blanc/' },
        { op: 'remove', path: '/name/0/given/2' },
      ];
      const patched = await app.ask('PATCH', `/fhir/R4/Patient/${id}`, { body, headers: { 'content-type': type } });
      assert.deepEqual(patched.json.name, [
        { family: 'Germain', given: ['Sophie', 'Marie'] },
        { family: 'Le~Blanc/', given: ['Sophie', 'Marie', 'M'] },
      ]);
    });
  });

  test('cursors that were tampered with', async () => {
    const encoded = (value: unknown) =>
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
    const patient = await create({ resourceType: 'Patient' });
    const uuid = '00000000-0000-7000-8000-000000000000';
    for (const time of [
      '9999-99-99 99:99:99+99',
      '0000-01-01 00:00:00+00',
      '2023-02-29 00:00:00+00',
      '2024-01-01 00:00:00+99:99',
    ]) {
      const iso = `${time.slice(0, 19).replace(' ', 'T')}.000000Z`;
      const bad = !time.includes('2024');
      if (bad) {
        await refused('GET', `/fhir/R4/Patient?_cursor=${encoded(['_lastUpdated', 0, null, 'x', iso])}`, 400);
        await refused('GET', `/fhir/R4/Patient?_sort=family&_cursor=${encoded(['family', 1, iso, 'x', iso])}`, 400);
        await refused(
          'GET',
          `/fhir/R4/Patient?_sort=birthdate&_cursor=${encoded(['birthdate', 0, null, 'x', time])}`,
          400,
        );
      }
      await refused('GET', `/fhir/R4/Patient/_history?_before=${encoded([time, 'x', '1'])}`, 422);
      await refused('GET', `/api/charts/${patient}/timeline?after=${encoded([time, 'Note', 'x'])}`, 422);
      await refused('GET', `/api/reports?after=${encoded([time, 'DiagnosticReport', 'x'])}`, 422);
      await refused('GET', `/api/deliveries?after=${encoded([time, uuid, 'p', 'H'])}`, 422);
    }
    await refused(
      'GET',
      `/fhir/R4/Patient/_history?_before=${encoded(['2024-01-01 00:00:00+00', 'x', '99999999999'])}`,
      422,
    );
    await refused('GET', `/api/deliveries?after=${encoded(['2024-01-01 00:00:00+00', 'x', 'p', 'H'])}`, 422);
    for (const [sort, ...cursor] of [
      ['birthdate', '-birthdate', 0, null, 'x', null],
      ['family', 'family', 0, null, 'x', 'a\0'],
      ['family', 'family', 0, null, 'x', '\ud800'],
      ['family', 'family', 0, null, 'x', 'a'.repeat(10_000)],
      ['family', 'family', 0, null, "x' OR '' = '", 'a'],
      ['family', 'family', 0, null, 'x', 'a', 'b'],
      ['family', 'family', 0, null, 'x'],
      ['family', 'family', 1, null, 'x', '2024-01-01 00:00:00+00'],
      ['family', 'family', 2, null, 'x', 'a'],
      ['family', { length: 5 }],
      ['_id', '_id', 0, null, 'x', null],
      ['_lastUpdated', '_lastUpdated', 0, null, 'x', null],
    ]) {
      await refused('GET', `/fhir/R4/Patient?_sort=${sort}&_cursor=${encoded(cursor)}`, 400);
    }
    for (const number of ['1e999', '-1e999', '1e-999', '5e-324', 'Infinity', '0x1', 'NaN', '1e', '']) {
      const cursor = encoded(['value-quantity', 0, null, 'x', number]);
      const { status } = await app.ask('GET', `/fhir/R4/Observation?_sort=value-quantity&_cursor=${cursor}`);
      assert.equal(status, /^-?(?:[15]e-?\d+|Infinity)$/.test(number) ? 200 : 400, number);
    }
    for (const position of ['1.99999999999999999999.1', '1.1.9999999999999999999', '1', '-1.1.1']) {
      await refused('GET', `/api/events?after=${position}`, 422);
      await refused('GET', `/api/events/stream?after=${position}`, 422);
    }
    const stream = {
      method: 'GET',
      path: '/api/logs/stream',
      headers: { authorization, 'last-event-id': '9999999999999999999' },
    };
    assert.equal((await ask(app.url, stream)).status, 422);
  });

  test('texts that no database holds, where any text is let pass', async () => {
    for (const path of ['audit?action=', 'audit?actor=', 'tasks?label=', 'schedule?timezone='])
      await refused('GET', `/api/${path}a%00`, 422);
    // What people type to search by is words.
    for (const path of ['patients?query=', 'tasks?query=', 'terms/search?system=loinc&query='])
      assert.equal((await app.ask('GET', `/api/${path}a%00`)).status, 200);
    // Bytes that are no UTF-8 are read as the sign for what cannot be read.
    for (const bytes of ['%ED%A0%80', '%ff', '%c3%28']) {
      const { status } = await app.ask('GET', `/api/patients?query=${bytes}`);
      assert.ok([200, 400].includes(status), String(status));
    }
  });

  test('links of narratives with numbers of no character', async () => {
    for (const number of ['&#9999999;', '&#x110000;', '&#xD800;', '&#0;']) {
      for (const tag of [`<a href="${number}">a</a>`, `<img src='${number}'/>`]) {
        const body = { resourceType: 'Patient', text: { status: 'generated', div: `<div>${tag}</div>` } };
        await refused('POST', '/fhir/R4/Patient', 422, { body });
        await refused('POST', '/fhir/R4/Patient/$validate', 200, { body });
        const entry = [{ fullUrl: 'urn:uuid:a', resource: body, request: { method: 'POST', url: 'Patient' } }];
        await refused('POST', '/fhir/R4', 422, { body: { resourceType: 'Bundle', type: 'transaction', entry } });
      }
    }
  });

  test('bodies in another encoding than UTF-8', async () => {
    const patient = await create({ resourceType: 'Patient' });
    for (const [path, type, body] of [
      ['/fhir/R4/Patient', 'application/fhir+json', '{"resourceType":"Patient","name":[{"family":"M\xfcller"}]}'],
      ['/api/notes', 'application/json', `{"patient":"${patient}","title":"M\xfcller"}`],
      ['/fhir/R4/Patient/_search', 'application/x-www-form-urlencoded', 'family=M\xfcller'],
    ] as const) {
      for (const [charset, encoding, status] of [
        ['', 'latin1', 400],
        ['; charset=utf-8', 'latin1', 400],
        ['; charset=iso-8859-1', 'latin1', 415],
        ['; charset="UTF-16"', 'utf16le', 415],
        ['; charset="UTF-8"', 'utf8', path.endsWith('_search') ? 200 : 201],
      ] as const) {
        const answer = await fetch(app.url + path, {
          method: 'POST',
          headers: { authorization, 'content-type': type + charset },
          body: Buffer.from(body, encoding),
        });
        const text = await answer.text();
        assert.equal(answer.status, status, `${path}${charset}: ${text}`);
        if (status === 400) assert.match(text, /it is not UTF-8/);
        if (status === 415) assert.ok(text.includes(`${type}; charset=utf-8`), text);
        if (status === 201) assert.match(text, /Müller/);
      }
    }
  });

  test('times and days of /api', async () => {
    for (const time of [
      '0000-01-01T00:00:00Z',
      '0001-01-01T00:00:00+14:00',
      '2016-12-31T23:59:60Z',
      '9999-12-31T23:59:59-12:00',
    ]) {
      const { status, text } = await app.ask(
        'GET',
        `/api/audit?from=${encodeURIComponent(time)}&to=${encodeURIComponent(time)}`,
      );
      assert.equal(status, 200, text);
    }
    for (const day of ['0000-12-31', '0001-01-01', '9999-12-31', '2024-02-30']) {
      const { status, text } = await app.ask('GET', `/api/patients?query=${day}`);
      assert.equal(status, 200, text);
    }
    for (const day of ['0001-01-01', '9999-12-31']) await refused('GET', `/api/schedule?date=${day}`, 422);
  });

  test('an appointment that begins in a leap second is on the schedule', async () => {
    const patient = await create({ resourceType: 'Patient', birthDate: '1976' });
    await create({
      resourceType: 'Appointment',
      status: 'booked',
      start: '2016-12-31T23:59:60Z',
      end: '2017-01-01T00:30:00Z',
      participant: [{ status: 'accepted', actor: { reference: `Patient/${patient}` } }],
    });
    const { status, json, text } = await app.ask('GET', '/api/schedule?date=2016-12-31&timezone=UTC');
    assert.equal(status, 200, text);
    assert.equal(json.providers[0].appointments[0].patient.age, 40);
  });

  test('more criteria or values than a search may have', async () => {
    const many = (count: number, one: string) => Array.from({ length: count }, () => one).join('&');
    await refused('GET', `/fhir/R4/Patient?${many(51, 'name=a')}`, 400);
    await refused(
      'GET',
      `/fhir/R4/Observation?${many(20, `date=${Array.from({ length: 51 }, () => '2024').join(',')}`)}`,
      400,
    );
  });

  test('an expectation that nobody knows is passed over', async () => {
    const headers = { authorization, expect: 'the-unexpected' };
    assert.equal((await ask(app.url, { method: 'GET', path: '/api/session/methods', headers })).status, 200);
    const refusedOne = await ask(app.url, { method: 'GET', path: '/api/tokens', headers: { expect: 'x' } });
    assert.equal(JSON.parse(refusedOne.text).code, 'access.unauthenticated');
  });

  test('an address that is too long is refused in the form of its door', async () => {
    for (const [door, form] of [
      ['/fhir/R4/Patient', /"resourceType":"OperationOutcome"/],
      ['/api/patients', /"code":"request\.malformed"/],
    ] as const) {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`GET ${door}?name=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
      assert.match(await text(socket), form);
    }
  });

  test('files that are none', async () => {
    for (const path of [
      '%00',
      'page.js%00',
      '',
      '%2e%2e/%2e%2e/etc/passwd',
      '.%00./x',
      'x'.repeat(5_000),
      '%ff',
      'page.js/x',
    ]) {
      const { status, type } = await ask(app.url, { method: 'GET', path: `/assets/${path}` });
      assert.ok(status >= 400 && status < 500, `/assets/${path}: ${status}`);
      assert.match(type, /^application\/problem\+json/);
    }
    const page = (range: string) => ask(app.url, { method: 'GET', path: '/assets/page.js', headers: { range } });
    assert.equal((await page('bytes=0-0')).status, 206);
    assert.equal(JSON.parse((await page('bytes=99999-1')).text).code, 'request.header');
  });

  for (const method of ['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    test(`${method} of anything`, async () => {
      for (const path of ['/', '/api/events', '/fhir/R4/Patient', '/fhir/R4/metadata', '/%00', '/assets/%00']) {
        const { status } = await ask(app.url, { method, path, headers: { authorization } });
        assert.ok(status < 500, `${method} ${path}: ${status}`);
      }
    });
  }
});
