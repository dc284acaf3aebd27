// Results of questionnaires, from the answers that a command committed and from answers that came otherwise.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import { resultsOf } from '#chart/entries-of.ts';
import { createNote } from '#chart/notes.ts';
import { SYSTEM } from '#kit/authority.ts';
import { LOINC, UCUM } from '#kit/systems.ts';
import type { CommandEntry } from '#records/command-entry.ts';
import { createQuestionnaireResult } from '#sdk/effects.ts';
import { Answering, NOW } from './answering.ts';

const STAFF = { actor: { type: 'user', id: 'u1' }, source: 'api', authority: SYSTEM } as const;
const SCORE = { code: '55758-7' };
const scored = (interview: string, score: number | null, more: object = {}) =>
  createQuestionnaireResult({ interview, code: SCORE, score, ...more });

describe('results of questionnaires', () => {
  let here: Answering;
  before(async () => {
    here = await Answering.open();
    await here.put(
      { resourceType: 'Patient', id: 'p1' },
      { resourceType: 'Patient', id: 'p2' },
      {
        resourceType: 'Questionnaire',
        id: 'mood',
        status: 'active',
        title: 'Mood',
        item: [{ linkId: 'mood', type: 'integer' }],
      },
    );
  });
  after(() => here.close());

  /** A committed questionnaire, and its answers. */
  async function asked(): Promise<{ command: CommandEntry; interview: string }> {
    const { result: command } = await here.chart.withChart(STAFF, async (draft) => {
      const { id: note } = await createNote(draft, STAFF, { patient: 'p1' });
      const fields = { questionnaire: { value: 'mood', text: 'Mood' }, answers: { mood: 4 } };
      return here.commands.originate(draft, STAFF, { note, command: 'questionnaire', fields, commit: true });
    });
    return { command, interview: command.made[0]!.id };
  }
  const entry = (id: string) => here.current<never>(`Command/${id}`) as Promise<unknown> as Promise<CommandEntry>;
  const shown = async (id: string) => resultsOf(here.store, await entry(id));

  test('a result is an observation derived from the answers, and the command’s own', async () => {
    const { command, interview } = await asked();
    const { references, events } = await here.apply([scored(interview, 4, { abnormal: true, narrative: 'Positive' })]);
    const result = await here.current<Observation>(references[0]!);
    const { encounter, authored } = await here.current<QuestionnaireResponse>(`QuestionnaireResponse/${interview}`);
    assert.partialDeepStrictEqual(result, {
      status: 'final',
      category: [{ coding: [{ code: 'survey' }] }],
      code: { coding: [{ system: LOINC, code: '55758-7' }] },
      subject: { reference: 'Patient/p1' },
      effectiveDateTime: authored,
      valueQuantity: { value: 4, system: UCUM, code: '{score}' },
      interpretation: [{ coding: [{ code: 'A' }] }],
      note: [{ text: 'Positive' }],
      derivedFrom: [{ reference: `QuestionnaireResponse/${interview}` }],
    });
    assert.deepEqual(result.encounter, encounter);
    assert.deepEqual(events, ['OBSERVATION_CREATED']);
    assert.deepEqual((await entry(command.id)).made.slice(1), [
      { type: 'Observation', id: result.id, version: 1, created: true },
    ]);
    assert.deepEqual(await shown(command.id), [
      { id: result.id, code: { system: LOINC, code: '55758-7' }, score: 4, abnormal: true, narrative: 'Positive' },
    ]);
  });

  test('the result and the answers are entered in error with their command', async () => {
    const { command, interview } = await asked();
    const { references } = await here.apply([scored(interview, 4)]);
    await here.chart.withChart(STAFF, (draft) => here.commands.enterInError(draft, STAFF, command.id));
    assert.equal((await here.current<Observation>(references[0]!)).status, 'entered-in-error');
    assert.deepEqual(await shown(command.id), []);
    const { code, message } = await here.refusal([scored(interview, 3)]);
    assert.equal(code, 'effect.refused');
    assert.match(message, /was entered in error/);
  });

  test('the same code again is the same result, another code or plugin has its own', async () => {
    const { command, interview } = await asked();
    const [first] = (await here.apply([scored(interview, 4)])).references;
    const again = await here.apply([scored(interview, 5)]);
    assert.deepEqual([again.references, again.events], [[first], ['OBSERVATION_UPDATED']]);
    await here.apply([createQuestionnaireResult({ interview, code: { code: '44261-6' }, score: 9 })]);
    await here.apply([scored(interview, 2)], { plugin: 'rival' });
    assert.deepEqual(
      (await shown(command.id)).map(({ score }) => score),
      [5, 9, 2],
    );
  });

  test('answers that cannot be scored say why, and have no value', async () => {
    const { command, interview } = await asked();
    assert.match((await here.refusal([scored(interview, null)])).message, /needs a narrative/);
    const { references } = await here.apply([scored(interview, null, { narrative: '1 of 2 answers is missing.' })]);
    const { valueQuantity, dataAbsentReason } = await here.current<Observation>(references[0]!);
    assert.deepEqual([valueQuantity, dataAbsentReason?.coding?.[0]?.code], [undefined, 'unknown']);
    assert.partialDeepStrictEqual(await shown(command.id), [{ score: null, narrative: '1 of 2 answers is missing.' }]);
  });

  test('answers that no command asked for have a result too', async () => {
    await here.put({
      resourceType: 'QuestionnaireResponse',
      id: 'portal',
      status: 'completed',
      subject: { reference: 'Patient/p1' },
    });
    const { references } = await here.apply([scored('portal', 1, { abnormal: false })]);
    const { effectiveDateTime, interpretation } = await here.current<Observation>(references[0]!);
    assert.deepEqual([effectiveDateTime, interpretation?.[0]?.coding?.[0]?.code], [NOW, 'N']);
  });

  test('a result takes the scope of observations of the patient, and none of commands', async () => {
    const { interview } = await asked();
    const scopes = ['patient/Observation.cu'];
    await here.apply([scored(interview, 4)], { scopes });
    const refusal = await here.refusal([scored(interview, 5)], {
      scopes: ['patient/Observation.c', 'patient/Command.u'],
    });
    assert.equal(refusal.code, 'effect.forbidden');
    await here.put({
      resourceType: 'QuestionnaireResponse',
      id: 'other',
      status: 'completed',
      subject: { reference: 'Patient/p2' },
    });
    assert.match((await here.refusal([scored('other', 1)], { scopes })).message, /of another patient/);
  });
});
