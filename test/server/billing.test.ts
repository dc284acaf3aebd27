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
