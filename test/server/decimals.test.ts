// A decimal comes out as it went in, whichever way it takes through the server: http://hl7.org/fhir/R4/datatypes.html#decimal

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decimals, decimalsIn } from '../support/decimals.ts';
import { packageOf, until } from '../support/core.ts';
import { type RunningApp, runApp } from './running-app.ts';

const ALL = decimals(1_000);
/** Decimals of one record: as many as a panel has components at most. */
const A_RECORD = 100;

/** Hands records on as plugins do, by what their code says. */
const SOURCE = `
import { BaseProtocol, createRecord, EventType, patchRecord, updateRecord } from 'chartwire/sdk';
export class HandsOn extends BaseProtocol.on(EventType.OBSERVATION_CREATED) {
  async compute() {
    const { record } = this.event.context;
    const { id, meta, ...rest } = record;
    const amended = { ...record, status: 'amended' };
    switch (record.code.text) {
      case 'spread': return [updateRecord(amended)];
      case 'copy': return [updateRecord(JSON.parse(JSON.stringify(amended)))];
      case 'reorder': {
        const { component, ...others } = JSON.parse(JSON.stringify(amended));
        return [updateRecord({ ...others, component: component.reverse() })];
      }
      case 'read': return [updateRecord({ ...(await this.data.read('Observation', id)), status: 'amended' })];
      case 'search': {
        const [found] = await this.data.search('Observation', { _id: id });
        return [updateRecord({ ...found, status: 'amended' })];
      }
      case 'create': return [createRecord({ ...rest, code: { text: 'made of ' + id } })];
      case 'patch': return [
        patchRecord({
          type: 'Observation',
          id,
          patch: [
            { op: 'add', path: '/component/-', value: record.component[0] },
            { op: 'replace', path: '/component/1', value: JSON.parse(JSON.stringify(record.component[1])) },
            { op: 'replace', path: '/status', value: 'amended' },
          ],
        }),
      ];
      default: return [];
    }
  }
}`;

