import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ADMIN, type RunningApp, runApp } from '../server/running-app.ts';
import { decimals, decimalsIn } from '../support/decimals.ts';
import { chartwire } from './chartwire.ts';
import { keptChartwire } from './kept-chartwire.ts';

describe('import', () => {
  let app: RunningApp;
  let folder: string;
  before(async () => {
    app = await runApp();
    folder = await mkdtemp(join(tmpdir(), 'chartwire-import-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await app.close();
  });

  async function imported(...paths: string[]) {
    const { code, stdout, stderr } = await keptChartwire(['import', ...paths, '--json'], {
      env: { CHARTWIRE_URL: app.url, CHARTWIRE_TOKEN: ADMIN },
    });
    assert.ok(stdout, stderr);
    return { code, ...JSON.parse(stdout) };
  }
  async function file(name: string, content: unknown): Promise<string> {
    const path = join(folder, name);
    const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text);
    return path;
  }
  const count = async (query: string): Promise<number> =>
    (await app.ask('GET', `/fhir/R4/${query}&_summary=count`)).json.total;

  const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const patient = (id?: string) => ({ resourceType: 'Patient', ...(id && { id }), name: [{ family: 'Anning' }] });
  const observation = (id: string | undefined, subject: string, note = '') => ({
    resourceType: 'Observation',
    ...(id && { id }),
    status: 'final',
    code: { text: 'Pulse' },
    subject: { reference: subject },
    ...(note && { note: [{ text: note }] }),
  });
  const post = (resource: { resourceType: string; valueQuantity?: { value: number } }, fullUrl?: string) => ({
    resource,
    request: { method: 'POST', url: resource.resourceType },
    ...(fullUrl && { fullUrl }),
  });

  test('a transaction, gzipped too, with what happens as events', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        post(patient(), `urn:uuid:${uuid(1)}`),
        post(observation(undefined, `urn:uuid:${uuid(1)}`, 'from a bundle')),
      ],
    };
    const { code, created, refused } = await imported(
      await file('one.json', bundle),
      await file('two.json.gz', bundle),
    );
    assert.deepEqual([code, created, refused], [0, 4, []]);
    const { items } = (await app.ask('GET', '/api/events?type=PATIENT_CREATED')).json;
    assert.equal(items.length, 2);
  });

  test('NDJSON in any order: what refers to a patient that comes later is sent again', async () => {
    const observations = Array.from({ length: 450 }, (_, n) => observation(`late-${n}`, `Patient/late-${n % 3}`));
    const patients = [0, 1, 2].map((n) => patient(`late-${n}`));
    const export_ = await file(
      'export/a-observations.ndjson.gz',
      observations.map((one) => JSON.stringify(one)).join('\n'),
    );
    await file('export/nested/z-people.ndjson', `${patients.map((one) => JSON.stringify(one)).join('\r\n')}\r\n\r\n`);
    const first = await imported(join(export_, '..'));
    assert.deepEqual([first.code, first.files, first.created, first.refused], [0, 2, 453, []]);
    assert.equal(await count('Observation?subject=Patient/late-1'), 150);
    const again = await imported(join(export_, '..'));
    assert.deepEqual([again.code, again.created, again.updated], [0, 0, 453], 'an import can be repeated');
  });

  test('what is refused is named by file and line, and the rest goes in', async () => {
    const path = await file(
      'mixed.ndjson',
      [
        JSON.stringify(patient('good')),
        'not json',
        '{"no":"resource"}',
        JSON.stringify({
          resourceType: 'Observation',
          id: 'bad',
          status: 'final',
          subject: { reference: 'Patient/good' },
        }),
        JSON.stringify(observation('orphan', 'Patient/nobody')),
      ].join('\n'),
    );
    const { code, created, refused } = await imported(path);
    assert.equal(code, 1);
    assert.equal(created, 1);
    assert.deepEqual(
      refused.map(({ from }: { from: string }) => from).sort(),
      [2, 3, 4, 5].map((line) => `${path} line ${line}`),
    );
    const told = await chartwire(['import', path], { env: { CHARTWIRE_URL: app.url, CHARTWIRE_TOKEN: ADMIN } });
    assert.match(told.stdout, /^1 file: 0 records created, 1 updated or unchanged, 4 refused\.\n$/);
    assert.match(told.stderr, /mixed\.ndjson line 2: it is not JSON/);
  });

  test('what is not UTF-8 is refused with file, line and byte, and how to convert it; a byte order mark is none of the text', async () => {
    const named = (id: string) => JSON.stringify({ ...patient(id), name: [{ family: 'Müller' }] });
    const latin = Buffer.from(`${JSON.stringify(patient('ascii'))}\n${named('latin')}\n`, 'latin1');
    const wide = Buffer.from(`\ufeff${named('wide')}`, 'utf16le');
    const utf8 = 'convert the file first: iconv -f WINDOWS-1252 -t UTF-8';
    for (const [path, from, message] of [
      [await file('latin.ndjson', latin), ' line 2', `byte 60 of line 2 (0xFC) is not UTF-8; ${utf8}`],
      [
        await file('latin.json.gz', Buffer.from(`[\n${named('latin')}]`, 'latin1')),
        '',
        `byte 60 of line 2 (0xFC) is not UTF-8; ${utf8}`,
      ],
      [
        await file('wide.ndjson', wide),
        ' line 1',
        'it is UTF-16LE, not UTF-8; convert the file first: iconv -f UTF-16LE -t UTF-8',
      ],
      [
        await file('wide.json', wide.subarray(2)),
        '',
        'it is UTF-16LE, not UTF-8; convert the file first: iconv -f UTF-16LE -t UTF-8',
      ],
    ] as const) {
      const { code, refused } = await imported(path);
      assert.deepEqual([code, refused], [1, [{ from: `${path}${from}`, message }]]);
    }
    assert.equal((await app.ask('GET', '/fhir/R4/Patient/ascii')).status, 200, 'the other lines go in');
    assert.equal((await app.ask('GET', '/fhir/R4/Patient/latin')).status, 404);
    const marked = [
      await file('marked.ndjson', `\ufeff${named('first')}\r\n${named('last')}`),
      await file('marked.json', `\ufeff${named('one')}`),
    ];
    assert.equal((await imported(...marked)).code, 0);
    for (const id of ['first', 'last', 'one']) {
      assert.equal((await app.ask('GET', `/fhir/R4/Patient/${id}`)).json.name[0].family, 'Müller');
    }
  });

  test('decimals arrive as they stand in the files', async () => {
    const literals = decimals(200, 3);
    const raw = (id: string, value: string) =>
      JSON.stringify({ ...observation(id, 'Patient/decimal'), valueQuantity: { value: 'x' } }).replace('"x"', value);
    const lines = [JSON.stringify(patient('decimal')), ...literals.map((value, n) => raw(`decimal-${n}`, value))];
    const ndjson = await imported(await file('decimals.ndjson', lines.join('\n')));
    assert.deepEqual([ndjson.code, ndjson.created], [0, 201], JSON.stringify(ndjson));
    const { text } = await app.ask('GET', '/fhir/R4/Observation?subject=Patient/decimal&_elements=value&_count=500');
    assert.deepEqual(decimalsIn(text).sort(), literals.toSorted());
    const twice = await imported(
      await file('twice.json', '{"resourceType":"Patient","gender":"male","gender":"female"}'),
    );
    assert.match(twice.refused[0].message, /a name twice in one object/);
  });

  test('a transaction that is refused leaves nothing behind', async () => {
    const path = await file('refused.json', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [post(observation('half', 'Patient/nobody')), post(patient())],
    });
    const before = await count('Patient?family=Anning');
    const { code, refused } = await imported(path);
    assert.equal(code, 1);
    assert.equal(refused[0].from, path);
    assert.match(refused[0].message, /Patient\/nobody/);
    assert.equal(await count('Patient?family=Anning'), before);
  });

  test('a resource by itself, and the resources of a collection', async () => {
    const single = await file('single.json', patient('single'));
    const collection = await file('collection.json', {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: `urn:uuid:${uuid(7)}`, resource: patient() },
        { resource: observation('collected', `urn:uuid:${uuid(7)}`) },
      ],
    });
    const { code, created } = await imported(single, collection);
    assert.deepEqual([code, created], [0, 3]);
    const { json } = await app.ask('GET', '/fhir/R4/Observation/collected');
    assert.match(json.subject.reference, /^Patient\//, 'references inside it hold');
  });

  test('a bundle larger than a request may be is parted, and its references and decimals hold', async () => {
    const padding = 'x'.repeat(100_000);
    const entry = [
      post(patient(), `urn:uuid:${uuid(100)}`),
      ...Array.from({ length: 180 }, (_, n) =>
        post(
          { ...observation(undefined, `urn:uuid:${uuid(100)}`, padding), valueQuantity: { value: n } },
          `urn:uuid:${uuid(101 + n)}`,
        ),
      ),
    ];
    const json = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
    const path = await file('large.json', json.replaceAll(/"value":(\d+)/g, '"value":$1.00'));
    const { code, created, refused } = await imported(path);
    assert.deepEqual([code, created, refused], [0, 181, []]);
    assert.equal(await count(`Observation?subject=Patient/${uuid(100)}`), 180);
    const found = await app.ask('GET', `/fhir/R4/Observation?subject=Patient/${uuid(100)}&_elements=value&_count=500`);
    assert.deepEqual(decimalsIn(found.text).sort(), Array.from({ length: 180 }, (_, n) => `${n}.00`).sort());
  });

  test('a token that may not write stops it', async () => {
    const token = await app.tokenFor(['system/*.rs']);
    const path = await file('forbidden.json', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [post(patient())],
    });
    const { code, stderr } = await chartwire(['import', path], {
      env: { CHARTWIRE_URL: app.url, CHARTWIRE_TOKEN: token },
    });
    assert.equal(code, 1);
    assert.match(stderr, /may not create Patient records/);
  });
});
