import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../support/core.ts';
import { charting } from './charting.ts';
import { type RunningApp, runApp } from './running-app.ts';

/** Says something that no database holds, beside something that each does. */
const SOURCE = `
  import { BaseProtocol, EventType } from 'chartwire/sdk';
  export class Odd extends BaseProtocol.on(EventType.PATIENT_CREATED) {
    compute() {
      console.log('a nul: \\0, half a pair: \\ud83d');
      console.log('and more', '\\ud83d\\ude00', 'a backslash and u0000: \\\\u0000');
      if (this.event.context.record.name[0].family === 'Trouble') throw new Error('a nul: \\0');
      return [];
    }
  }`;

describe('what plugins say', () => {
  let app: RunningApp;
  before(async () => {
    app = await runApp({ retryPolicy: { waits: [] } });
    await charting(app).install('odd', SOURCE, {});
  });
  after(() => app.close());

  test('what the database cannot hold is kept as far as it can, and holds nothing up', async () => {
    for (const family of ['Hopper', 'Trouble']) {
      const body = { resourceType: 'Patient', name: [{ family }] };
      assert.equal((await app.ask('POST', '/fhir/R4/Patient', { body })).status, 201);
    }
    const said = async () =>
      (await app.ask('GET', '/api/plugins/odd/logs')).json.items
        .filter(({ level }: { level: string }) => level === 'info')
        .map(({ message }: { message: string }) => message);
    await until(async () => (await said()).length === 4);
    const both = ['and more \u{1f600} a backslash and u0000: \\u0000', 'a nul: , half a pair: \ufffd'];
    assert.deepEqual(await said(), [...both, ...both]);
    const { items } = (await app.ask('GET', '/api/plugins/odd/executions?state=failed')).json;
    assert.equal(items[0].error.message, 'The handler threw Error: a nul: .');
  });
});
