// Questionnaires at the doors: found, asked, scored by a plugin in the sandbox, and a plugin's own.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { packPlugin } from '#plugin-host/package.ts';
import { until } from '../support/core.ts';
import { type Charting, charting } from './charting.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';

const SCORER = `import { BaseProtocol, createQuestionnaireResult, EventType, ordinalsOf } from 'chartwire/sdk';

export class Scorer extends BaseProtocol.on(EventType.QUESTIONNAIRE_COMMAND__POST_COMMIT) {
  async compute() {
    const { made, fields } = this.event.context;
    const codes = fields.questionnaire.coding?.map(({ code }) => code) ?? [];
    const id = made.find(({ type }) => type === 'QuestionnaireResponse')?.id;
    if (!codes.includes('58120-7') || !id) return [];
    const interview = await this.data.read('QuestionnaireResponse', id);
    const counts = interview ? [...ordinalsOf(interview).values()] : [];
    const score = counts.length === 2 ? counts[0] + counts[1] : null;
    const narrative = score === null ? 'An answer is missing.' : 'Scored.';
    return createQuestionnaireResult({ interview: id, code: { code: '55758-7' }, score, abnormal: score !== null && score >= 3, narrative });
  }
}
`;
const SILENT = `import { BaseProtocol, EventType } from 'chartwire/sdk';
export class Silent extends BaseProtocol.on(EventType.INTERVIEW_CREATED) {
  compute() {}
}
`;
const SLEEP = {
  resourceType: 'Questionnaire',
  status: 'active',
  title: 'Sleep diary',
  item: [{ linkId: 'hours', type: 'integer' }],
};

describe('questionnaires at the doors', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp();
    chart = charting(app);
  });
  after(() => app.close());

  async function options(query: string): Promise<{ value: string; text: string; coding?: { code: string }[] }[]> {
    const { json } = await chart.originate(await chart.note(), { command: 'questionnaire' });
    return (await app.ask('GET', `/api/commands/${json.id}/fields/questionnaire/options?query=${query}`)).json.items;
  }
  async function asked(questionnaire: string, answers: object) {
    const body = { command: 'questionnaire', fields: { questionnaire, answers }, commit: true };
    const { status, json, text } = await chart.originate(await chart.note(), body);
    assert.equal(status, 201, text);
    return json;
  }
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  async function withResult(id: string): Promise<any> {
    let shown: { results?: object[] } = {};
    await until(async () => {
      shown = (await app.ask('GET', `/api/commands/${id}`)).json;
      return shown.results !== undefined;
    });
    return shown;
  }

  test('the shipped ones are found by their names and codes', async () => {
    assert.deepEqual((await options('phq')).map(({ value }) => value).toSorted(), ['phq-2', 'phq-9']);
    assert.deepEqual(
      (await options('alcohol')).map(({ value }) => value),
      ['audit-c'],
    );
    const [phq2] = await options('58120');
    assert.deepEqual([phq2?.value, phq2?.coding?.map(({ code }) => code)], ['phq-2', ['55757-9', '58120-7']]);
  });

  test('a plugin’s score is shown with the command and in its note, and is an error with it', async () => {
    const scopes = ['patient/QuestionnaireResponse.r', 'patient/Observation.cu'];
    await chart.install('scorer', SCORER, { scopes });
    const { id, note } = await asked('phq-2', { '44250-9': 'LA6571-9', '44255-8': 'LA6569-3' });
    const { results, made } = await withResult(id);
    assert.partialDeepStrictEqual(results, [
      { score: 4, abnormal: true, narrative: 'Scored.', code: { code: '55758-7' } },
    ]);
    const read = (await app.ask('GET', `/api/notes/${note}`)).json;
    assert.deepEqual(read.commands[0].results, results);
    assert.equal((await app.ask('POST', `/api/commands/${id}/enter-in-error`, { body: {} })).status, 200);
    for (const { type, id: one } of made) {
      assert.equal((await app.ask('GET', `/fhir/R4/${type}/${one}`)).json.status, 'entered-in-error');
    }
    assert.equal((await app.ask('GET', `/api/commands/${id}`)).json.results, undefined);

    const incomplete = await asked('phq-2', { '44250-9': 'LA6571-9' });
    const { results: unscored } = await withResult(incomplete.id);
    assert.partialDeepStrictEqual(unscored, [{ score: null, abnormal: false, narrative: 'An answer is missing.' }]);
    await chart.remove('scorer');
  });

  test('a plugin brings its own, which is offered as long as the plugin is there', async () => {
    const install = async (questionnaire: object) => {
      const body = new Uint8Array(await packed(questionnaire));
      const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/gzip' };
      const response = await fetch(`${app.url}/api/plugins/sleep`, { method: 'PUT', headers, body });
      return { status: response.status, text: await response.text() };
    };
    const faulty = await install({ ...SLEEP, title: undefined });
    assert.equal(faulty.status, 422);
    assert.match(faulty.text, /questionnaires\/diary\.json Questionnaire\.title/);
    assert.deepEqual(await options('sleep'), []);

    assert.equal((await install(SLEEP)).status, 200);
    assert.partialDeepStrictEqual(await options('sleep'), [{ value: 'sleep.diary', text: 'Sleep diary' }]);
    const { made } = await asked('sleep.diary', { hours: 7 });
    await chart.remove('sleep');
    assert.deepEqual(await options('sleep'), []);
    const kept = await app.ask('GET', `/fhir/R4/QuestionnaireResponse/${made[0].id}`);
    assert.equal(kept.json.questionnaire, 'Questionnaire/sleep.diary');
    assert.equal((await app.ask('GET', '/fhir/R4/Questionnaire/sleep.diary')).json.status, 'retired');
  });
});

async function packed(questionnaire: object): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-test-plugin-'));
  try {
    const manifest = { name: 'sleep', version: '1.0.0', description: 'For a test.', entry: 'index.ts' };
    await writeFile(join(folder, 'chartwire.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'index.ts'), SILENT);
    await mkdir(join(folder, 'questionnaires'));
    await writeFile(join(folder, 'questionnaires/diary.json'), JSON.stringify(questionnaire));
    return await packPlugin(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
