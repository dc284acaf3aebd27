// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Bundle, DiagnosticReport, Observation, Resource, Task } from 'chartwire/sdk';
import { openPlugin, type TestPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const LABELS = ['abnormal-lab', 'urgent-review'];

let plugin: TestPlugin;
before(async () => {
  plugin = await openPlugin(FOLDER);
});
after(() => plugin.close());

let made = 0;

function value(id: string, interpretation?: string, more: Partial<Observation> = {}): Observation {
  const system = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: id },
    subject: { reference: 'Patient/p1' },
    ...(interpretation ? { interpretation: [{ coding: [{ system, code: interpretation }] }] } : {}),
    ...more,
  };
}

/** A lab report of `values`, each of them readable; each report with an id of its own. */
function report(
  values: readonly Observation[],
  more: Partial<DiagnosticReport> = {},
): DiagnosticReport & { id: string } {
  plugin.put(...values);
  return {
    resourceType: 'DiagnosticReport',
    id: `r${++made}`,
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
    code: { text: 'Basic metabolic panel' },
    subject: { reference: 'Patient/p1' },
    result: values.map(({ id }) => ({ reference: `Observation/${id}` })),
    ...more,
  };
}

/** The task that the server would make of the effect. */
function taskOf(id: string, about: DiagnosticReport, more: Partial<Task> = {}): Task {
  return {
    resourceType: 'Task',
    id,
    status: 'requested',
    intent: 'order',
    description: 'Review Basic metabolic panel: 1 abnormal',
    focus: { reference: `DiagnosticReport/${about.id}` },
    for: { reference: 'Patient/p1' },
    ...more,
  };
}

test('two abnormal values make one task that says so', async () => {
  const record = report([value('a', 'H'), value('b', 'N'), value('c', 'LL')]);
  const { effects, error } = await plugin.deliver('LAB_REPORT_CREATED', { record });
  assert.equal(error, null);
  const title = 'Review Basic metabolic panel: 2 abnormal';
  const focus = `DiagnosticReport/${record.id}`;
  assert.deepEqual(effects, [
    { type: 'CREATE_TASK', payload: { title, patient: 'p1', focus, priority: 'urgent', labels: LABELS } },
  ]);
});

test('no abnormal value makes no task', async () => {
  const record = report([value('d', 'N'), value('e', 'NEG'), value('f')]);
  const { effects, error } = await plugin.deliver('LAB_REPORT_CREATED', { record });
  assert.deepEqual([effects, error], [[], null]);
});

test('a value out of its range is abnormal, also where nobody flagged it', async () => {
  const range = { low: { value: 3.5, unit: 'mmol/L' }, high: { value: 5.1, unit: 'mmol/L' } };
  const potassium = (id: string, number: number): Observation =>
    value(id, undefined, { valueQuantity: { value: number, unit: 'mmol/L' }, referenceRange: [range] });
  const record = report([potassium('g', 5.6), potassium('h', 3.4), potassium('i', 3.5), potassium('j', 5.1)]);
  const { effects } = await plugin.deliver('LAB_REPORT_CREATED', { record });
  assert.match(titleOf(effects), /: 2 abnormal$/);
});

test('values inside the report, of components and of panels are counted too', async () => {
  const panel = value('k', undefined, { hasMember: [{ reference: 'Observation/l' }] });
  const parts = value('m', undefined, { component: [{ code: { text: 'x' }, interpretation: [{ text: 'High' }] }] });
  plugin.put(value('l', 'A'));
  const record = report([panel, parts], { contained: [value('n', 'H')] });
  const { effects } = await plugin.deliver('LAB_REPORT_CREATED', { record });
  assert.match(titleOf(effects), /: 3 abnormal$/);
});

for (const status of ['entered-in-error', 'cancelled'] as const) {
  test(`a report that is ${status} makes no task`, async () => {
    const { effects } = await plugin.deliver('LAB_REPORT_UPDATED', { record: report([value('o', 'H')], { status }) });
    assert.deepEqual(effects, []);
  });
}

test('a report without a patient makes no task and no error', async () => {
  const record = report([value('p', 'H')], { subject: undefined });
  const { effects, error } = await plugin.deliver('LAB_REPORT_CREATED', { record });
  assert.deepEqual([effects, error], [[], null]);
});

test('values that arrive with a later version of the report make the task then', async () => {
  const record = report([], { status: 'registered' });
  assert.deepEqual((await plugin.deliver('LAB_REPORT_CREATED', { record })).effects, []);
  const filled = { ...report([value('q', 'H')]), id: record.id };
  assert.match(titleOf((await plugin.deliver('LAB_REPORT_UPDATED', { record: filled })).effects), /: 1 abnormal$/);
});

test('a value that arrives by itself makes the task of its report', async () => {
  const record = report([value('r')]);
  assert.deepEqual((await plugin.deliver('LAB_REPORT_CREATED', { record })).effects, []);
  const { effects, error } = await plugin.deliver('OBSERVATION_UPDATED', { record: value('r', 'HH') });
  assert.equal(error, null);
  assert.match(titleOf(effects), /: 1 abnormal$/);
});

test('there is one task a report: an open one is told the new count, a finished one is left alone', async () => {
  const record = report([value('s', 'H'), value('t', 'H')]);
  plugin.put(taskOf('t1', record));
  const { effects } = await plugin.deliver('LAB_REPORT_UPDATED', { record });
  const title = 'Review Basic metabolic panel: 2 abnormal';
  assert.deepEqual(effects, [{ type: 'UPDATE_TASK', payload: { task: 't1', title } }]);

  plugin.put(taskOf('t1', record, { description: title }));
  assert.deepEqual((await plugin.deliver('LAB_REPORT_UPDATED', { record })).effects, []);

  plugin.put(taskOf('t1', record, { status: 'completed' }));
  assert.deepEqual((await plugin.deliver('LAB_REPORT_UPDATED', { record })).effects, []);
});

for (const [file, title] of [
  ['bundle.json', 'Review Basic metabolic panel: 2 abnormal'],
  ['second-bundle.json', 'Review Complete blood count: 3 abnormal'],
] as const) {
  test(`${file} leads to the task that the README tells of`, async () => {
    const records = stored(file);
    plugin.put(...records);
    const record = records.find(({ resourceType }) => resourceType === 'DiagnosticReport')!;
    assert.equal(titleOf((await plugin.deliver('LAB_REPORT_CREATED', { record })).effects), title);
  });
}

/** The records of a transaction as a server stores them: with ids, and the references between them resolved. */
function stored(file: string): Resource[] {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const types = new Map(
    (JSON.parse(text) as Bundle).entry!.map((entry) => [entry.fullUrl!, entry.resource!.resourceType]),
  );
  const resolved = text.replaceAll(
    /"reference": "(urn:uuid:([^"]+))"/g,
    (_, url, id) => `"reference": "${types.get(url)}/${id}"`,
  );
  return (JSON.parse(resolved) as Bundle).entry!.map(({ fullUrl, resource }) => ({
    ...resource!,
    id: fullUrl!.slice('urn:uuid:'.length),
  }));
}

function titleOf(effects: readonly { type: string; payload: unknown }[]): string {
  assert.equal(effects.length, 1);
  assert.equal(effects[0]!.type, 'CREATE_TASK');
  return (effects[0]!.payload as { title: string }).title;
}
