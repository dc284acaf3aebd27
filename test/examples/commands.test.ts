// What the examples that help a clinician to write commands do for real: preferred-drug, drug-prices,
// pediatric-diagnoses, assess-narrative and prescribe-defaults, all installed together.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Condition, Observation, Practitioner } from '@medplum/fhirtypes';
import { charting } from '../server/charting.ts';
import { type ExampleServer, eventually, serveExamples } from './example-server.ts';

const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';

interface Shown {
  readonly value: string;
  readonly text: string;
  readonly annotations?: readonly string[];
}

describe('commands', () => {
  let server: ExampleServer;
  before(async () => {
    server = await serveExamples();
    // The order in which they are installed is not the order in which they are asked: their priorities are.
    for (const example of ['drug-prices', 'preferred-drug', 'pediatric-diagnoses']) await server.install(example);
    for (const example of ['assess-narrative', 'prescribe-defaults']) await server.install(example);
  });
  after(() => server.close());

  const patient = async (birthDate = '1971-09-30') =>
    (await server.create({ resourceType: 'Patient' as const, birthDate })).id;

  /** A command in a new note of a patient. */
  async function originate(of: string, command: string, fields: object = {}) {
    const note = await server.post('/api/notes', { patient: of });
    return server.post(`/api/notes/${note.id}/commands`, { command, fields });
  }

  /** What a clinician who types `query` is shown. */
  async function shown(command: { id: string }, field: string, query: string): Promise<Shown[]> {
    const { json } = await server.ask('GET', `/api/commands/${command.id}/fields/${field}/options?query=${query}`);
    return json.items;
  }

  const current = async ({ id }: { id: string }) => (await server.ask('GET', `/api/commands/${id}`)).json;

  test('the preferred drug is on top with a chip, each has its price, and all chips are in the order of priority', async () => {
    const command = await originate(await patient(), 'prescribe');
    await eventually(async () => {
      const [first, ...others] = await shown(command, 'prescribe', 'lisinopril');
      assert.equal(first?.text, 'lisinopril 20 MG Oral Tablet');
      assert.deepEqual(first.annotations, ['preferred', '$4.50 for 30 days']);
      assert.ok(others.length > 0);
      for (const { annotations } of others) assert.match(String(annotations), /^(\$\d+\.\d\d for 30 days|no price)$/);
    });
  });

  test('in Medication Statement the preferred drug is on top too, and nobody tells prices', async () => {
    const command = await originate(await patient(), 'medicationStatement');
    await eventually(async () => {
      const [first, ...others] = await shown(command, 'medication', 'lisinopril');
      assert.deepEqual(first?.annotations, ['preferred']);
      assert.ok(others.length > 0 && others.every(({ annotations }) => annotations === undefined));
    });
  });

  test('a plugin that answers with null changes nothing; one that answers with an empty list leaves no options', async () => {
    const command = await originate(await patient(), 'prescribe');
    const metformin = () => shown(command, 'prescribe', 'metformin');
    const hasAllChips = async () =>
      assert.deepEqual((await metformin())[0]?.annotations, ['preferred', '$4.00 for 30 days']);
    const { install, remove } = charting(server);
    const answering = (list: string) =>
      install(
        'last-word',
        `import { BaseProtocol, EventType, results } from 'chartwire/sdk';
         export class Answer extends BaseProtocol.on(EventType.PRESCRIBE__PRESCRIBE__POST_SEARCH) {
           compute() {
             this.log.info('asked');
             return results(${list});
           }
         }`,
        { more: { priority: 900, version: `1.0.${list.length}` } },
      );
    await eventually(hasAllChips);
    await answering('null');
    await eventually(async () => {
      await hasAllChips();
      assert.ok((await server.ask('GET', '/api/plugins/last-word/logs')).json.items.length > 0);
    });
    await answering('[]');
    await eventually(async () => assert.deepEqual(await metformin(), []));
    await remove('last-word');
  });

  test('a child is offered no diagnoses of adults, an adult all', async () => {
    const codes = async (command: { id: string }) =>
      (await shown(command, 'diagnose', 'examination')).map(({ value }) => value);
    const adult = await codes(await originate(await patient('1971-09-30'), 'diagnose'));
    assert.ok(adult.includes('Z00.00') && adult.includes('Z00.129'), adult.join());
    const ofChild = await originate(await patient(`${new Date().getUTCFullYear() - 5}-01-01`), 'diagnose');
    const fit = adult.filter((code) => !code.startsWith('Z00.0'));
    await eventually(async () => assert.deepEqual(await codes(ofChild), fit));
  });

  test('picking a condition begins the narrative, and the log says so; the event tells which condition it was', async () => {
    const of = await patient();
    const subject = { reference: `Patient/${of}` };
    const coding = [{ system: ICD10CM, code: 'E11.9', display: 'Type 2 diabetes mellitus without complications' }];
    const { id: condition } = await server.create<Condition>({ resourceType: 'Condition', code: { coding }, subject });
    await server.create<Observation>({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }] },
      subject,
      effectiveDateTime: '2026-05-01',
      valueQuantity: { value: 7.2, unit: '%' },
    });
    const command = await originate(of, 'assess');
    await server.post(`/api/commands/${command.id}/fields/condition/select`, { value: condition });
    await server.answered('assess-narrative', of, 'ASSESS_COMMAND__CONDITION_SELECTED');

    const { fields, note } = await current(command);
    assert.equal(fields.narrative, 'Last hemoglobin A1c 7.2 % on 2026-05-01.');
    assert.equal(fields.condition.value, condition);
    await eventually(async () => {
      const { json } = await server.ask('GET', '/api/plugins/assess-narrative/logs');
      assert.equal(json.items[0]?.message, 'Began the narrative with the last hemoglobin A1c.');
    });

    const told = (await server.events(of)).find(({ type }) => type === 'ASSESS_COMMAND__CONDITION_SELECTED');
    assert.deepEqual([told.context.option.value, told.context.option.coding], [condition, coding]);
    assert.deepEqual([told.context.note, told.context.patient], [note, of]);
  });

  test('the supervisor is filled in by an update that names the plugin, and nothing is originated again', async () => {
    const url = 'https://chartwire.org/fhir/StructureDefinition/supervising-provider';
    const doctor = await server.create<Practitioner>({ resourceType: 'Practitioner', name: [{ family: 'Osei' }] });
    const assistant = await server.create<Practitioner>({
      resourceType: 'Practitioner',
      name: [{ family: 'Park' }],
      extension: [{ url, valueReference: { reference: `Practitioner/${doctor.id}` } }],
    });
    const of = await patient();
    const written = { prescriber: assistant.id, sig: 'one a day', refills: 2 };
    const command = await originate(of, 'prescribe', written);
    await server.answered('prescribe-defaults', of, 'PRESCRIBE_COMMAND__POST_ORIGINATE');

    const { supervisingProvider, ...others } = (await current(command)).fields;
    assert.deepEqual(supervisingProvider, { value: doctor.id, text: 'Osei' });
    assert.deepEqual(others, command.fields);

    const events = await server.events(of);
    const own = events.filter(({ type }) => type.startsWith('PRESCRIBE_COMMAND__'));
    assert.deepEqual(
      own.map(({ type, actor, depth }) => [type, actor.type, actor.id, depth]),
      [
        ['PRESCRIBE_COMMAND__POST_ORIGINATE', 'client', 'admin', 0],
        ['PRESCRIBE_COMMAND__POST_UPDATE', 'plugin', 'prescribe-defaults', 1],
      ],
    );
    const [originated, updated] = own;
    assert.equal(updated.source, 'effect');
    assert.equal(updated.cause.event, originated.id);
    assert.deepEqual(updated.context.changed, ['supervisingProvider']);
  });
});
