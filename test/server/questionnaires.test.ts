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
    const [phq2] = await options('58120-7');
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
    // Another door may write more into the code than an answer here has.
    const at = `/fhir/R4/Observation/${results[0].id}`;
    const result = (await app.ask('GET', at)).json;
    const code = { coding: [{ display: 'without a code' }, { ...result.code.coding[0], userSelected: true }] };
    assert.equal((await app.ask('PUT', at, { body: { ...result, code } })).status, 200);
    assert.deepEqual((await app.ask('GET', `/api/commands/${id}`)).json.results, results);
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

  /** What the shipped scoring makes of answers, as the commit of a command tells it. */
  async function scored(questionnaire: string, answers: object, gender?: string) {
    const body = { resourceType: 'Patient', ...(gender && { gender }) };
    const patient = (await app.ask('POST', '/fhir/R4/Patient', { body })).json.id;
    const command = { command: 'questionnaire', fields: { questionnaire, answers }, commit: true };
    const { json, text } = await chart.originate(await chart.note(patient), command);
    assert.equal(json.scores?.length, 1, text);
    return { patient, id: json.id, note: json.note, ...json.scores[0] };
  }
  /** LOINC's answers from 0, Not at all, to 3, Nearly every day. */
  const OFTEN = ['LA6568-5', 'LA6569-3', 'LA6570-1', 'LA6571-9'];
  const PHQ_9 = '44250-9 44255-8 44259-0 44254-1 44251-7 44258-2 44252-5 44253-3 44260-8'.split(' ');
  const GAD_7 = '69725-0 68509-9 69733-4 69734-2 69735-9 69689-8 69736-7'.split(' ');
  /** Answers that add up to a sum, the first questions first. */
  function adding(questions: readonly string[], sum: number): Record<string, string> {
    let left = sum;
    return Object.fromEntries(
      questions.map((question) => {
        const counts = Math.min(3, left);
        left -= counts;
        return [question, OFTEN[counts]!];
      }),
    );
  }

  test('a shipped one is scored at its commit: the score, its band, and answers that call for action', async () => {
    const worst = await scored('phq-9', adding(PHQ_9, 27));
    assert.partialDeepStrictEqual(worst, {
      name: 'PHQ-9',
      code: '44261-6',
      score: 27,
      max: 27,
      band: 'severe depression',
      abnormal: true,
      critical: [
        {
          question: 'Thoughts that you would be better off dead, or of hurting yourself in some way',
          answer: 'Nearly every day',
        },
      ],
    });
    // Everywhere it is shown it is the same.
    const { patient, id, note, ...score } = worst;
    assert.deepEqual((await app.ask('GET', `/api/commands/${id}`)).json.scores, [score]);
    assert.deepEqual((await app.ask('GET', `/api/notes/${note}`)).json.commands[0].scores, [score]);
    assert.deepEqual((await app.ask('GET', `/api/charts/${patient}`)).json.scores, [score]);
    const [item] = (await app.ask('GET', `/api/charts/${patient}/timeline`)).json.items;
    assert.deepEqual(item.commands[0].scores, [
      {
        text: 'PHQ-9 27 of 27: severe depression',
        abnormal: true,
        critical: [`${score.critical[0].question}: Nearly every day`],
      },
    ]);
    assert.equal((await app.ask('POST', `/api/commands/${id}/enter-in-error`, { body: {} })).status, 200);
    assert.deepEqual((await app.ask('GET', `/api/charts/${patient}`)).json.scores, []);

    const bands: [string, Record<string, string>, number, string, boolean][] = [
      ['phq-9', adding(PHQ_9, 4), 4, 'no or minimal depression', false],
      ['phq-9', adding(PHQ_9, 9), 9, 'mild depression', false],
      ['phq-9', adding(PHQ_9, 10), 10, 'moderate depression', true],
      ['phq-9', adding(PHQ_9, 19), 19, 'moderately severe depression', true],
      ['phq-2', adding(PHQ_9.slice(0, 2), 2), 2, 'negative', false],
      ['phq-2', adding(PHQ_9.slice(0, 2), 3), 3, 'positive, ask the PHQ-9', true],
      ['gad-7', adding(GAD_7, 9), 9, 'mild anxiety', false],
      ['gad-7', adding(GAD_7, 15), 15, 'severe anxiety', true],
    ];
    for (const [questionnaire, answers, ...expected] of bands) {
      const { score: sum, band, abnormal } = await scored(questionnaire, answers);
      assert.deepEqual([sum, band, abnormal], expected, questionnaire);
    }
  });

  test('an answer that calls for action is told without a score; the bands of the AUDIT-C are by sex', async () => {
    const partial = await scored('phq-9', { '44250-9': OFTEN[3], '44260-8': OFTEN[1] });
    assert.partialDeepStrictEqual(partial, { score: null, band: null, sum: 4, answered: 2, asked: 9 });
    assert.equal(partial.critical[0].answer, 'Several days');
    const usual = await scored('phq-9', { ...adding(PHQ_9, 27), '44260-8': OFTEN[0] });
    assert.deepEqual([usual.score, usual.critical], [24, []]);
    // Who never drinks is asked one question; twice a week one or two drinks come to 3.
    const never = await scored('audit-c', { '68518-0': 'LA6270-8' });
    assert.deepEqual([never.score, never.asked, never.band], [0, 1, 'negative']);
    const weekly = { '68518-0': 'LA18927-6', '68519-8': 'LA15694-5', '68520-6': 'LA18933-4' };
    for (const [gender, abnormal] of [
      ['female', true],
      ['male', false],
      [undefined, true],
    ] as const) {
      const audit = await scored('audit-c', weekly, gender);
      assert.deepEqual([audit.score, audit.abnormal], [3, abnormal], gender);
    }
  });

  test('answers of a portal are scored too, by what their options count', async () => {
    const patient = await chart.patient();
    const item = PHQ_9.map((linkId) => ({
      linkId,
      answer: [{ valueCoding: { system: 'http://loinc.org', code: OFTEN[2] } }],
    }));
    const body = {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      questionnaire: 'https://chartwire.org/fhir/Questionnaire/phq-9|1',
      subject: { reference: `Patient/${patient}` },
      item,
    };
    const made = await app.ask('POST', '/fhir/R4/QuestionnaireResponse', { body });
    assert.equal(made.status, 201, made.text);
    const [score] = (await app.ask('GET', `/api/charts/${patient}`)).json.scores;
    assert.deepEqual([score.score, score.critical[0].answer], [18, 'More than half the days']);
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

  test('the limits that a questionnaire sets hold for a note and for FHIR; a date may be a month or a year', async () => {
    const base = 'http://hl7.org/fhir/StructureDefinition/';
    const limits = (of: Record<string, [string, unknown][]>) => ({
      extension: Object.entries(of).flatMap(([url, values]) =>
        values.map(([type, value]) => ({ url: base + url, [`value${type}`]: value })),
      ),
    });
    const item = [
      {
        linkId: 'number',
        type: 'decimal',
        text: 'Glucose',
        ...limits({ minValue: [['Decimal', 0.5]], maxValue: [['Integer', 10]], maxDecimalPlaces: [['Integer', 1]] }),
      },
      { linkId: 'count', type: 'integer', ...limits({ minValue: [['Integer', 1]], maxValue: [['Integer', 5]] }) },
      {
        linkId: 'weight',
        type: 'quantity',
        ...limits({ minValue: [['Decimal', 30]], maxDecimalPlaces: [['Integer', 0]] }),
      },
      {
        linkId: 'day',
        type: 'date',
        ...limits({ minValue: [['Date', '1990-05-01']], maxValue: [['Date', '2000-12-31']] }),
      },
      { linkId: 'time', type: 'dateTime', ...limits({ maxValue: [['DateTime', '2020-01-01']] }) },
      { linkId: 'clock', type: 'time', ...limits({ minValue: [['Time', '08:00:00']] }) },
      { linkId: 'word', type: 'string', maxLength: 5, ...limits({ minLength: [['Integer', 3]] }) },
      {
        linkId: 'file',
        type: 'attachment',
        ...limits({
          maxSize: [['Decimal', 0.001]],
          mimeType: [
            ['Code', 'image/png'],
            ['Code', 'application/pdf'],
          ],
        }),
      },
      {
        linkId: 'many',
        type: 'string',
        repeats: true,
        ...limits({ 'questionnaire-minOccurs': [['Integer', 2]], 'questionnaire-maxOccurs': [['Integer', 3]] }),
      },
      {
        linkId: 'group',
        type: 'group',
        repeats: true,
        item: [{ linkId: 'name', type: 'string' }],
        ...limits({ 'questionnaire-minOccurs': [['Integer', 2]], 'questionnaire-maxOccurs': [['Integer', 2]] }),
      },
    ];
    const url = 'http://example.org/limits';
    const made = await app.ask('POST', '/fhir/R4/Questionnaire', {
      body: { resourceType: 'Questionnaire', status: 'active', url, item },
    });
    assert.equal(made.status, 201, made.text);
    const patient = await chart.patient();
    const note = await chart.note(patient);
    const file = (bytes: number, contentType = 'image/png') =>
      JSON.stringify({ contentType, data: Buffer.alloc(bytes).toString('base64') });
    /** As JSON, for how numbers are written counts; then what is said of those that don't fit. */
    const cases: [linkId: string, element: string, answers: string[], says?: RegExp][] = [
      ['number', 'Decimal', ['0.5']],
      ['number', 'Decimal', ['10']],
      ['number', 'Decimal', ['0.4'], /number takes at least 0.5 \(“Glucose”\)/],
      ['number', 'Decimal', ['10.1'], /number takes at most 10 /],
      ['number', 'Decimal', ['9.50'], /number takes at most 1 decimal place/],
      ['count', 'Integer', ['6'], /count takes at most 5\./],
      ['weight', 'Quantity', ['{"value":30,"unit":"kg"}']],
      ['weight', 'Quantity', ['{"value":29,"unit":"kg"}'], /weight takes at least 30\./],
      ['weight', 'Quantity', ['{"value":30.0,"unit":"kg"}'], /weight takes no decimal places/],
      ['day', 'Date', ['"1998"']],
      ['day', 'Date', ['"1998-05"']],
      ['day', 'Date', ['"1990"']],
      ['day', 'Date', ['"2000"']],
      ['day', 'Date', ['"1990-04"'], /day takes from May 1, 1990/],
      ['day', 'Date', ['"2001"'], /day takes to Dec 31, 2000/],
      ['time', 'DateTime', ['"2020-01-01T23:00:00Z"']],
      ['time', 'DateTime', ['"2020-01-02T00:00:00Z"'], /time takes to Jan 1, 2020/],
      ['clock', 'Time', ['"07:59:59"'], /clock takes at least 08:00:00/],
      ['word', 'String', ['"abc"']],
      ['word', 'String', ['"ab"'], /word takes at least 3 characters/],
      ['word', 'String', ['"abcdef"'], /word takes text of at most its length/],
      ['file', 'Attachment', [file(1_000)]],
      ['file', 'Attachment', [file(1_001)], /file takes a file of at most 0.001 MB/],
      ['file', 'Attachment', [file(10, 'image/gif')], /file takes a file of type image\/png or application\/pdf/],
      ['many', 'String', ['"a"', '"b"']],
      ['many', 'String', ['"a"'], /many takes at least 2 answers/],
      ['many', 'String', ['"a"', '"b"', '"c"', '"d"'], /many takes at most 3 answers/],
      ['group', '', ['"a"', '"b"']],
      ['group', '', ['"a"'], /group takes at least 2 repetitions/],
      ['group', '', ['"a"', '"b"', '"c"'], /group takes at most 2 repetitions/],
    ];
    for (const [linkId, element, answers, says] of cases) {
      const isGroup = element === '';
      const given = isGroup ? answers.map((one) => `{"name":${one}}`) : answers;
      const fields = `{"questionnaire":"${made.json.id}","answers":{"${linkId}":${given.length > 1 ? `[${given}]` : given[0]}}}`;
      const asked = await app.ask('POST', `/api/notes/${note}/commands`, {
        body: `{"command":"questionnaire","commit":true,"fields":${fields}}`,
      });
      const items = isGroup
        ? answers.map((one) => `{"linkId":"group","item":[{"linkId":"name","answer":[{"valueString":${one}}]}]}`)
        : [`{"linkId":"${linkId}","answer":[${answers.map((one) => `{"value${element}":${one}}`)}]}`];
      const sent = await app.ask('POST', '/fhir/R4/QuestionnaireResponse', {
        body: `{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"${url}","subject":{"reference":"Patient/${patient}"},"item":[${items}]}`,
      });
      const what = `${linkId} ${answers}`.slice(0, 80);
      assert.deepEqual(
        [asked.status, sent.status],
        says ? [422, 422] : [201, 201],
        `${what}: ${asked.text} ${sent.text}`,
      );
      for (const { text } of says ? [asked, sent] : []) assert.match(text, says!, what);
    }
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
