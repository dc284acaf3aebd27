// The questionnaires that come with Chartwire, and how those that are defined elsewhere are kept without touching what is
// the site's own.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { createChart } from '#chart/chart.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { keepDefinedByPlugin, keepShipped } from '#chart/questionnaires/keep.ts';
import { SHIPPED } from '#chart/questionnaires/shipped.ts';
import { SYSTEM } from '#kit/authority.ts';
import { LOINC, ORDINAL_VALUE } from '#kit/systems.ts';
import { validate } from '#r4/validate.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { seenIn } from '../support/seen.ts';

const SITE: Origin = { actor: { type: 'user', id: 'u1' }, source: 'fhir', authority: SYSTEM };

describe('the shipped questionnaires', () => {
  const starter = readFileSync(new URL('../../packages/server/src/terms/starter/loinc.tsv', import.meta.url), 'utf8');
  const questions = ({ item = [] }: Questionnaire) => item.filter(({ type }) => type !== 'display');
  const ordinals = ({ answerOption = [] }: QuestionnaireItem) =>
    answerOption.flatMap(({ valueCoding }) =>
      (valueCoding?.extension ?? []).flatMap(({ url, valueDecimal }) => (url === ORDINAL_VALUE ? [valueDecimal] : [])),
    );

  for (const [id, panel, count, highest] of [
    ['phq-2', '55757-9', 2, 6],
    ['phq-9', '44249-1', 10, 27],
    ['gad-7', '69737-5', 7, 21],
    ['audit-c', '72109-2', 3, 12],
  ] as const) {
    test(`${id} is valid, coded, and scores at most ${highest}`, () => {
      const definition = SHIPPED.find((one) => one.id === id)!;
      assert.deepEqual(validate(definition), []);
      assert.equal(definition.code?.[0]?.code, panel);
      assert.match(starter, new RegExp(`^${panel}\t${RegExp.escape(definition.code![0]!.display!)}\t`, 'm'));
      const asked = questions(definition);
      assert.equal(asked.length, count);
      for (const { linkId, code } of asked) assert.deepEqual([code?.[0]?.system, code?.[0]?.code], [LOINC, linkId]);
      const best = asked.map((item) => Math.max(0, ...ordinals(item).map(Number)));
      assert.equal(
        best.reduce((sum, one) => sum + one, 0),
        highest,
      );
      for (const item of asked) assert.deepEqual(ordinals(item), [...ordinals(item).keys()]);
    });
  }

  test('the PHQ-2 is found by the code of CMS’s panel too', () => {
    assert.deepEqual(
      SHIPPED.find(({ id }) => id === 'phq-2')?.code?.map(({ code }) => code),
      ['55757-9', '58120-7'],
    );
  });
});

describe('questionnaires that are defined elsewhere', () => {
  let database: FreshDatabase;
  let store: PostgresStore;
  let chart: Chart;
  before(async () => {
    database = await freshDatabase();
    store = await openStore(database.connection);
    chart = createChart({ store });
  });
  after(async () => {
    await store.close();
    await database.drop();
  });

  const current = async (id: string) => {
    const { version, record: resource } = (await seenIn(chart).current('Questionnaire', id))!;
    return { version, record: resource as Questionnaire & { id: string } };
  };
  const defined = (name: string, title = 'Sleep'): Questionnaire & { id: string } => ({
    resourceType: 'Questionnaire',
    id: `sleep.${name}`,
    status: 'active',
    title,
    item: [{ linkId: 'hours', type: 'integer' }],
  });

  test('are put in once, by two nodes at once too', async () => {
    await Promise.all([keepShipped(chart), keepShipped(chart)]);
    await keepShipped(chart);
    for (const { id, title } of SHIPPED) {
      const { version, record } = await current(id);
      assert.deepEqual([version, record.title, record.status], [1, title, 'active']);
    }
  });

  test('are the site’s own once it changed or deleted them', async () => {
    const { record } = await current('phq-9');
    await chart.withChart(SITE, (draft) => draft.update({ ...record, title: 'Our PHQ-9' }));
    await chart.withChart(SITE, (draft) => draft.delete('Questionnaire', 'gad-7'));
    await keepShipped(chart);
    assert.deepEqual(
      [(await current('phq-9')).record.title, (await seenIn(chart).current('Questionnaire', 'gad-7'))?.deleted],
      ['Our PHQ-9', true],
    );
  });

  test('a plugin’s follow its versions: replaced, retired when gone, active when back', async () => {
    await keepDefinedByPlugin(chart, 'sleep', [defined('a'), defined('b')]);
    await keepDefinedByPlugin(chart, 'sleep', [defined('a', 'Sleep well')]);
    const [a, b] = [await current('sleep.a'), await current('sleep.b')];
    assert.deepEqual([a.version, a.record.title, b.record.status], [2, 'Sleep well', 'retired']);
    await keepDefinedByPlugin(chart, 'sleep', [defined('a', 'Sleep well'), defined('b')]);
    assert.deepEqual([(await current('sleep.a')).version, (await current('sleep.b')).record.status], [2, 'active']);
    await keepDefinedByPlugin(chart, 'other', []);
    assert.equal((await current('sleep.b')).record.status, 'active');
  });

  test('another plugin’s and the site’s of the same id are left alone', async () => {
    await chart.withChart(SITE, (draft) => draft.update(defined('ours', 'Ours')));
    await keepDefinedByPlugin(chart, 'sleep', [defined('ours', 'Theirs')]);
    await keepDefinedByPlugin(chart, 'rival', [defined('a', 'Rival')]);
    assert.deepEqual(
      [(await current('sleep.ours')).record.title, (await current('sleep.a')).record.title],
      ['Ours', 'Sleep well'],
    );
  });
});
