import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Loose } from '../support/fhir-server.ts';
import { type RunningApp, runApp } from './running-app.ts';

const PDF = '%PDF-1.7\nresults of a test\n%%EOF\n';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

describe('the inbox', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  async function send(content: string | Buffer, type = 'application/pdf', query = '?title=Lipids') {
    const response = await fetch(`${app.url}/api/inbox${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await app.tokenFor(['system/*.cruds'])}`, 'content-type': type },
      body: content,
    });
    return { status: response.status, json: (await response.json()) as Loose };
  }
  async function patient(): Promise<string> {
    const body = { resourceType: 'Patient', name: [{ family: 'Test' }] };
    return (await app.ask('POST', '/fhir/R4/Patient', { body })).json.id;
  }
  async function matched() {
    const who = await patient();
    const { id } = (await send(PDF)).json;
    const { status, text } = await app.ask('POST', `/api/inbox/${id}/match`, { body: { patient: who } });
    assert.equal(status, 200, text);
    return { id: id as string, who };
  }
  const file = (id: string, body: object, token?: string) =>
    app.ask('POST', `/api/inbox/${id}/file`, { body, ...(token !== undefined && { token }) });
  async function heard(who: string) {
    const { items } = (await app.ask('GET', `/api/events?patient=${who}&limit=500`)).json;
    return items as { type: string; target: { type: string; id: string } }[];
  }
  const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type);

  test('what is uploaded waits, of nobody, and is given back as it was', async () => {
    const { status, json } = await send(PDF);
    assert.equal(status, 201);
    assert.deepEqual(
      [json.state, json.patient, json.title, json.contentType, json.size],
      ['waiting', null, 'Lipids', 'application/pdf', PDF.length],
    );
    const items = (await app.ask('GET', '/api/inbox?limit=500')).json.items as { id: string }[];
    assert.ok(items.some(({ id }) => id === json.id));
    const content = await app.ask('GET', `/api/inbox/${json.id}/content`);
    assert.equal(content.text, PDF);
    assert.equal(content.headers.get('content-type'), 'application/pdf');
    assert.match(content.headers.get('content-security-policy')!, /sandbox/);
    assert.equal(content.headers.get('x-content-type-options'), 'nosniff');
    const { json: document } = await app.ask('GET', `/fhir/R4/DocumentReference/${json.id}`);
    assert.deepEqual([document.status, document.docStatus, document.subject], ['current', 'preliminary', undefined]);
  });

  test('a file is what its first bytes say', async () => {
    assert.equal((await send(PNG, 'application/pdf')).json.contentType, 'image/png');
    for (const content of ['MZ executable', '<svg onload="x"/>', Buffer.from('ffd8', 'hex'), '']) {
      const { status, json } = await send(content, 'image/png');
      assert.deepEqual([status, json.code], [415, 'inbox.content']);
    }
    assert.equal((await send('hello', 'text/plain')).json.code, 'request.media-type');
  });

  test('ten megabytes are taken and given back whole; a byte more is too large', async () => {
    const limit = 10 * 1024 * 1024;
    const large = Buffer.alloc(limit, 'x');
    large.write('%PDF-1.7');
    const { status, json } = await send(large);
    assert.equal(status, 201, JSON.stringify(json));
    const { text } = await app.ask('GET', `/api/inbox/${json.id}/content`);
    assert.equal(text, large.toString());
    assert.equal((await send(Buffer.concat([large, PNG.subarray(0, 1)]))).status, 413);
  });

  test('the list pages without losing or repeating any', async () => {
    const made = new Set<string>();
    for (let i = 0; i < 5; i++) made.add((await send(PDF)).json.id);
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const { json } = await app.ask('GET', `/api/inbox?limit=2${after}`);
      seen.push(...json.items.map(({ id }: { id: string }) => id));
      next = json.next;
    }
    assert.equal(new Set(seen).size, seen.length);
    for (const id of made) assert.ok(seen.includes(id));
  });

  test('a lab report is CREATED once, after its values and complete with them', async () => {
    const { id, who } = await matched();
    const { status, json, text } = await file(id, {
      as: 'lab-report',
      title: 'Lipid panel',
      code: { code: '24331-1', display: 'Lipid panel' },
      effective: '2026-04-01',
      values: [
        { code: '2089-1', display: 'LDL', value: 190, unit: 'mg/dL', high: 130, interpretation: 'H' },
        { code: '8251-1', value: 'hemolysed' },
      ],
    });
    assert.equal(status, 201, text);
    const events = await heard(who);
    const written = events.slice(2);
    assert.deepEqual(typesOf(written), [
      'OBSERVATION_CREATED',
      'OBSERVATION_CREATED',
      'LAB_REPORT_CREATED',
      'DOCUMENT_REFERENCE_UPDATED',
    ]);
    const { json: report } = await app.ask('GET', `/fhir/R4/${json.report}`);
    assert.deepEqual(
      report.result.map(({ reference }: { reference: string }) => reference),
      json.values,
    );
    assert.deepEqual([report.code.text, report.effectiveDateTime], ['Lipid panel', '2026-04-01']);
    assert.match(report.presentedForm[0].url, /^Binary\//);
    const { json: value } = await app.ask('GET', `/fhir/R4/${json.values[0]}`);
    assert.deepEqual(value.valueQuantity, { value: 190, unit: 'mg/dL' });
    assert.deepEqual(value.referenceRange, [{ high: { value: 130, unit: 'mg/dL' } }]);
    assert.equal(value.interpretation[0].coding[0].code, 'H');
    const items = (await app.ask('GET', '/api/inbox?limit=500')).json.items as { id: string }[];
    assert.ok(!items.some((item) => item.id === id));
  });

  test('a value is kept as the type that it is, in every form that laboratories print', async () => {
    const coded = (text: string, code?: string) => ({
      valueCodeableConcept: {
        text,
        ...(code && { coding: [{ system: 'http://snomed.info/sct', code, display: text }] }),
      },
    });
    const titer = (denominator: number, comparator?: string) => ({
      valueRatio: { numerator: { value: 1, ...(comparator && { comparator }) }, denominator: { value: denominator } },
    });
    const amount = (value: number, more: object = {}) => ({ valueQuantity: { value, ...more } });
    const cases: [printed: string, kept: object, flag?: string][] = [
      ['<0.01', amount(0.01, { comparator: '<' })],
      ['> 90', amount(90, { comparator: '>' })],
      ['≥90', amount(90, { comparator: '>=' })],
      // One thing in one country, another in another: kept as it is, and asked about.
      ['1,234', { valueString: '1,234' }],
      ['> 12,345 U/L', { valueString: '> 12,345 U/L' }],
      ['1,234 H', { valueString: '1,234 H' }, 'H'],
      ['1,234,567', amount(1234567)],
      ['1.234,5', amount(1234.5)],
      ['37,5', amount(37.5)],
      ['1e3', amount(1000)],
      ['½', amount(0.5)],
      ['98.6F', amount(98.6, { unit: 'F' })],
      ['12,345.6', amount(12345.6)],
      ['1.234,5', amount(1234.5)],
      ['1.234', amount(1.234)],
      ['1.23,4', { valueString: '1.23,4' }],
      ['5,1', amount(5.1)],
      ['0,123', amount(0.123)],
      ['-2.5', amount(-2.5)],
      ['1.2 x 10^3', amount(1200)],
      ['1.2×10³', amount(1200)],
      ['4.5 x10^3/uL', amount(4.5, { unit: '10*3/uL' })],
      ['98 %', amount(98, { unit: '%' })],
      ['12.5 H', amount(12.5), 'H'],
      ['12.5 (LL)', amount(12.5), 'LL'],
      ['H 12.5', amount(12.5), 'H'],
      ['12.5 mg/dL H', amount(12.5, { unit: 'mg/dL' }), 'H'],
      ['5.4*', amount(5.4), 'A'],
      ['7.5 critical', amount(7.5), 'AA'],
      ['Critical high 7.5', amount(7.5), 'HH'],
      ['7.5 H critical', amount(7.5), 'HH'],
      ['7.1 mmol/L HIGH', amount(7.1, { unit: 'mmol/L' }), 'H'],
      ['13.2 g/dL (L)', amount(13.2, { unit: 'g/dL' }), 'L'],
      ['12.5 L %', amount(12.5, { unit: '%' }), 'L'],
      ['7.5 ↑', amount(7.5), 'H'],
      ['7.5 x10E3/uL', amount(7.5, { unit: '10*3/uL' })],
      ['150 x10(3)/uL', amount(150, { unit: '10*3/uL' })],
      ['DETECTED A', coded('Detected', '260373001'), 'A'],
      ['Positive (H)', coded('Positive', '10828004'), 'H'],
      ['Type A', { valueString: 'Type A' }],
      ['120-140', { valueRange: { low: { value: 120 }, high: { value: 140 } } }],
      ['1:320', titer(320)],
      ['<1:20', titer(20, '<')],
      ['1/320', titer(320)],
      ['<1/40', titer(40, '<')],
      ['1/12', { valueString: '1/12' }],
      ['Large', coded('Large')],
      ['Trace', coded('Trace', '260405006')],
      ['7.5 C', { valueString: '7.5 C' }],
      ['Positive 1:320', titer(320), 'POS'],
      ['Detected (1200 copies/mL)', amount(1200, { unit: 'copies/mL' }), 'DET'],
      ['Detected (1,200 copies/mL)', { valueString: 'Detected (1,200 copies/mL)' }, 'DET'],
      ['Negative', coded('Negative', '260385009'), 'NEG'],
      ['NOT DETECTED', coded('Not detected', '260415000'), 'ND'],
      ['Yellow', coded('Yellow')],
      ['hemolysed', { valueString: 'hemolysed' }],
      ['12 not fasting', { valueString: '12 not fasting' }],
      ['120/80', { valueString: '120/80' }],
      ['1.2 x 103', { valueString: '1.2 x 103' }],
      ['12-05-2024', { valueString: '12-05-2024' }],
      ['1e400', { valueString: '1e400' }],
    ];
    const { id } = await matched();
    const values: object[] = cases.map(([value]) => ({ display: 'X', value }));
    // A grade is coded; it has no name of SNOMED CT that anybody would print.
    values.push(
      { display: 'X', value: '3+', range: 'Negative' },
      { display: 'X', value: '12.5 H', interpretation: null },
    );
    const filed = await file(id, { as: 'lab-report', values });
    assert.equal(filed.status, 201, filed.text);
    const kept = await Promise.all(
      filed.json.values.map(async (reference: string) => (await app.ask('GET', `/fhir/R4/${reference}`)).json),
    );
    for (const [index, [printed, value, flag]] of cases.entries()) {
      const shown = Object.fromEntries(Object.entries(kept[index]).filter(([name]) => name.startsWith('value')));
      assert.deepEqual([shown, kept[index].interpretation?.[0].coding[0].code], [value, flag], printed);
    }
    const [grade, unflagged] = kept.slice(-2);
    assert.deepEqual(grade.valueCodeableConcept, {
      text: '3+',
      coding: [{ system: 'http://snomed.info/sct', code: '260349009' }],
    });
    assert.equal(unflagged.interpretation, undefined, 'null takes the printed flag away');
    // The 3+ where Negative is normal, and what is flagged as it was printed.
    const [report] = (await app.ask('GET', `/api/reports?patient=${kept[0].subject.reference.slice(8)}`)).json.items;
    const flagged = cases.filter(([, , flag]) => flag && !['NEG', 'ND'].includes(flag)).length;
    const critical = cases.filter(([, , flag]) => flag && ['AA', 'HH', 'LL'].includes(flag)).length;
    assert.deepEqual([report.results, report.abnormal, report.critical], [values.length, flagged + 1, critical]);
  });

  test('a printed range is kept as it is printed, with its numbers', async () => {
    const { id } = await matched();
    const low = { value: 3.5, unit: 'mmol/L' };
    const cases: [string, object][] = [
      ['3.5 - 5.1', { low, high: { value: 5.1, unit: 'mmol/L' } }],
      ['(3.5–5.1 mmol/L)', { low, high: { value: 5.1, unit: 'mmol/L' } }],
      ['< 200', { high: { value: 200, unit: 'mmol/L' } }],
      ['>= 3.5', { low }],
      ['up to 1,000', { high: { value: 1000, unit: 'mmol/L' } }],
      ['Negative', {}],
      ['see the comment', {}],
    ];
    const values = cases.map(([range]) => ({ display: 'X', value: 200, unit: 'mmol/L', range }));
    const filed = await file(id, { as: 'lab-report', values });
    assert.equal(filed.status, 201, filed.text);
    for (const [index, [text, bounds]] of cases.entries()) {
      const { json } = await app.ask('GET', `/fhir/R4/${filed.json.values[index]}`);
      assert.deepEqual(json.referenceRange, [{ ...bounds, text }], text);
    }
  });

  test('values and ranges keep the zeros that are printed', async () => {
    const { id } = await matched();
    const cases: [value: string, range: string, literals: string[]][] = [
      ['7.0', '3.50 - 5.10', ['7.0', '3.50', '5.10']],
      ['<.50', '<= 8.0', ['0.50', '8.0']],
      ['+98.60', '> 1,000.0', ['98.60', '1000.0']],
      ['1.0-2.0', '', ['1.0', '2.0']],
    ];
    const values = cases.map(([value, range]) => ({ display: 'X', value, ...(range && { range }) }));
    const filed = await file(id, { as: 'lab-report', values });
    assert.equal(filed.status, 201, filed.text);
    for (const [index, [value, , literals]] of cases.entries()) {
      const { text } = await app.ask('GET', `/fhir/R4/${filed.json.values[index]}`);
      const kept = [...text.matchAll(/"value":([\d.]+)/g)].map(([, literal]) => literal);
      assert.deepEqual(kept, literals, value);
    }
  });

  test('a value that no code is known of is kept by its name; one with neither is refused at its place', async () => {
    const { id } = await matched();
    const nameless = await file(id, { as: 'lab-report', values: [{ display: 'Zonulin', value: 1 }, { value: 2 }] });
    assert.deepEqual([nameless.status, nameless.json.faults[0].path], [422, '/values/1']);
    const { json, text, status } = await file(id, {
      as: 'lab-report',
      effective: '2019-05',
      values: [{ display: 'Zonulin', value: 42.5, unit: 'ng/mL' }],
    });
    assert.equal(status, 201, text);
    const { json: value } = await app.ask('GET', `/fhir/R4/${json.values[0]}`);
    assert.deepEqual([value.code, value.valueQuantity.value], [{ text: 'Zonulin' }, 42.5]);
    assert.equal(value.effectiveDateTime, '2019-05');
  });

  test('filed as a document it is in the chart as one, of the kind that is said, and no report', async () => {
    const { id, who } = await matched();
    const code = { code: '64290-0', display: 'Health insurance card' };
    const { json, text, status } = await file(id, { as: 'document', title: 'Card', code, effective: '2999-03' });
    assert.equal(status, 201, text);
    const { json: document } = await app.ask('GET', `/fhir/R4/${json.report}`);
    assert.deepEqual(document.context, { period: { start: '2999-03' } });
    assert.deepEqual(document.type.coding, [{ system: 'http://loinc.org', ...code }]);
    assert.deepEqual([document.content[0].attachment.title, document.subject.reference], ['Card', `Patient/${who}`]);
    const types = typesOf(await heard(who));
    assert.equal(types.filter((type) => type === 'DOCUMENT_REFERENCE_CREATED').length, 1);
    assert.ok(!types.some((type) => type.endsWith('_REPORT_CREATED')), types.join());
  });

  test('one document is found by its id, also when it waits no more', async () => {
    const { id, who } = await matched();
    const one = async () => (await app.ask('GET', `/api/inbox/${id}`)).json;
    assert.deepEqual([(await one()).state, (await one()).patient], ['waiting', who]);
    assert.equal((await file(id, { as: 'document' })).status, 201);
    assert.equal((await one()).state, 'filed');
    assert.equal((await app.ask('GET', '/api/inbox/nothing')).json.code, 'inbox.not-found');
  });

  for (const [as, prefix] of [
    ['lab-report', 'LAB_REPORT'],
    ['imaging-report', 'IMAGING_REPORT'],
    ['referral-report', 'REFERRAL_REPORT'],
  ] as const) {
    test(`filed as ${as} it is ${prefix}_CREATED; changed at the FHIR door, ${prefix}_UPDATED; there and of itself too`, async () => {
      const { id, who } = await matched();
      const { json, text, status } = await file(id, { as, conclusion: 'Nothing to worry about.' });
      assert.equal(status, 201, text);
      const { json: report } = await app.ask('GET', `/fhir/R4/${json.report}`);
      await app.ask('PUT', `/fhir/R4/${json.report}`, { body: { ...report, language: 'en' } });
      const again = await app.ask('POST', `/fhir/R4/${report.resourceType}`, { body: report });
      assert.equal(again.status, 201, again.text);
      const events = (await heard(who)).filter(({ type }) => type.startsWith(prefix));
      assert.deepEqual(typesOf(events), [`${prefix}_CREATED`, `${prefix}_UPDATED`, `${prefix}_CREATED`]);
      assert.equal(`${events[0]!.target.type}/${events[0]!.target.id}`, json.report);
    });
  }

  test('it is filed once, also when asked for twice at the same time', async () => {
    const { id, who } = await matched();
    const both = await Promise.all([file(id, { as: 'lab-report' }), file(id, { as: 'lab-report' })]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [201, 409]);
    assert.equal(typesOf(await heard(who)).filter((type) => type === 'LAB_REPORT_CREATED').length, 1);
  });

  test('what cannot be filed writes nothing', async () => {
    const { id: unmatched } = (await send(PDF)).json;
    assert.equal((await file(unmatched, { as: 'lab-report' })).json.code, 'inbox.state');
    const { id, who } = await matched();
    const before = (await heard(who)).length;
    for (const body of [
      { as: 'poem' },
      { as: 'lab-report', values: [{ code: '2089-1' }] },
      { as: 'lab-report', effective: 'yesterday' },
      { as: 'lab-report', effective: '2999' },
      { as: 'imaging-report', effective: '2999-05' },
      { as: 'referral-report', values: [{ code: '2089-1', value: 1 }] },
    ]) {
      assert.equal((await file(id, body)).status, 422, JSON.stringify(body));
    }
    assert.equal((await heard(who)).length, before);
    assert.equal((await app.ask('POST', `/api/inbox/${id}/match`, { body: { patient: 'nobody' } })).status, 404);
  });

  test('a discarded document is entered in error, and neither matched nor filed any more', async () => {
    const { id } = await matched();
    assert.equal((await app.ask('DELETE', `/api/inbox/${id}`)).status, 204);
    const { json } = await app.ask('GET', `/fhir/R4/DocumentReference/${id}`);
    assert.equal(json.status, 'entered-in-error');
    assert.equal((await file(id, { as: 'lab-report' })).status, 409);
    assert.equal((await app.ask('DELETE', `/api/inbox/${id}`)).status, 409);
  });

  test('documents that were never in the inbox are not in it', async () => {
    const body = {
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment: { contentType: 'application/pdf', url: 'Binary/1' } }],
    };
    const { id } = (await app.ask('POST', '/fhir/R4/DocumentReference', { body })).json;
    assert.equal((await app.ask('GET', `/api/inbox/${id}/content`)).json.code, 'inbox.not-found');
    assert.equal((await app.ask('DELETE', `/api/inbox/${id}`)).status, 404);
  });

  test('each step asks for its scope, and the inbox is not for tokens bound to one patient', async () => {
    const { id, who } = await matched();
    const documents = await app.tokenFor(['system/DocumentReference.cruds']);
    assert.equal((await file(id, { as: 'lab-report' }, documents)).status, 403);
    const reports = await app.tokenFor(['system/DocumentReference.cruds', 'system/DiagnosticReport.c']);
    const values = [{ code: '2089-1', value: 1 }];
    assert.equal((await file(id, { as: 'lab-report', values }, reports)).status, 403);
    const reader = await app.tokenFor(['system/DocumentReference.rs']);
    assert.equal((await app.ask('GET', '/api/inbox', { token: reader })).status, 200);
    assert.equal((await app.ask('DELETE', `/api/inbox/${id}`, { token: reader })).status, 403);
    const bound = await app.tokenFor(['patient/*.cruds'], who);
    assert.equal((await app.ask('GET', '/api/inbox', { token: bound })).status, 403);
    assert.equal((await app.ask('GET', `/api/inbox/${id}/content`, { token: bound })).status, 403);
    assert.equal((await file(id, { as: 'lab-report' }, reports)).status, 201);
  });
});
