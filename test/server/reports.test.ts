import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningApp, runApp } from './running-app.ts';

type Fields = Record<string, unknown>;

describe('reports to review', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp();
  });
  after(() => app.close());

  async function create(resourceType: string, fields: Fields): Promise<string> {
    const made = await app.ask('POST', `/fhir/R4/${resourceType}`, { body: { resourceType, ...fields } });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }
  const newPatient = (family: string) => create('Patient', { name: [{ given: ['Sophie'], family }] });
  async function report(patient: string, title: string, more: Fields = {}): Promise<string> {
    const subject = { reference: `Patient/${patient}` };
    const values = await Promise.all(
      ['H', 'N'].map((code) =>
        create('Observation', {
          status: 'final',
          code: { text: 'Sodium' },
          subject,
          interpretation: [
            { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code }] },
          ],
        }),
      ),
    );
    const result = values.map((id) => ({ reference: `Observation/${id}` }));
    return create('DiagnosticReport', {
      status: 'final',
      code: { text: title },
      subject,
      effectiveDateTime: '2026-01-02',
      result,
      ...more,
    });
  }
  const document = (patient: string, title: string, more: Fields = {}) =>
    create('DocumentReference', {
      status: 'current',
      subject: { reference: `Patient/${patient}` },
      content: [{ attachment: { title } }],
      ...more,
    });
  async function listed(query: string, token?: string): Promise<Fields[]> {
    const got = await app.ask('GET', `/api/reports?${query}`, token === undefined ? {} : { token });
    assert.equal(got.status, 200, got.text);
    return got.json.items;
  }
  const titles = async (query: string, token?: string) => (await listed(query, token)).map(({ title }) => title);
  const review = (path: string, body: object = {}, token?: string) =>
    app.ask('POST', `/api/reports/${path}/review`, { body, ...(token !== undefined && { token }) });

  test('what arrived in a chart waits, the latest first; errors and what is still in the inbox do not', async () => {
    const patient = await newPatient('Germain');
    await report(patient, 'Panel');
    await document(patient, 'Letter');
    await report(patient, 'Wrong', { status: 'entered-in-error' });
    await document(patient, 'Filed', { status: 'superseded' });
    const inbox = { system: 'https://chartwire.org/fhir/CodeSystem/document-category', code: 'inbox' };
    await document(patient, 'Waiting', { category: [{ coding: [inbox] }] });
    const [letter, panel, ...others] = await listed(`patient=${patient}`);
    assert.deepEqual(others, []);
    assert.deepEqual([letter!.type, letter!.title, letter!.results], ['DocumentReference', 'Letter', 0]);
    const { id, changedAt, seen, ...shown } = panel!;
    assert.ok(id && changedAt && seen);
    assert.deepEqual(shown, {
      type: 'DiagnosticReport',
      version: 1,
      title: 'Panel',
      status: 'final',
      at: '2026-01-02',
      patient: { id: patient, name: 'Sophie Germain' },
      author: null,
      value: null,
      results: 2,
      abnormal: 1,
      critical: 0,
      review: null,
      earlier: [],
    });
  });

  test('a review says who, when and what; the patient is written to in the same unit of work', async () => {
    const patient = await newPatient('Reviewed');
    const id = await report(patient, 'Lipids');
    const body = { comment: 'Repeat in a year.', message: 'All is well.', version: 1 };
    const { status, json, text } = await review(`DiagnosticReport/${id}`, body);
    assert.equal(status, 200, text);
    assert.deepEqual([json.version, json.review.by, json.review.comment], [2, 'administrator', 'Repeat in a year.']);
    assert.ok(json.review.at && json.message);
    assert.deepEqual(
      [await titles(`patient=${patient}`), await titles(`patient=${patient}&state=reviewed`)],
      [[], ['Lipids']],
    );
    const [message] = (await app.ask('GET', `/api/messages/${patient}`)).json.items;
    assert.deepEqual([message.id, message.topic, message.text], [json.message, 'Lipids', 'All is well.']);
    const { items } = (await app.ask('GET', `/api/events?patient=${patient}&order=desc&limit=2`)).json;
    assert.deepEqual(items.map(({ type }: Fields) => type).toSorted(), [
      'DIAGNOSTIC_REPORT_UPDATED',
      'MESSAGE_CREATED',
    ]);
    assert.equal(items[0].chartVersion, items[1].chartVersion);
    const letter = await document(patient, 'Letter');
    assert.equal((await review(`DocumentReference/${letter}`)).json.message, null);
    assert.deepEqual(await titles(`patient=${patient}&state=all`), ['Letter', 'Lipids']);
  });

  test('a review again stands before the one before; a stale one and one of nothing are refused', async () => {
    const patient = await newPatient('Again');
    const id = await report(patient, 'Iron');
    await review(`DiagnosticReport/${id}`, { comment: 'First.' });
    const again = (await review(`DiagnosticReport/${id}`, { comment: 'Second.' })).json;
    assert.deepEqual([again.review.comment, again.review.version], ['Second.', 2]);
    assert.deepEqual(
      again.earlier.map(({ comment, version }: Fields) => [comment, version]),
      [['First.', 1]],
    );
    const { extension, meta } = (await app.ask('GET', `/fhir/R4/DiagnosticReport/${id}`)).json;
    assert.deepEqual([extension.length, meta.tag.length], [2, 1]);
    const stale = await review(`DiagnosticReport/${id}`, { version: 1, message: 'Never sent.' });
    assert.deepEqual([stale.status, stale.json.code], [409, 'record.conflict']);
    assert.deepEqual((await app.ask('GET', `/api/messages/${patient}`)).json.items, []);
    assert.equal((await review('DiagnosticReport/nothing')).status, 404);
    assert.equal((await review(`Observation/${id}`)).status, 404);
    assert.equal((await review(`DiagnosticReport/${id}`, { comment: '' })).status, 422);
  });

  const REVIEW = 'https://chartwire.org/fhir/CodeSystem/review';
  const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
  const critical = { interpretation: [{ coding: [{ system: INTERPRETATION, code: 'HH' }] }] };
  const potassium = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Potassium' },
    valueQuantity: { value: 6.9, unit: 'mmol/L' },
  };
  /** What the list counts in a report: values, abnormal ones, critical ones. */
  async function counted(patient: string, more: Fields, token?: string): Promise<unknown[]> {
    const id = await report(patient, 'Counted', { result: undefined, ...more });
    const found = (await listed(`patient=${patient}&limit=200`, token)).find((one) => one.id === id)!;
    return [found.results, found.abnormal, found.critical];
  }

  test('a value counts wherever it stands: contained, in a panel, in a component, deep, and once', async () => {
    const patient = await newPatient('Nested');
    const subject = { reference: `Patient/${patient}` };
    const observe = (fields: Fields) => create('Observation', { ...potassium, subject, ...fields });
    const panel = (members: readonly string[], more: Fields = {}) =>
      observe({
        valueQuantity: undefined,
        hasMember: members.map((id) => ({ reference: `Observation/${id}` })),
        ...more,
      });
    const of = (...ids: string[]) => ({ result: ids.map((id) => ({ reference: `Observation/${id}` })) });
    const contained = [{ ...potassium, ...critical, id: 'o1' }];
    const result = [{ reference: '#o1' }];
    assert.deepEqual(await counted(patient, { contained, result }), [1, 1, 1]);
    // It is in the report, although its list of results does not name it.
    assert.deepEqual(await counted(patient, { contained }), [1, 1, 1]);
    const member = await observe(critical);
    const usual = await observe({ interpretation: [{ coding: [{ system: INTERPRETATION, code: 'N' }] }] });
    const inner = await panel([member, usual]);
    assert.deepEqual(await counted(patient, of(inner)), [2, 1, 1]);
    const outer = await panel([inner]);
    assert.deepEqual(await counted(patient, of(outer, member)), [2, 1, 1], 'named twice, counted once');
    const component = [{ code: { text: 'K' }, valueQuantity: potassium.valueQuantity, ...critical }];
    assert.deepEqual(await counted(patient, of(await observe({ valueQuantity: undefined, component }))), [1, 1, 1]);
    const inContained = [
      {
        ...potassium,
        id: 'p',
        valueQuantity: undefined,
        hasMember: [{ reference: '#o1' }, { reference: `Observation/${usual}` }],
      },
      ...contained,
    ];
    assert.deepEqual(await counted(patient, { contained: inContained, result: [{ reference: '#p' }] }), [2, 1, 1]);
    // A panel that is a member of itself ends.
    const round = (await app.ask('GET', `/fhir/R4/Observation/${inner}`)).json;
    round.hasMember.push({ reference: `Observation/${outer}` });
    assert.equal((await app.ask('PUT', `/fhir/R4/Observation/${inner}`, { body: round })).status, 200);
    assert.deepEqual(await counted(patient, of(outer)), [2, 1, 1]);
    const withdrawn = await observe({ ...critical, status: 'entered-in-error' });
    assert.deepEqual(await counted(patient, of(withdrawn, usual)), [1, 0, 0]);
    const token = await app.tokenFor(['system/DiagnosticReport.rs', 'system/Patient.r']);
    assert.deepEqual(
      await counted(patient, { contained, result: [...result, ...of(member).result] }, token),
      [2, 1, 1],
    );
    assert.deepEqual(await counted(patient, of(usual), token), [1, null, null]);
    const shown = (await listed(`patient=${patient}&limit=200`)).find(
      (one) => one.results === 2 && one.critical === 1,
    )!;
    const told = (await app.ask('GET', `/api/reports/DiagnosticReport/${shown.id}/results`)).json;
    assert.deepEqual([told.items.length, told.missing], [2, 0]);
    assert.ok(
      told.items.every(({ observation }: { observation: Fields }) => observation.effectiveDateTime === '2026-01-02'),
    );
    const nowhere = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'x' }, subject, contained };
    for (const reference of ['#nope', '#']) {
      const body = { ...nowhere, result: [{ reference }] };
      assert.equal((await app.ask('POST', '/fhir/R4/DiagnosticReport', { body })).status, 422, reference);
    }
  });

  test('where the laboratory says nothing of a value, its range does', async () => {
    const patient = await newPatient('Ranges');
    const quantity = (value: number, more: Fields = {}) => ({ valueQuantity: { value, unit: 'mg/dL', ...more } });
    const said = (code: string) => ({ interpretation: [{ coding: [{ system: INTERPRETATION, code }] }] });
    const range = (low?: number, high?: number, unit = 'mg/dL') => ({
      referenceRange: [
        {
          ...(low !== undefined && { low: { value: low, unit } }),
          ...(high !== undefined && { high: { value: high, unit } }),
        },
      ],
    });
    const word = (text: string) => ({ valueCodeableConcept: { text } });
    const text = (text: string) => ({ referenceRange: [{ text }] });
    const abnormalOf = async (fields: Fields): Promise<unknown> => {
      const contained = [{ resourceType: 'Observation', id: 'o', status: 'final', code: { text: 'X' }, ...fields }];
      return (await counted(patient, { contained, result: [{ reference: '#o' }] }))[1];
    };
    const cases: [Fields, number][] = [
      [{ ...quantity(6), ...range(3, 5) }, 1],
      [{ ...quantity(5), ...range(3, 5) }, 0],
      [{ ...quantity(2), ...range(3) }, 1],
      [{ ...quantity(6), ...range(3, 5), ...said('N') }, 0],
      [{ ...quantity(4), ...range(3, 5), ...said('A') }, 1],
      [{ ...quantity(6), ...range(3, 5), ...said('U') }, 1],
      [{ ...quantity(6), ...range(3, 5), interpretation: [{ text: 'Normal' }] }, 0],
      [{ ...quantity(4), interpretation: [{ text: 'Critically high' }] }, 1],
      // Codes of a laboratory's own say what their words say.
      [{ ...quantity(4), ...range(3, 5), interpretation: [{ coding: [{ code: '3' }], text: 'Critical high' }] }, 1],
      [{ ...quantity(4), ...range(3, 5), interpretation: [{ coding: [{ code: 'X7', display: 'Low' }] }] }, 1],
      [{ ...quantity(6), ...range(3, 5, 'mmol/L') }, 0],
      [{ ...quantity(0.01, { comparator: '<' }), ...range(0.4, 4) }, 1],
      [{ ...quantity(90, { comparator: '>' }), ...range(60) }, 0],
      [{ ...quantity(200), ...text('< 200') }, 1],
      [{ ...quantity(200), ...text('<= 200') }, 0],
      [{ ...word('Positive'), ...text('Negative') }, 1],
      [{ ...word('2+'), ...text('Negative') }, 1],
      [{ ...word('Negative'), ...text('Negative') }, 0],
      [{ valueInteger: 6, ...range(3, 5) }, 1],
    ];
    for (const [fields, abnormal] of cases) assert.equal(await abnormalOf(fields), abnormal, JSON.stringify(fields));
  });

  test('a report that changes after its review, or a result in it, needs a review again; the earlier one stays', async () => {
    const patient = await newPatient('Corrected');
    const subject = { reference: `Patient/${patient}` };
    const waiting = () => titles(`patient=${patient}`);
    const shown = async (id: string) => (await listed(`patient=${patient}&state=all`)).find((one) => one.id === id)!;
    const change = async (reference: string, fields: Fields) => {
      const { json } = await app.ask('GET', `/fhir/R4/${reference}`);
      const done = await app.ask('PUT', `/fhir/R4/${reference}`, { body: { ...json, ...fields } });
      assert.equal(done.status, 200, done.text);
    };
    const value = await create('Observation', { ...potassium, subject });
    const panel = await create('Observation', {
      ...potassium,
      subject,
      valueQuantity: undefined,
      hasMember: [{ reference: `Observation/${value}` }],
    });
    const id = await report(patient, 'Panel', { result: [{ reference: `Observation/${panel}` }] });
    const reference = `DiagnosticReport/${id}`;
    assert.equal((await review(reference, { comment: 'Fine.' })).status, 200);
    assert.deepEqual(await waiting(), []);

    await change(`Observation/${value}`, { status: 'corrected', valueQuantity: { value: 2.1, unit: 'mmol/L' } });
    assert.deepEqual(await waiting(), ['Panel'], 'a result in a panel was corrected');
    const again = (await shown(id)) as { review: null; earlier: Fields[] };
    assert.deepEqual([again.review, again.earlier[0]!.comment, again.earlier[0]!.version], [null, 'Fine.', 1]);
    const { items } = (await app.ask('GET', `/api/events?patient=${patient}&type=DIAGNOSTIC_REPORT_UPDATED`)).json;
    assert.equal(items.length, 2, 'the review, and its end');

    await review(reference, { comment: 'Repeat it.' });
    const told = (await app.ask('GET', `/fhir/R4/${reference}`)).json;
    // Who sends a report knows nothing of its reviews.
    const { extension: _, meta: __, ...sent } = told;
    assert.equal((await app.ask('PUT', `/fhir/R4/${reference}`, { body: sent })).status, 200);
    assert.deepEqual(await waiting(), [], 'sent anew as it was');
    await change(`Observation/${value}`, { meta: { tag: [{ system: 'urn:x', code: 'y' }] } });
    assert.deepEqual(await waiting(), [], 'a tag is nothing to look at');
    await app.ask('PUT', `/fhir/R4/${reference}`, { body: { ...sent, status: 'amended', conclusion: 'Hypokalemia' } });
    assert.deepEqual(await waiting(), ['Panel']);
    assert.deepEqual(
      ((await shown(id)).earlier as Fields[]).map(({ comment }) => comment),
      ['Repeat it.', 'Fine.'],
    );

    // A panel that the report itself contains, of a result that it refers to.
    const contained = [
      { ...potassium, id: 'p', valueQuantity: undefined, hasMember: [{ reference: `Observation/${value}` }] },
    ];
    const holding = await report(patient, 'Holding', { contained, result: [{ reference: '#p' }] });
    for (const fields of [{ status: 'amended' }, { note: [{ text: 'Repeated.' }] }]) {
      await review(`DiagnosticReport/${holding}`);
      assert.deepEqual(await waiting(), ['Panel']);
      await change(`Observation/${value}`, fields);
      assert.deepEqual(await waiting(), ['Holding', 'Panel']);
    }
    await review(`DiagnosticReport/${holding}`);
    await app.ask('DELETE', `/fhir/R4/Observation/${panel}`);
    await review(reference);

    // Reports that arrived before a result of theirs, named by the report itself, a panel, and a panel that it contains.
    const late = [0, 1, 2].map((index) => `late-${index}-${patient}`);
    const naming = (index: number) => [{ reference: `Observation/${late[index]}` }];
    const waitingPanel = await create('Observation', {
      ...potassium,
      subject,
      valueQuantity: undefined,
      hasMember: naming(1),
    });
    const early = await Promise.all([
      report(patient, 'Early 0', { result: naming(0) }),
      report(patient, 'Early 1', { result: [{ reference: `Observation/${waitingPanel}` }] }),
      report(patient, 'Early 2', {
        contained: [{ ...contained[0], hasMember: naming(2) }],
        result: [{ reference: '#p' }],
      }),
    ]);
    for (const one of early) await review(`DiagnosticReport/${one}`, { comment: 'Nothing yet.' });
    await create('Observation', { ...potassium, ...critical, subject });
    assert.deepEqual(await waiting(), [], 'a result of no report');
    for (const [index, one] of late.entries()) {
      const body = { ...potassium, id: one, ...critical, subject };
      assert.equal((await app.ask('PUT', `/fhir/R4/Observation/${one}`, { body })).status, 201);
      assert.deepEqual(await waiting(), [`Early ${index}`], 'its result arrived');
      const { earlier, critical: count } = await shown(early[index]!);
      assert.deepEqual([(earlier as Fields[])[0]!.comment, count], ['Nothing yet.', 1]);
      await review(`DiagnosticReport/${early[index]}`);
    }

    const letter = await document(patient, 'Letter');
    await review(`DocumentReference/${letter}`);
    await change(`DocumentReference/${letter}`, { docStatus: 'amended' });
    assert.deepEqual(await waiting(), ['Letter']);
  });

  test('a review that a writer of FHIR claims counts for nothing; what is stored of reviews stays', async () => {
    const patient = await newPatient('Forged');
    const of = 'https://chartwire.org/fhir';
    const claimed = {
      url: `${of}/StructureDefinition/review`,
      extension: [
        { url: 'at', valueDateTime: '2026-01-03T10:00:00Z' },
        { url: 'by', valueReference: { display: 'Dr. Somebody Else' } },
      ],
    };
    const tag = [{ system: `${of}/CodeSystem/review`, code: 'reviewed' }];
    const subject = { reference: `Patient/${patient}` };
    const forger = await app.tokenFor(['system/DiagnosticReport.cru']);
    const send = (method: string, path: string, body: object) =>
      app.ask(method, `/fhir/R4/${path}`, { body, token: forger });
    const shown = async () => {
      const [one, ...others] = await listed(`patient=${patient}&state=all`);
      assert.deepEqual(others, []);
      const by = (one!.review as { by: { display: string } } | null)?.by.display ?? null;
      return [one!.version, by, (one!.earlier as Fields[]).length];
    };

    const body = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'Panel' }, subject };
    for (const broken of [
      { extension: {} },
      { extension: [null] },
      { meta: { tag: [null] } },
      { meta: { tag: 'x' } },
    ]) {
      assert.equal(
        (await send('POST', 'DiagnosticReport', { ...body, ...broken })).status,
        422,
        JSON.stringify(broken),
      );
    }
    const made = await send('POST', 'DiagnosticReport', { ...body, extension: [claimed], meta: { tag } });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(await shown(), [1, null, 0], 'none begins as reviewed');
    assert.ok(!made.text.includes('Somebody Else'));
    const path = `DiagnosticReport/${made.json.id}`;
    await send('PUT', path, { ...made.json, meta: { tag } });
    assert.deepEqual(await shown(), [1, null, 0], 'a mark by itself is none');

    assert.equal((await review(path, { comment: 'Fine.' })).status, 200);
    const [version, by, earlier] = await shown();
    assert.deepEqual([version, earlier], [2, 0]);
    const { json: stored } = await app.ask('GET', `/fhir/R4/${path}`);
    assert.equal((await send('PUT', path, stored)).status, 200);
    assert.deepEqual(await shown(), [2, by, 0], 'an echo changes nothing');
    await send('PUT', path, { ...stored, extension: [...stored.extension, claimed] });
    await send('PUT', path, { ...stored, extension: [claimed] });
    assert.deepEqual(await shown(), [2, by, 0], 'a review added to them, or instead of them');
    const other = { url: 'urn:x', valueString: 'y' };
    const changed = { ...stored, extension: [claimed, other], conclusion: 'Hypokalemia', meta: { tag } };
    assert.equal((await send('PUT', path, changed)).status, 200);
    assert.deepEqual(await shown(), [3, null, 1], 'what says something else waits for a review');
    const { json: kept } = await app.ask('GET', `/fhir/R4/${path}`);
    assert.deepEqual(kept.extension, [other, ...stored.extension]);
    const patch = [{ op: 'add', path: '/meta/tag', value: tag }];
    const patched = await app.ask('PATCH', `/fhir/R4/${path}`, {
      body: patch,
      token: forger,
      headers: { 'content-type': 'application/json-patch+json' },
    });
    assert.equal(patched.status, 200, patched.text);
    assert.deepEqual(await shown(), [3, null, 1]);
  });

  describe('a laboratory value that comes without a report', () => {
    const laboratory = [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
    ];
    const flagged = (code: string) => [{ coding: [{ system: INTERPRETATION, code }] }];
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const alone = (patient: string, more: Fields = {}) => ({
      ...potassium,
      category: laboratory,
      subject: { reference: `Patient/${patient}` },
      effectiveDateTime: daysAgo(1),
      ...more,
    });
    const put = async (type: string, id: string, body: Fields): Promise<Fields> => {
      const { status, json, text } = await app.ask('PUT', `/fhir/R4/${type}/${id}`, { body: { ...body, id } });
      assert.ok(status === 200 || status === 201, text);
      return json;
    };
    const read = async (id: string) => (await app.ask('GET', `/fhir/R4/Observation/${id}`)).json;
    const ids = async (query: string) => (await listed(query)).map(({ id }) => id);
    const onTimeline = async (patient: string): Promise<Fields[]> =>
      (await app.ask('GET', `/api/charts/${patient}/timeline`)).json.items;

    test('waits, is reviewed by itself, and waits again when it changes', async () => {
      const patient = await newPatient('Alone');
      const id = await create('Observation', alone(patient, critical));
      const [waiting, ...others] = await listed(`patient=${patient}`);
      assert.deepEqual(others, []);
      const { type, title, value, results, abnormal, critical: worst, review: mark } = waiting!;
      assert.deepEqual(
        [waiting!.id, type, title, value, results, abnormal, worst, mark],
        [id, 'Observation', 'Potassium', { text: '6.9 mmol/L', flag: 'Critically high' }, 1, 1, 1, null],
      );
      assert.deepEqual((waiting!.patient as Fields).name, 'Sophie Alone');
      const shown = await app.ask('GET', `/api/reports/Observation/${id}/results`);
      assert.deepEqual([shown.json.items[0].key, shown.json.missing], [`Observation/${id}`, 0], shown.text);
      const [item] = await onTimeline(patient);
      assert.deepEqual(
        [item!.type, item!.id, item!.values],
        [
          'Observation',
          id,
          [{ name: 'Potassium', text: '6.9 mmol/L', flag: { word: 'Critically high', critical: true } }],
        ],
      );

      const done = await review(`Observation/${id}`, { comment: 'Phoned.', seen: waiting!.seen, message: 'Come in.' });
      assert.equal(done.status, 200, done.text);
      assert.deepEqual([done.json.review.comment, done.json.review.version], ['Phoned.', 1]);
      assert.ok(done.json.message);
      assert.deepEqual([await ids(`patient=${patient}`), await ids(`patient=${patient}&state=reviewed`)], [[], [id]]);
      assert.deepEqual(await ids(`patient=${patient}&state=all`), [id]);

      // Corrected to a usual value: whoever acted on the first must know. A writer sends no marks back.
      const { meta: _, extension: __, ...body } = await read(id);
      await put('Observation', id, { ...body });
      assert.deepEqual(await ids(`patient=${patient}`), []);
      await put('Observation', id, {
        ...body,
        status: 'corrected',
        valueQuantity: { value: 4.1, unit: 'mmol/L' },
        interpretation: flagged('N'),
      });
      const [again] = await listed(`patient=${patient}`);
      assert.deepEqual(
        [again!.id, again!.value, again!.critical, again!.review, (again!.earlier as Fields[]).length],
        [id, { text: '4.1 mmol/L', flag: null }, 0, null, 1],
      );
      assert.equal((await review(`Observation/${id}`, { version: 1 })).status, 409);
      assert.equal((await review(`Observation/${id}`)).status, 200);
      assert.deepEqual(await ids(`patient=${patient}`), []);
      await put('Observation', id, { ...body, status: 'entered-in-error' });
      assert.deepEqual(await ids(`patient=${patient}`), []);
    });

    test('waits only if it calls for a look, and is not history', async () => {
      const patient = await newPatient('Import');
      const coded = (more: Fields) => ({ ...alone(patient), valueQuantity: undefined, ...more });
      const waits = [
        alone(patient, { interpretation: flagged('H') }),
        alone(patient, { status: 'preliminary', ...critical }),
        alone(patient, { effectiveDateTime: undefined, interpretation: flagged('L') }),
        alone(patient, { effectiveDateTime: daysAgo(20).slice(0, 7), interpretation: flagged('A') }),
        alone(patient, { referenceRange: [{ high: { value: 5.1 } }] }),
        coded({ valueString: 'Malignant cells' }),
        coded({ component: [{ code: { text: 'Lead' }, valueInteger: 80, interpretation: flagged('HH') }] }),
      ];
      const rests = [
        alone(patient),
        alone(patient, { interpretation: flagged('N') }),
        alone(patient, { referenceRange: [{ high: { value: 7 } }] }),
        alone(patient, { effectiveDateTime: daysAgo(61), ...critical }),
        alone(patient, { effectiveDateTime: '2016', interpretation: flagged('H') }),
        alone(patient, { category: undefined, ...critical }),
        coded({ status: 'registered', interpretation: flagged('HH') }),
        // A mark that a writer claims.
        alone(patient, { meta: { tag: [{ system: REVIEW, code: 'unreviewed' }] } }),
      ];
      const made: string[] = [];
      for (const one of [...waits, ...rests]) made.push(await create('Observation', one));
      assert.deepEqual((await ids(`patient=${patient}`)).toSorted(), made.slice(0, waits.length).toSorted());
      assert.equal((await onTimeline(patient)).length, waits.length + rests.length);
      // What is history is reviewed all the same, and keeps its mark.
      const old = made[waits.length + 3]!;
      assert.equal((await review(`Observation/${old}`)).status, 200);
      assert.deepEqual(await ids(`patient=${patient}&state=reviewed`), [old]);
      const claimed = alone(patient, { ...critical, meta: { tag: [{ system: REVIEW, code: 'reviewed' }] } });
      const id = await create('Observation', claimed);
      assert.ok((await ids(`patient=${patient}`)).includes(id));
    });

    test('does not wait while a report tells of it, by itself or in a panel', async () => {
      const patient = await newPatient('Told');
      const subject = { reference: `Patient/${patient}` };
      const name = (one: string) => `${one}-${patient}`;
      const bundle = (...resources: Fields[]) => ({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: resources.map((resource, index) => ({
          fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${index}`,
          resource,
          request: { method: 'POST', url: resource.resourceType },
        })),
      });
      const panel = { ...potassium, valueQuantity: undefined, subject, category: laboratory, code: { text: 'Salts' } };
      const told = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'Salts' }, subject };
      const together = await app.ask('POST', '/fhir/R4', {
        body: bundle(
          alone(patient, critical),
          { ...panel, hasMember: [{ reference: 'urn:uuid:00000000-0000-4000-8000-000000000000' }] },
          { ...told, result: [{ reference: 'urn:uuid:00000000-0000-4000-8000-000000000001' }] },
        ),
      });
      assert.equal(together.status, 200, together.text);
      assert.deepEqual(await titles(`patient=${patient}`), ['Salts']);
      assert.deepEqual(
        (await onTimeline(patient)).map(({ type }) => type),
        ['DiagnosticReport'],
      );

      // The report arrives last, by itself.
      const single = await create('Observation', alone(patient, critical));
      const member = await create('Observation', alone(patient, critical));
      const holds = await create('Observation', { ...panel, hasMember: [{ reference: `Observation/${member}` }] });
      assert.deepEqual((await ids(`patient=${patient}`)).slice(0, 2), [member, single]);
      const panelItem = (await onTimeline(patient)).find(({ id }) => id === holds)!;
      assert.equal((panelItem.values as Fields[])[0]!.text, '6.9 mmol/L');
      const result = [single, holds].map((id) => ({ reference: `Observation/${id}` }));
      const late = { ...told, code: { text: 'Late' }, result };
      await put('DiagnosticReport', name('late'), late);
      assert.deepEqual(await titles(`patient=${patient}`), ['Late', 'Salts']);
      // A change of the value is for the report to tell.
      await put('Observation', single, alone(patient, { ...critical, status: 'corrected' }));
      assert.deepEqual(await titles(`patient=${patient}`), ['Late', 'Salts']);
      // Nobody tells of them any more.
      await put('DiagnosticReport', name('late'), { ...late, status: 'entered-in-error' });
      const waiting = (await ids(`patient=${patient}`)).toSorted();
      assert.ok(waiting.includes(single) && waiting.includes(member), String(waiting));
      assert.ok((await onTimeline(patient)).some(({ id }) => id === single));

      // The report that names it was there before it.
      await put('DiagnosticReport', name('early'), {
        ...told,
        code: { text: 'Early' },
        result: [{ reference: `Observation/${name('value')}` }],
      });
      await put('Observation', name('value'), alone(patient, critical));
      assert.ok(!(await ids(`patient=${patient}`)).includes(name('value')));
    });

    test('is listed and reviewed by those who may', async () => {
      const patient = await newPatient('Scopes');
      const id = await create('Observation', alone(patient, critical));
      const token = await app.tokenFor(['system/DiagnosticReport.rs', 'system/Patient.rs', 'system/Observation.r']);
      assert.deepEqual(await titles(`patient=${patient}`, token), []);
      assert.equal((await review(`Observation/${id}`, {}, token)).status, 403);
    });
  });

  test('a review of what a result said before is refused', async () => {
    const patient = await newPatient('Seen');
    const value = await create('Observation', { ...potassium, subject: { reference: `Patient/${patient}` } });
    const id = await report(patient, 'Seen', { result: [{ reference: `Observation/${value}` }] });
    const [{ seen, version }] = (await listed(`patient=${patient}`)) as [Fields];
    const { json } = await app.ask('GET', `/fhir/R4/Observation/${value}`);
    await app.ask('PUT', `/fhir/R4/Observation/${value}`, { body: { ...json, status: 'corrected', ...critical } });
    const stale = await review(`DiagnosticReport/${id}`, { seen, version });
    assert.deepEqual([stale.status, stale.json.code], [409, 'record.conflict']);
    const [now] = (await listed(`patient=${patient}`)) as [Fields];
    assert.deepEqual([now.version, now.critical], [version, 1]);
    assert.equal((await review(`DiagnosticReport/${id}`, { seen: now.seen, version })).status, 200);
  });

  test('the list is paged, each report once', async () => {
    const patient = await newPatient('Paged');
    const made = [await report(patient, '1'), await document(patient, '2'), await report(patient, '3')];
    const seen: unknown[] = [];
    for (let after = ''; ; ) {
      const { items, next } = (await app.ask('GET', `/api/reports?patient=${patient}&limit=1${after}`)).json;
      seen.push(...items.map(({ id }: Fields) => id));
      if (next === null) break;
      after = `&after=${next}`;
    }
    assert.deepEqual(seen, made.toReversed());
    assert.equal((await app.ask('GET', '/api/reports?after=made-up')).status, 422);
  });

  test('a caller sees and reviews what its scopes and its chart allow', async () => {
    const [patient, other] = [await newPatient('Bound'), await newPatient('Other')];
    const id = await report(patient, 'Mine');
    await document(patient, 'Letter');
    const foreign = await report(other, 'Foreign');
    const token = await app.tokenFor(['patient/DiagnosticReport.rus', 'patient/Patient.r'], patient);
    assert.deepEqual(await titles('', token), ['Mine']);
    assert.equal((await review(`DiagnosticReport/${foreign}`, {}, token)).status, 403);
    assert.equal((await review(`DiagnosticReport/${id}`, { message: 'x' }, token)).status, 403);
    const reviewed = await review(`DiagnosticReport/${id}`, {}, token);
    assert.equal(reviewed.status, 200);
    assert.equal(reviewed.json.abnormal, null, 'how its results are is not for who may not read them');
    const writer = await app.tokenFor(['system/DiagnosticReport.u', 'system/Patient.r']);
    assert.equal((await review(`DiagnosticReport/${id}`, {}, writer)).status, 403, 'the answer shows the report');
    const reader = await app.tokenFor(['system/*.rs']);
    assert.equal((await review(`DiagnosticReport/${id}`, {}, reader)).status, 403);
    await listed(`patient=${other}`, reader);
    const { items } = (await app.ask('GET', `/api/audit?patient=${other}&limit=1`)).json;
    assert.equal(items[0].action, 'reports.list');
  });
});
