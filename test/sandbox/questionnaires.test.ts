// The questionnaires in a plugin's folder: read when it is built, each fault with its file and place.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refusal } from '#kit/errors.ts';
import { buildPlugin } from '#plugin-host/build.ts';
import { folderOf, handler, manifestOf } from './sandbox.ts';

const SLEEP = {
  resourceType: 'Questionnaire',
  status: 'active',
  title: 'Sleep',
  item: [
    { linkId: 'hours', type: 'integer' },
    { linkId: 'why', type: 'text', enableWhen: [{ question: 'hours', operator: '<', answerInteger: 6 }] },
  ],
};

async function built(files: Readonly<Record<string, object | string>>) {
  const questionnaires = Object.entries(files).map(([name, content]) => [
    `questionnaires/${name}`,
    typeof content === 'string' ? content : JSON.stringify(content),
  ]);
  const folder = await folderOf({
    'chartwire.json': manifestOf('sleep'),
    'src/index.ts': handler('return [];'),
    ...Object.fromEntries(questionnaires),
  });
  return buildPlugin(folder);
}

async function faultsOf(files: Readonly<Record<string, object | string>>): Promise<string[]> {
  try {
    await built(files);
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.code, 'plugin.build');
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
  return assert.fail('nothing was refused');
}

describe('the questionnaires of a plugin', () => {
  test('are its json files, by an id of the plugin and the file', async () => {
    const { questionnaires } = await built({ 'sleep-a.json': SLEEP, 'b.json': SLEEP, 'README.md': 'Notes' });
    assert.deepEqual(questionnaires, [
      { ...SLEEP, id: 'sleep.b' },
      { ...SLEEP, id: 'sleep.sleep-a' },
    ]);
    assert.deepEqual((await built({})).questionnaires, []);
  });

  const FAULTY: readonly (readonly [string, object | string, RegExp])[] = [
    ['no JSON', '{', /^questionnaires\/a\.json: is not JSON/],
    ['a list', '[]', /^questionnaires\/a\.json resourceType: must be Questionnaire$/],
    ['nothing', 'null', /^questionnaires\/a\.json resourceType: must be Questionnaire$/],
    ['another resource', { resourceType: 'Patient' }, /^questionnaires\/a\.json resourceType: must be Questionnaire$/],
    ['no status', { ...SLEEP, status: undefined }, /^questionnaires\/a\.json Questionnaire.*status/],
    ['no title', { ...SLEEP, title: undefined }, /^questionnaires\/a\.json Questionnaire\.title: is missing/],
    ['an id', { ...SLEEP, id: 'mine' }, /^questionnaires\/a\.json Questionnaire\.id: is given by the names/],
    [
      'two questions of one linkId',
      { ...SLEEP, item: [SLEEP.item[0], SLEEP.item[0]] },
      /a\.json Questionnaire: .*unique/,
    ],
    [
      'a condition about nothing',
      { ...SLEEP, item: [SLEEP.item[1]] },
      /a\.json item why: .*hours, which is not asked$/,
    ],
  ];
  for (const [what, content, says] of FAULTY) {
    test(`${what} is a fault of the build, with the file and the place`, async () => {
      const faults = await faultsOf({ 'a.json': content, 'good.json': SLEEP });
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0]!, says);
    });
  }

  test('a name that makes no id is a fault', async () => {
    const long = `${'a'.repeat(59)}.json`;
    const [first, second] = await faultsOf({ 'Sleep.json': SLEEP, [long]: SLEEP });
    assert.match(first!, /^questionnaires\/Sleep\.json: is not named in lower case/);
    assert.match(second!, /is longer than 64 characters$/);
  });
});
