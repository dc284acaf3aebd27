// What a search may cost, and that one caller's long searches hold up nobody else.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { until } from '../support/core.ts';
import { type Answered, type RunningApp, runApp } from './running-app.ts';

describe('what searches may cost', { timeout: 300_000 }, () => {
  let app: RunningApp;
  let other: pg.Client;
  let patient: string;
  before(async () => {
    app = await runApp({ searches: { longest: 200, long: 1 } });
    const body = { resourceType: 'Patient', name: [{ family: 'Germain' }], identifier: [{ value: '17' }] };
    patient = (await app.ask('POST', '/fhir/R4/Patient', { body })).json.id;
    other = new pg.Client(app.database.connection);
    await other.connect();
  });
  after(async () => {
    await other.end();
    await app.close();
  });

  /** How many records a search finds; asked again where the machine alone took longer than a search may. */
  async function found(path: string, token?: string): Promise<number> {
    for (;;) {
      const answer = await app.ask('GET', path, { token });
      if (answer.status === 200) return answer.json.entry?.length ?? 0;
      assert.equal(codeOf(answer), 'search.too-costly');
    }
  }

  /** As long as `work` goes, whatever reads the index of strings takes as long as it may. */
  async function withLongSearches(work: () => Promise<void>): Promise<void> {
    await other.query('BEGIN');
    await other.query('LOCK TABLE search_string IN ACCESS EXCLUSIVE MODE');
    try {
      await work();
    } finally {
      await other.query('ROLLBACK');
    }
  }

  const LONG = '/fhir/R4/Patient?name=germain';
  const codeOf = ({ json }: Answered): string => json.code ?? json.issue[0].details.coding[0].code;

  test('one that takes too long is refused, with how to narrow it, whichever door it came by', async () => {
    await withLongSearches(async () => {
      const refused = await app.ask('GET', LONG);
      assert.equal(refused.status, 422, refused.text);
      const [issue] = refused.json.issue;
      assert.equal(issue.code, 'too-costly');
      assert.equal(issue.details.text, 'The search takes more than 0.2 seconds.');
      assert.match(issue.diagnostics, / Narrow it/);
      for (const path of ['/api/messages', '/api/tasks?query=call']) {
        assert.equal(codeOf(await app.ask('GET', path)), 'search.too-costly', path);
      }
    });
    assert.equal(await found(LONG), 1);
  });

  test('of one caller a few wait and more are refused, and others are served meanwhile', async () => {
    const [greedy, modest, third] = await Promise.all([1, 2, 3].map(() => app.tokenFor(['system/*.rs'])));
    await withLongSearches(async () => {
      // Known by then for long searches.
      await app.ask('GET', LONG, { token: greedy });
      const answers: Answered[] = [];
      const asked = Array.from({ length: 22 }, async () => answers.push(await app.ask('GET', LONG, { token: greedy })));
      await until(async () => answers.length >= 5);
      for (const answer of answers.slice(0, 5)) {
        assert.equal(answer.status, 429, answer.text);
        assert.equal(codeOf(answer), 'search.throttled');
        assert.match(answer.headers.get('retry-after')!, /^[1-9]\d*$/);
      }
      // Its turn comes before the greedy one's next.
      const turn = app.ask('GET', LONG, { token: third }).then((answer) => ({ answer, before: answers.length }));
      assert.equal((await app.ask('GET', `/fhir/R4/Patient/${patient}`, { token: modest })).status, 200);
      const light = await found('/fhir/R4/Patient?identifier=17', modest);
      assert.equal(light, 1, 'a search that reads no text');
      const { answer, before } = await turn;
      assert.equal(codeOf(answer), 'search.too-costly');
      assert.ok(before < 22, 'the greedy one still waits');
      await Promise.all(asked);
      assert.equal(answers.filter(({ status }) => status === 422).length, 17);
    });
  });

  test('several that contain something in one name are one reading of the names', async () => {
    const body = { resourceType: 'Patient', name: [{ family: 'Kowalevskaya', given: ['Sofia', 'Vasilyevna'] }] };
    const { id } = (await app.ask('POST', '/fhir/R4/Patient', { body })).json;
    const idsOf = async (query: string): Promise<string[]> =>
      ((await app.ask('GET', `/fhir/R4/Patient?${query}`)).json.entry ?? []).map(
        (entry: { resource: { id: string } }) => entry.resource.id,
      );
    assert.deepEqual(await idsOf('name:contains=sofi&name:contains=sily,nobody&name:contains=LEVS'), [id]);
    assert.deepEqual(await idsOf('name:contains=sofi&name:contains=nobody'), []);
    assert.deepEqual(await idsOf('given:contains=o&given:contains=y&family:contains=w'), [id]);
  });
});
