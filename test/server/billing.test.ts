import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Charting, charting } from './charting.ts';
import { type RunningApp, runApp } from './running-app.ts';

describe('what was billed', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp();
    chart = charting(app);
  });
  after(() => app.close());

  test('keeps its note from being deleted, though nothing is written in it', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    const { encounter } = (await app.ask('GET', `/api/notes/${note}`)).json;
    const charge = {
      resourceType: 'ChargeItem',
      status: 'billable',
      code: { text: 'Office visit' },
      subject: { reference: `Patient/${patient}` },
      context: { reference: `Encounter/${encounter}` },
    };
    const made = (await app.ask('POST', '/fhir/R4/ChargeItem', { body: charge })).json;
    const refused = await app.ask('DELETE', `/api/notes/${note}`);
    assert.deepEqual([refused.status, refused.json.code], [409, 'note.billed'], refused.text);
    assert.equal((await app.ask('GET', `/fhir/R4/Encounter/${encounter}`)).json.status, 'in-progress');
    const body = { ...made, status: 'entered-in-error' };
    assert.equal((await app.ask('PUT', `/fhir/R4/ChargeItem/${made.id}`, { body })).status, 200);
    assert.equal((await app.ask('DELETE', `/api/notes/${note}`)).status, 204);
  });

  test('stays billed when its command is entered in error, and says so', async () => {
    const patient = await chart.patient();
    const fields = { perform: { value: 'G0444', text: 'Annual depression screening' } };
    const originated = await chart.originate(await chart.note(patient), { command: 'perform', fields, commit: true });
    assert.equal(originated.status, 201, originated.text);
    const { id, made } = originated.json;
    const madeOf = (wanted: string): string => {
      const { id } = made.find(({ type }: { type: string }) => type === wanted);
      return `/fhir/R4/${wanted}/${id}`;
    };
    const line = (await app.ask('GET', madeOf('ChargeItem'))).json;
    assert.equal(line.status, 'billable');
    assert.equal((await app.ask('PUT', madeOf('ChargeItem'), { body: { ...line, status: 'billed' } })).status, 200);
    const begun = (await chart.types(patient)).length;
    const wrong = await app.ask('POST', `/api/commands/${id}/enter-in-error`);
    assert.deepEqual([wrong.status, wrong.json.state], [200, 'entered-in-error'], wrong.text);
    assert.equal((await app.ask('GET', madeOf('Procedure'))).json.status, 'entered-in-error');
    const { status, note } = (await app.ask('GET', madeOf('ChargeItem'))).json;
    assert.equal(status, 'billed');
    assert.match(note[0].text, /entered in error after it was billed.*payer/);
    assert.ok((await chart.types(patient, begun)).includes('BILLING_LINE_ITEM_UPDATED'), 'who listens is told');
  });
});