describe('a thousand decimals', () => {
  let app: RunningApp;
  let patient: string;
  const panels: { id: string; literals: string[] }[] = [];
  before(async () => {
    app = await runApp();
    patient = (
      await app.ask('POST', '/fhir/R4/Patient', { body: { resourceType: 'Patient', birthDate: '1980-01-01' } })
    ).json.id;
    for (let from = 0; from < ALL.length; from += A_RECORD) {
      const literals = ALL.slice(from, from + A_RECORD);
      const made = await app.ask('POST', '/fhir/R4/Observation', { body: panel(literals) });
      assert.equal(made.status, 201, made.text.slice(0, 500));
      assert.deepEqual(decimalsIn(made.text), literals);
      panels.push({ id: made.json.id, literals });
    }
  });
  after(() => app.close());

  /** An Observation as text: no object of JavaScript can say how its numbers are written. */
  function panel(literals: readonly string[], about = 'a panel', id?: string): string {
    const component = literals.map((value) => `{"code":{"text":"x"},"valueQuantity":{"value":${value},"unit":"mg"}}`);
    return `{"resourceType":"Observation",${id ? `"id":"${id}",` : ''}"status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"text":"${about}"},"subject":{"reference":"Patient/${patient}"},"component":[${component}]}`;
  }
  const read = async (path: string) => {
    const answer = await app.ask('GET', path);
    assert.equal(answer.status, 200, answer.text.slice(0, 500));
    return answer.text;
  };
  /** Of every record of this kind in the order in which they were made, whatever order a list has. */
  const sorted = (literals: readonly string[]) => [...literals].sort();

  test('are read, found and told as they were written', async () => {
    for (const { id, literals } of panels) {
      const at = `/fhir/R4/Observation/${id}`;
      for (const path of ['', '/_history/1', '/_history', '?_pretty=true']) {
        assert.deepEqual(decimalsIn(await read(at + path)), literals, path);
      }
      for (const query of ['', '&_elements=component', '&_summary=data', '&_pretty=true']) {
        assert.deepEqual(decimalsIn(await read(`/fhir/R4/Observation?_id=${id}${query}`)), literals, query);
      }
    }
    const everything = decimalsIn(await read(`/fhir/R4/Patient/${patient}/$everything`));
    assert.deepEqual(sorted(everything), sorted(ALL));
    const included = await read(`/fhir/R4/Patient?_id=${patient}&_revinclude=Observation:subject`);
    assert.deepEqual(sorted(decimalsIn(included)), sorted(ALL));
    const events = await read(`/api/events?patient=${patient}&type=OBSERVATION_CREATED&limit=500`);
    assert.deepEqual(decimalsIn(events), ALL);
    const chart = await read(`/api/charts/${patient}?types=Observation`);
    assert.deepEqual(sorted(decimalsIn(chart)), sorted(ALL));
  });

  test('are what is stored: an answer put together from texts is the one that was built of records', async () => {
    const { id } = panels[0]!;
    const [alone, found] = [await read(`/fhir/R4/Observation/${id}`), await read(`/fhir/R4/Observation?_id=${id}`)];
    assert.ok(found.includes(`"resource":${alone},`));
    const pretty = await read(`/fhir/R4/Patient/${patient}?_pretty=true`);
    assert.equal(pretty, JSON.stringify(JSON.parse(await read(`/fhir/R4/Patient/${patient}`)), null, 2));
  });

  test('stay so while a patch changes another element, and in the events of it', async () => {
    const body = JSON.stringify([{ op: 'replace', path: '/status', value: 'amended' }]);
    for (const { id, literals } of panels) {
      const headers = { 'content-type': 'application/json-patch+json' };
      const patched = await app.ask('PATCH', `/fhir/R4/Observation/${id}`, { body, headers });
      assert.equal(patched.status, 200, patched.text);
      assert.deepEqual(decimalsIn(patched.text), literals);
      assert.deepEqual(decimalsIn(await read(`/fhir/R4/Observation/${id}`)), literals);
    }
    const [event] = (await app.ask('GET', `/api/events?target=Observation/${panels[0]!.id}&type=OBSERVATION_UPDATED`))
      .json.items;
    assert.deepEqual(event.context.changed, ['Observation.status']);
    const told = await read(`/api/events?target=Observation/${panels[0]!.id}&type=OBSERVATION_UPDATED`);
    assert.deepEqual(decimalsIn(told), [...panels[0]!.literals, ...panels[0]!.literals]);
  });

  test('go through transactions and batches, in and out', async () => {
    for (const type of ['transaction', 'batch']) {
      const entries = panels.map(
        ({ literals }, index) =>
          `{"fullUrl":"urn:uuid:00000000-0000-4000-8000-00000000000${index}","resource":${panel(literals, type)},"request":{"method":"POST","url":"Observation"}}`,
      );
      const body = `{"resourceType":"Bundle","type":"${type}","entry":[${entries}]}`;
      const done = await app.ask('POST', '/fhir/R4', { body, headers: { prefer: 'return=representation' } });
      assert.equal(done.status, 200, done.text.slice(0, 500));
      assert.deepEqual(decimalsIn(done.text), ALL, type);
      const ids: string[] = done.json.entry.map((entry: { resource: { id: string } }) => entry.resource.id);
      const reads = ids.map((id) => ({ request: { method: 'GET', url: `Observation/${id}` } }));
      const again = await app.ask('POST', '/fhir/R4', { body: { resourceType: 'Bundle', type, entry: reads } });
      assert.deepEqual(decimalsIn(again.text), ALL, type);
    }
  });

  test('go down a live stream', async () => {
    const response = await fetch(`${app.url}/api/events/stream?after=0.0.0&type=OBSERVATION_CREATED`, {
      headers: { authorization: `Bearer ${await app.tokenFor(['system/*.rs'])}` },
    });
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (decimalsIn(text).length >= ALL.length && text.endsWith('\n\n')) break;
    }
    assert.deepEqual(decimalsIn(text).slice(0, ALL.length), ALL);
  });

  test('are the same whatever a plugin does to hand its record on', async () => {
    const plugin = await packageOf({ name: 'hands-on', source: SOURCE, scopes: ['patient/Observation.cruds'] });
    const scopes = ['system/chartwire.admin', 'system/Observation.cruds'];
    const installed = await fetch(`${app.url}/api/plugins/hands-on`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await app.tokenFor(scopes)}`, 'content-type': 'application/gzip' },
      body: new Uint8Array(plugin),
    });
    assert.ok(installed.ok, await installed.text());
    for (const [index, way] of ['spread', 'copy', 'read', 'search', 'create', 'patch'].entries()) {
      const { literals } = panels[index]!;
      const { id } = (await app.ask('POST', '/fhir/R4/Observation', { body: panel(literals, way) })).json;
      let text = '';
      await until(async () => {
        // A search of a phrase has words of its own; the version tells of the others.
        const path = way === 'create' ? `?code:text=made of ${id}` : `/${id}`;
        text = (await app.ask('GET', `/fhir/R4/Observation${path}`)).text;
        return way === 'create' ? text.includes('"entry"') : text.includes('"amended"');
      });
      assert.deepEqual(decimalsIn(text), way === 'patch' ? [...literals, literals[0]] : literals, way);
      if (way !== 'spread') continue;
      // The record of what was asked for says it as it was asked for.
      const [{ id: event }] = (await app.ask('GET', `/api/events?target=Observation/${id}&type=OBSERVATION_CREATED`))
        .json.items;
      const story = await read(`/api/events/${event}`);
      assert.deepEqual(decimalsIn(story.slice(story.indexOf('"effects":'))).slice(0, literals.length), literals);
    }
  });

  test('go with their items when a plugin puts those in another order', async () => {
    // Of equal value, told apart by what stands beside it; of different value, by that alone.
    const pairs = [
      ['x', '1.0'],
      ['y', '1.00'],
      ['z', '2.50'],
      ['z', '3.10'],
    ];
    const component = pairs.map(([code, value]) => `{"code":{"text":"${code}"},"valueQuantity":{"value":${value}}}`);
    const body = panel([], 'reorder').replace('"component":[]', `"component":[${component.join()}]`);
    const { id } = (await app.ask('POST', '/fhir/R4/Observation', { body })).json;
    await until(async () => (await read(`/fhir/R4/Observation/${id}`)).includes('"amended"'));
    assert.deepEqual(decimalsIn(await read(`/fhir/R4/Observation/${id}`)), ['3.10', '2.50', '1.00', '1.0']);
  });

  const version = async (id: string): Promise<string> =>
    JSON.parse(await read(`/fhir/R4/Observation/${id}`)).meta.versionId;
  const put = async (id: string, literal: string) => {
    const { status } = await app.ask('PUT', `/fhir/R4/Observation/${id}`, { body: panel([literal], 'one', id) });
    return [status, await version(id), decimalsIn(await read(`/fhir/R4/Observation/${id}`))];
  };

  test('written in another way are a change, with its event; written again as they were they are none', async () => {
    const id = 'rewritten';
    assert.deepEqual(await put(id, '1.00'), [201, '1', ['1.00']]);
    assert.deepEqual(await put(id, '1.00'), [200, '1', ['1.00']]);
    assert.deepEqual(await put(id, '1'), [200, '2', ['1']]);
    assert.deepEqual(await put(id, '1.0'), [200, '3', ['1.0']]);
    const { items } = (await app.ask('GET', `/api/events?target=Observation/${id}&type=OBSERVATION_UPDATED`)).json;
    const changed = items.map(({ context }: { context: { changed: string[] } }) => context.changed);
    assert.deepEqual(changed, Array(2).fill(['Observation.component[0].valueQuantity.value']));
  });

  test('are moved, copied, replaced and compared by JSON Patch', async () => {
    const id = 'patched';
    await put(id, '1.00');
    const patch = `[{"op":"test","path":"/component/0/valueQuantity/value","value":1},
      {"op":"test","path":"/component/0/valueQuantity","value":{"unit":"mg","value":1.0}},
      {"op":"add","path":"/component/-","value":{"code":{"text":"y"},"valueQuantity":{"value":2.0}}},
      {"op":"copy","from":"/component/0","path":"/component/0"},
      {"op":"replace","path":"/component/0/valueQuantity/value","value":3.000},
      {"op":"add","path":"/valueQuantity","value":{}},
      {"op":"copy","from":"/component/0/valueQuantity/value","path":"/valueQuantity/value"},
      {"op":"replace","path":"/component/1/valueQuantity/value","value":1}]`;
    const headers = { 'content-type': 'application/json-patch+json' };
    const done = await app.ask('PATCH', `/fhir/R4/Observation/${id}`, { body: patch, headers });
    assert.equal(done.status, 200, done.text);
    assert.deepEqual(decimalsIn(done.text), ['3.000', '1', '2.0', '3.000']);
  });

  for (const [what, body, status] of [
    ['an integer with a point', '{"valueInteger":1.0}', 422],
    ['an integer with an exponent', '{"valueInteger":1e2}', 422],
    ['an integer of -0', '{"valueInteger":-0}', 422],
    ['more than a double holds', '{"valueQuantity":{"value":1e400}}', 422],
    ['a name twice', '{"valueInteger":1,"valueInteger":2}', 400],
    ['a name twice, once escaped', '{"note":[{"text":"a","t\\u0065xt":"b"}]}', 400],
  ] as const) {
    test(`refuses ${what}`, async () => {
      const resource = `{"resourceType":"Observation","status":"final","code":{"text":"x"},${body.slice(1)}`;
      const answer = await app.ask('POST', '/fhir/R4/Observation', { body: resource });
      assert.equal(answer.status, status, answer.text);
    });
  }

  test('stay in a command, and in the answer to a request that is sent again', async () => {
    const note = (await app.ask('POST', '/api/notes', { body: { patient, title: 'Visit' } })).json.id;
    const ask = (temperature: string) =>
      app.ask('POST', `/api/notes/${note}/commands`, {
        body: `{"command":"vitals","fields":{"bodyTemperature":${temperature}}}`,
        headers: { 'idempotency-key': 'a-temperature' },
      });
    const [first, again] = [await ask('98.60'), await ask('98.60')];
    assert.equal(first.status, 201, first.text);
    assert.match(first.text, /"bodyTemperature":98\.60[,}]/);
    assert.equal(again.text, first.text);
    assert.equal((await ask('98.6')).json.code, 'request.repeated');
    assert.match(await read(`/api/notes/${note}`), /"bodyTemperature":98\.60[,}]/);
    // Only how it is written changes.
    const { id } = first.json;
    const edited = await app.ask('PATCH', `/api/commands/${id}`, { body: '{"fields":{"bodyTemperature":98.600}}' });
    assert.match(edited.text, /"bodyTemperature":98\.600[,}]/);
  });

  test('are in what a command made as they were in its fields', async () => {
    const note = (await app.ask('POST', '/api/notes', { body: { patient, title: 'Visit' } })).json.id;
    /** What it made of these types, as text. */
    const commit = async (command: string, fields: string, ...types: string[]): Promise<string> => {
      const body = `{"command":"${command}","fields":${fields},"commit":true}`;
      const done = await app.ask('POST', `/api/notes/${note}/commands`, { body });
      assert.equal(done.status, 201, done.text);
      const made = (done.json.made as { type: string; id: string }[]).filter(({ type }) => types.includes(type));
      return (await Promise.all(made.map(({ type, id }) => read(`/fhir/R4/${type}/${id}`)))).join();
    };
    const readings = '{"bodyTemperature":98.60,"weightLbs":180.0,"weightOz":2.50,"height":65.0,"pulse":72.0}';
    const vitals = await commit('vitals', readings, 'Observation');
    for (const literal of ['98.60', '180.0', '2.50', '65.0', '72.0']) assert.ok(vitals.includes(`"value":${literal},`));

    const order = `{"prescribe":"314076","sig":"Half daily","quantityToDispense":7.50,"refills":0,"daysSupply":15,
      "typeToDispense":{"ncpdpQuantityQualifierCode":"C48542","display":"Tablet"},"substitutions":"allowed",
      "prescriber":"${(await app.ask('POST', '/fhir/R4/Practitioner', { body: { resourceType: 'Practitioner' } })).json.id}"}`;
    assert.match(await commit('prescribe', order, 'MedicationRequest'), /"quantity":\{"value":7\.50,/);

    const item = [
      { linkId: 'a', type: 'decimal' },
      { linkId: 'b', type: 'quantity' },
      { linkId: 'c', type: 'decimal', repeats: true, item: [{ linkId: 'd', type: 'decimal' }] },
    ];
    const body = { resourceType: 'Questionnaire', status: 'active', item };
    const { id } = (await app.ask('POST', '/fhir/R4/Questionnaire', { body })).json;
    const answers = '{"a":7.0,"b":{"value":1.50,"unit":"mg"},"c":[3.0,{"answer":4.10,"items":{"d":5.0}}]}';
    const fields = `{"questionnaire":"${id}","answers":${answers}}`;
    const response = await commit('questionnaire', fields, 'QuestionnaireResponse');
    const literals = [...response.matchAll(/"value(?:Decimal)?":([\d.]+)/g)].map(([, literal]) => literal);
    assert.deepEqual(literals, ['7.0', '1.50', '3.0', '4.10', '5.0']);
  });
});
