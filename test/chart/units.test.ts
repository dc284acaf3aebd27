// Units of work that touch several notes, and those that run again because another writer came first.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Bus } from '#chart/bus.ts';
import { createChart } from '#chart/chart.ts';
import { Commands } from '#chart/commands/commands.ts';
import type { Chart } from '#chart/contract.ts';
import type { Origin } from '#chart/origin.ts';
import { createNote, writeNote } from '#chart/notes.ts';
import { SYSTEM } from '#kit/authority.ts';
import type { EventEnvelope } from '#kit/event.ts';
import { ICD10CM } from '#kit/systems.ts';
import { eventsBy } from '#store/log.ts';
import { openStore, type PostgresStore } from '#store/postgres.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const ORIGIN: Origin = { actor: { type: 'user', id: 'dr-grey' }, source: 'api', authority: SYSTEM };
const coded = (code: string, display: string) => ({
  value: code,
  text: display,
  coding: [{ system: ICD10CM, code, display }],
});
const HYPERTENSION = coded('I10', 'Essential (primary) hypertension');

describe('a unit of work', () => {
  let database: FreshDatabase;
  let store: PostgresStore;
  let chart: Chart;
  let commands: Commands;
  let notes: { readonly a: string; readonly b: string };
  /** What a gate was asked, and what happens before it answers. */
  const asked: EventEnvelope[] = [];
  let meanwhile: () => Promise<void> = async () => {};
  const used: string[] = [];
  const reported: string[] = [];
  let useFails = false;

  const bus: Bus = {
    handlersOf: (type) =>
      /^(PLAN|DIAGNOSE)_/.test(type) ? [{ name: 'house/Gate', plugin: 'house', policy: 'allow' }] : [],
    async ask(_, event) {
      asked.push(event);
      await meanwhile();
      return { answered: true, effects: [], ms: 0 };
    },
  };
  const terms = {
    lookup: async () => undefined,
    search: async () => [],
    noteUse: async (_system: string, code: string) => {
      if (useFails) throw new Error(`cannot count ${code}`);
      used.push(code);
    },
  };

  before(async () => {
    database = await freshDatabase();
    store = await openStore(database.connection);
    chart = createChart({ store, report: (sentence) => void reported.push(sentence) });
    commands = new Commands({ store, bus, terms, budgetMs: 60_000 });
  });
  after(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(async () => {
    meanwhile = async () => {};
    useFails = false;
    const { result } = await chart.withChart(ORIGIN, async (draft) => {
      const { id: patient } = draft.create({ resourceType: 'Patient', name: [{ family: 'Test' }] });
      const [a, b] = [await createNote(draft, ORIGIN, { patient }), await createNote(draft, ORIGIN, { patient })];
      return { a: a.id, b: b.id };
    });
    notes = result;
    for (const list of [asked, used, reported]) list.length = 0;
  });

  const originate = (note: string, command: string, fields: object, commit = false) =>
    chart.withChart(ORIGIN, (draft) =>
      commands.originate(draft, ORIGIN, { note, command, fields: { ...fields }, commit }),
    );
  const noteOf = async (written: { readonly events: readonly { id: string; type: string }[] }, type: string) => {
    const { id } = written.events.find((event) => event.type === type)!;
    return (await eventsBy(store.pool, 'id', [id]))[0]!.note;
  };

  test('names for each record the note that it was changed in, and outside any note that of its origin', async () => {
    const { written } = await chart.withChart({ ...ORIGIN, note: notes.b }, async (draft) => {
      const diagnose = { note: notes.a, command: 'diagnose', fields: { diagnose: HYPERTENSION }, commit: true };
      await commands.originate(draft, ORIGIN, diagnose);
      const plan = { note: notes.b, command: 'plan', fields: { narrative: 'Recheck in two weeks.' }, commit: true };
      await commands.originate(draft, ORIGIN, plan);
      draft.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    });
    assert.equal(await noteOf(written, 'CONDITION_CREATED'), notes.a);
    assert.equal(await noteOf(written, 'DIAGNOSE_COMMAND__POST_COMMIT'), notes.a);
    assert.equal(await noteOf(written, 'PLAN_COMMAND__POST_COMMIT'), notes.b);
    assert.equal(await noteOf(written, 'TASK_CREATED'), notes.b);
  });

  test('never dates a version before the one that it follows, though the clock was set back', async () => {
    let time = Date.parse('2030-05-01T12:00:00Z');
    const dated = createChart({ store, now: () => time });
    const { result: id } = await dated.withChart(
      ORIGIN,
      async (draft) => draft.create({ resourceType: 'Patient', name: [{ family: 'Ahead' }] }).id,
    );
    time = Date.parse('2030-02-01T08:00:00Z');
    const { written } = await dated.withChart(ORIGIN, async (draft) => {
      await draft.update({ resourceType: 'Patient', id, name: [{ family: 'Ahead' }], active: true });
      draft.create({ resourceType: 'Task', status: 'requested', intent: 'order', for: { reference: `Patient/${id}` } });
    });
    const [patient, task] = ['Patient', 'Task'].map((type) => written.versions.find((each) => each.type === type)!);
    assert.deepEqual(
      [patient!.at, JSON.parse(patient!.text!).meta.lastUpdated],
      Array(2).fill('2030-05-01T12:00:00.000Z'),
    );
    assert.equal(task!.at, '2030-02-01T08:00:00.000Z');
    const stored = await store.current('Patient', id);
    assert.deepEqual([stored!.version, stored!.at], [2, '2030-05-01T12:00:00.000Z']);
  });

  test('names no note for what follows a command outside its note', async () => {
    const { written } = await chart.withChart(ORIGIN, async (draft) => {
      const plan = { note: notes.a, command: 'plan', fields: { narrative: 'Recheck in two weeks.' }, commit: true };
      await commands.originate(draft, ORIGIN, plan);
      draft.create({ resourceType: 'Task', status: 'requested', intent: 'order' });
    });
    assert.equal(await noteOf(written, 'TASK_CREATED'), null);
  });

  test('names the note of a visit for the visit that is made with it', async () => {
    const { result, written } = await chart.withChart(ORIGIN, async (draft) => {
      const { id: patient } = draft.create({ resourceType: 'Patient' });
      return createNote(draft, ORIGIN, { patient });
    });
    assert.equal(await noteOf(written, 'ENCOUNTER_CREATED'), result.id);
    assert.equal(await noteOf(written, 'PATIENT_CREATED'), null);
  });

  test('that runs again asks the gates of an unchanged proposal once, and keeps its ids', async () => {
    let runs = 0;
    meanwhile = async () => {
      meanwhile = async () => {};
      // The command goes to the end of the note, whose version this takes away under it.
      await chart.withChart(ORIGIN, (draft) => writeNote(draft, notes.a, { title: 'Renamed meanwhile' }));
    };
    const ids = new Set<string>();
    const { result } = await chart.withChart(ORIGIN, async (draft) => {
      runs++;
      const fields = { narrative: 'Recheck in two weeks.' };
      const entry = await commands.originate(draft, ORIGIN, { note: notes.a, command: 'plan', fields });
      ids.add(entry.id);
      return entry;
    });
    assert.equal(runs, 2);
    assert.deepEqual([...ids], [result.id]);
    assert.deepEqual(
      asked.map(({ type, target }) => `${type} ${target.id}`),
      [`PLAN_COMMAND__PRE_ORIGINATE ${result.id}`],
    );
    const { body, title } = (await store.current('Note', notes.a))!.record as unknown as {
      body: { command: string }[];
      title: string;
    };
    assert.deepEqual(body, [{ command: result.id }]);
    assert.equal(title, 'Renamed meanwhile');
  });

  test('that runs again asks the gates about another proposal anew', async () => {
    const { result } = await originate(notes.a, 'plan', { narrative: 'Recheck.' });
    asked.length = 0;
    meanwhile = async () => {
      meanwhile = async () => {};
      await chart.withChart(ORIGIN, async (draft) => {
        const entry = (await draft.entry('Command', result.id))!;
        await draft.putEntry({ ...entry, fields: { narrative: 'Refer.' } });
      });
    };
    await chart.withChart(ORIGIN, (draft) => commands.commit(draft, ORIGIN, result.id));
    const judged = asked.map(({ context }) => (context as { fields: { narrative: string } }).fields.narrative);
    assert.deepEqual(judged, ['Recheck.', 'Refer.']);
  });

  test('that changes nothing is answered with what it found, whatever another writer made of it meanwhile', async () => {
    const { result } = await originate(notes.a, 'plan', { narrative: 'Recheck.' });
    meanwhile = async () => {
      meanwhile = async () => {};
      await chart.withChart(ORIGIN, async (draft) => {
        const entry = (await draft.entry('Command', result.id))!;
        await draft.putEntry({ ...entry, fields: { narrative: 'Refer.' } });
      });
    };
    const { written } = await chart.withChart(ORIGIN, (draft) =>
      commands.update(draft, ORIGIN, result.id, { narrative: 'Recheck.' }),
    );
    const answered = await chart.reader(ORIGIN).afterwards(written, 'Command', result.id);
    const { version, record: resource } = answered!;
    assert.deepEqual([version, (resource as { fields?: unknown }).fields], [1, { narrative: 'Recheck.' }]);
    assert.equal((await store.current('Command', result.id))?.version, 2);
  });

  test('counts what was picked once it is committed, however often it ran', async () => {
    const { result } = await originate(notes.a, 'diagnose', {});
    asked.length = 0;
    let runs = 0;
    const picks = Array.from({ length: 12 }, (_, n) => coded(`I${n + 10}`, `Diagnosis ${n}`));
    await Promise.all(
      picks.map((pick) =>
        chart.withChart(ORIGIN, (draft) => {
          runs++;
          return commands.select(draft, ORIGIN, result.id, 'diagnose', pick);
        }),
      ),
    );
    assert.ok(runs > 12, `${runs} runs: some met another writer`);
    assert.deepEqual(used.toSorted(), picks.map(({ value }) => value).toSorted());
    const proposals = asked.map(({ context, target }) => JSON.stringify([target.version, context]));
    assert.equal(new Set(proposals).size, proposals.length, 'no proposal was asked about twice');
  });

  test('counts nothing that was picked and refused', async () => {
    const { result } = await originate(notes.a, 'diagnose', {});
    const picking = chart.withChart(ORIGIN, async (draft) => {
      await commands.select(draft, ORIGIN, result.id, 'diagnose', HYPERTENSION);
      throw new Error('and then something failed');
    });
    await assert.rejects(picking, /something failed/);
    assert.deepEqual(used, []);
  });

  test('stands when the count fails, and reports that without a word of the chart', async () => {
    const { result } = await originate(notes.a, 'diagnose', {});
    useFails = true;
    const { result: entry } = await chart.withChart(ORIGIN, (draft) =>
      commands.select(draft, ORIGIN, result.id, 'diagnose', HYPERTENSION),
    );
    assert.deepEqual(entry.fields.diagnose, HYPERTENSION);
    assert.deepEqual(reported, ['Something that follows a commit failed (Error); the commit stands.']);
  });
});
