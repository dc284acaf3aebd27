// What examples/phq-followup does for real: a result with the command, and a card that follows the chart.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { GuidanceResponse } from '@medplum/fhirtypes';
import { type ExampleServer, serveExamples } from './example-server.ts';

const EXTENSION = 'https://chartwire.org/fhir/StructureDefinition';
/** LOINC's answers, from not at all to nearly every day. */
const ANSWERS = ['LA6568-5', 'LA6569-3', 'LA6570-1', 'LA6571-9'] as const;
const COMMIT = 'QUESTIONNAIRE_COMMAND__POST_COMMIT';
const ENTER_IN_ERROR = 'QUESTIONNAIRE_COMMAND__POST_ENTER_IN_ERROR';

describe('phq-followup', () => {
  let server: ExampleServer;
  before(async () => {
    server = await serveExamples();
    await server.install('phq-followup');
  });
  after(() => server.close());

  /** A patient with an open note. */
  async function visit() {
    const { id: patient } = await server.create({ resourceType: 'Patient' as const });
    const { id: note } = await server.post('/api/notes', { patient });
    return { patient, note };
  }
  const ask = (note: string, answers: object, questionnaire = 'phq-2') =>
    server.post(`/api/notes/${note}/commands`, {
      command: 'questionnaire',
      fields: { questionnaire, answers },
      commit: true,
    });
  const mistake = (command: { id: string }) => server.post(`/api/commands/${command.id}/enter-in-error`);
  const resultsOf = async ({ id }: { id: string }) => (await server.ask('GET', `/api/commands/${id}`)).json.results;

  /** The only card of a patient. */
  async function card(patient: string) {
    const [found, ...more] = await server.find('GuidanceResponse', `patient=${patient}`);
    assert.ok(found);
    assert.deepEqual(more, []);
    const named = (name: string) => found.extension?.find(({ url }) => url === `${EXTENSION}/${name}`);
    return {
      id: found.id,
      status: named('card-status')?.valueCode,
      narrative: found.note?.[0]?.text,
      recommendation: named('card-recommendation')?.extension ?? [],
    };
  }

  /** What the card's button enters into a note. */
  function commandOf(recommendation: NonNullable<GuidanceResponse['extension']>) {
    const command = recommendation.find(({ url }) => url === 'command')?.extension ?? [];
    const named = (name: string) => command.find(({ url }) => url === name);
    return { command: named('key')?.valueCode, fields: JSON.parse(named('fields')?.valueString ?? '{}') };
  }

  test('a positive PHQ-2 has a result and a card that is due, until the PHQ-9 of its button is committed', async () => {
    const { patient, note } = await visit();
    const phq2 = await ask(note, { '44250-9': ANSWERS[3], '44255-8': ANSWERS[1] });
    await server.answered('phq-followup', patient, COMMIT);
    const [result] = await resultsOf(phq2);
    assert.equal(result.code.code, '55758-7');
    assert.deepEqual([result.score, result.abnormal, result.narrative], [4, true, 'The PHQ-2 is positive: 4 of 6.']);

    const due = await card(patient);
    assert.deepEqual([due.status, due.narrative], ['due', 'The PHQ-2 is positive: 4 of 6.']);
    assert.equal(due.recommendation.find(({ url }) => url === 'button')?.valueString, 'Ask');
    const phq9 = await server.post(`/api/notes/${note}/commands`, commandOf(due.recommendation));
    assert.equal(phq9.fields.questionnaire.value, 'phq-9');
    await server.ask('PATCH', `/api/commands/${phq9.id}`, {
      body: { fields: { answers: { '44250-9': ANSWERS[3], '44255-8': ANSWERS[1] } } },
    });
    await server.post(`/api/commands/${phq9.id}/commit`);
    await server.answered('phq-followup', patient, COMMIT, 2);
    const satisfied = await card(patient);
    assert.deepEqual([satisfied.id, satisfied.status, satisfied.recommendation], [due.id, 'satisfied', []]);

    await mistake(phq9);
    await server.answered('phq-followup', patient, ENTER_IN_ERROR);
    assert.equal((await card(patient)).status, 'due');
    await mistake(phq2);
    await server.answered('phq-followup', patient, ENTER_IN_ERROR, 2);
    assert.equal((await card(patient)).status, 'not_applicable');
    assert.equal(await resultsOf(phq2), undefined);
  });

  test('where an answer is missing the result says that it cannot be scored', async () => {
    const { patient, note } = await visit();
    const phq2 = await ask(note, { '44250-9': ANSWERS[3] });
    await server.answered('phq-followup', patient, COMMIT);
    const [result] = await resultsOf(phq2);
    const narrative = 'The PHQ-2 cannot be scored: an answer is missing.';
    assert.deepEqual([result.score, result.narrative], [null, narrative]);
    assert.deepEqual([(await card(patient)).status, (await card(patient)).narrative], ['pending', narrative]);
  });

  test('a negative PHQ-2 leaves nothing to do', async () => {
    const { patient, note } = await visit();
    const phq2 = await ask(note, { '44250-9': ANSWERS[1], '44255-8': ANSWERS[1] });
    await server.answered('phq-followup', patient, COMMIT);
    const [result] = await resultsOf(phq2);
    assert.deepEqual([result.score, result.abnormal], [2, false]);
    assert.equal((await card(patient)).status, 'satisfied');
  });
});
