import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import pg from 'pg';
import { Compile } from 'typebox/compile';
import { Slices } from '#chart/slice.ts';
import { CPT, HCPCS } from '#kit/systems.ts';
import { NoteAtVersion, NoteShape, NoteWithCommands } from '#contract/note.ts';
import { linesOf } from '#server/print/lines.ts';
import { type Charting, charting } from './charting.ts';
import { ADMIN, type RunningApp, runApp } from './running-app.ts';
import { linesOfPages } from '../support/pdf-text.ts';
import { newPerson } from './signing-in.ts';

describe('notes', () => {
  let app: RunningApp;
  let chart: Charting;
  before(async () => {
    app = await runApp();
    chart = charting(app);
  });
  after(() => app.close());

  const move = (note: string, verb: string, body?: object) =>
    app.ask('POST', `/api/notes/${note}/${verb}`, body && { body });
  const visitOf = async (note: string) => {
    const { encounter } = (await app.ask('GET', `/api/notes/${note}`)).json;
    return (await app.ask('GET', `/fhir/R4/Encounter/${encounter}`)).json;
  };

  test('a note begins with its visit, in the patient’s chart and in one unit of work', async () => {
    const patient = await chart.patient();
    const { status, json } = await app.ask('POST', '/api/notes', { body: { patient, title: 'Check-up' } });
    assert.equal(status, 201);
    assert.deepEqual(Compile(NoteShape).Errors(json), []);
    assert.deepEqual(
      { title: json.title, type: json.type, state: json.state, body: json.body, version: json.version },
      { title: 'Check-up', type: 'visit', state: 'open', body: [], version: 1 },
    );
    assert.equal((await visitOf(json.id)).status, 'in-progress');
    const events = (await chart.events(patient)).slice(1);
    assert.deepEqual(
      events.map(({ type, source, note }) => ({ type, source, note })),
      [
        { type: 'ENCOUNTER_CREATED', source: 'api', note: json.id },
        { type: 'NOTE_CREATED', source: 'api', note: json.id },
      ],
    );
    assert.equal(events[0].chartVersion, events[1].chartVersion);
  });

  test('a note of another type has no visit; one for a visit that is there makes none', async () => {
    const patient = await chart.patient();
    const letter = await app.ask('POST', '/api/notes', { body: { patient, type: 'letter' } });
    assert.equal(letter.json.encounter, null);
    const { encounter } = (await app.ask('POST', '/api/notes', { body: { patient } })).json;
    const second = await app.ask('POST', '/api/notes', { body: { patient, encounter } });
    assert.equal(second.json.encounter, encounter);
    const foreign = await app.ask('POST', '/api/notes', { body: { patient: await chart.patient(), encounter } });
    assert.equal(foreign.status, 422);
    assert.deepEqual(foreign.json.faults, [{ path: '/encounter', message: 'is of another patient' }]);
  });

  test('a note for nobody is refused, and so is what no note has', async () => {
    assert.equal((await app.ask('POST', '/api/notes', { body: { patient: 'nobody' } })).status, 404);
    const wrong = await app.ask('POST', '/api/notes', { body: { patient: 'p', titel: 'x' } });
    assert.equal(wrong.status, 422);
    assert.match(wrong.json.detail, /titel/);
    assert.equal((await app.ask('GET', '/api/notes/nothing')).json.code, 'note.not-found');
  });

  test('text and order are the writer’s, but a note keeps each of its commands', async () => {
    const note = await chart.note();
    const [one, two] = [
      (await chart.originate(note, { command: 'hpi' })).json.id,
      (await chart.originate(note, { command: 'plan' })).json.id,
    ];
    const body = [{ text: 'Seen with her daughter.' }, { command: two }, { command: one }];
    const written = await app.ask('PATCH', `/api/notes/${note}`, { body: { body, title: 'Visit at home' } });
    assert.equal(written.status, 200, written.text);
    const { json } = await app.ask('GET', `/api/notes/${note}`);
    assert.deepEqual(Compile(NoteWithCommands).Errors(json), []);
    assert.deepEqual(json.body, body);
    assert.equal(json.title, 'Visit at home');
    assert.deepEqual(
      json.commands.map(({ id }: { id: string }) => id),
      [two, one],
    );
    const lost = await app.ask('PATCH', `/api/notes/${note}`, { body: { body: [{ command: one }] } });
    assert.equal(lost.status, 422);
    assert.match(lost.json.detail, /each command of the note once/);
  });

  test('a change of a version that is no more is 409 with both', async () => {
    const note = await chart.note();
    await app.ask('PATCH', `/api/notes/${note}`, { body: { title: 'First', version: 1 } });
    const late = await app.ask('PATCH', `/api/notes/${note}`, { body: { title: 'Second', version: 1 } });
    assert.equal(late.status, 409);
    assert.equal(late.json.code, 'record.conflict');
    assert.equal(late.json.current.title, 'First');
    assert.equal(late.json.current.version, 2);
    assert.deepEqual(late.json.proposed, { title: 'Second' });
    assert.equal((await move(note, 'lock', { version: 1 })).status, 409);
  });

  describe('each state allows its moves and refuses the others in a sentence', () => {
    const BODY: Record<string, object> = { unlock: { reason: 'Something was forgotten.' } };
    const REACH: Record<string, string[]> = { open: [], locked: ['lock'], signed: ['sign'], deleted: ['delete'] };
    const TABLE: Record<string, Record<string, string>> = {
      open: { lock: 'locked', sign: 'signed', delete: 'deleted' },
      locked: { unlock: 'open', sign: 'signed' },
      signed: { unlock: 'open' },
      deleted: { restore: 'open' },
    };
    for (const [state, allowed] of Object.entries(TABLE)) {
      for (const verb of ['lock', 'unlock', 'sign', 'delete', 'restore']) {
        const to = allowed[verb];
        test(`${verb} of a note that is ${state}: ${to ?? 'refused'}`, async () => {
          const note = await chart.note();
          const call = (name: string) =>
            name === 'delete' ? app.ask('DELETE', `/api/notes/${note}`) : move(note, name, BODY[name]);
          for (const step of REACH[state]!) assert.ok((await call(step)).status < 300);
          const answer = await call(verb);
          const after = (await app.ask('GET', `/api/notes/${note}`)).json;
          if (to) {
            assert.ok(answer.status < 300, answer.text);
            assert.equal(after.state, to);
          } else {
            assert.equal(answer.status, 409);
            assert.equal(answer.json.code, 'note.state');
            assert.match(answer.json.detail, new RegExp(`the note is ${state}`));
            assert.equal(after.state, state);
          }
        });
      }
    }
  });

  test('the visit is finished with the first lock, and stays so when the note is opened again', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    const before = (await chart.types(patient)).length;
    await move(note, 'lock');
    const ended = await visitOf(note);
    assert.equal(ended.status, 'finished');
    assert.ok(ended.period.end);
    assert.deepEqual(await chart.types(patient, before), [
      'NOTE_UPDATED',
      'NOTE_LOCKED',
      'NOTE_STATE_CHANGE_EVENT_CREATED',
      'ENCOUNTER_UPDATED',
    ]);
    await move(note, 'unlock', { reason: 'More to say.' });
    await move(note, 'sign');
    assert.equal((await visitOf(note)).meta.versionId, ended.meta.versionId);
    assert.deepEqual(await chart.types(patient, before + 4), [
      'NOTE_UPDATED',
      'NOTE_UNLOCKED',
      'NOTE_STATE_CHANGE_EVENT_CREATED',
      'NOTE_UPDATED',
      'NOTE_SIGNED',
      'NOTE_STATE_CHANGE_EVENT_CREATED',
    ]);
    const { signedBy, lockedAt, signedAt } = (await app.ask('GET', `/api/notes/${note}`)).json;
    assert.equal(signedBy.id, 'admin');
    assert.ok(lockedAt <= signedAt);
  });

  test('deleting cancels the visit, restoring takes it up again', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    await app.ask('DELETE', `/api/notes/${note}`);
    assert.equal((await visitOf(note)).status, 'cancelled');
    await move(note, 'restore');
    assert.equal((await visitOf(note)).status, 'in-progress');
    const types = await chart.types(patient, 3);
    assert.deepEqual(
      types.filter((type) => type.startsWith('NOTE') && type !== 'NOTE_STATE_CHANGE_EVENT_CREATED'),
      ['NOTE_UPDATED', 'NOTE_DELETED', 'NOTE_UPDATED', 'NOTE_RESTORED'],
    );
  });

  test('one with committed commands is not deleted: what they made would stay and nobody would see where it is from', async () => {
    const note = await chart.note();
    const { id } = (await chart.originate(note, { command: 'plan', fields: { narrative: 'Rest.' }, commit: true }))
      .json;
    await chart.originate(note, { command: 'plan' });
    const refused = await app.ask('DELETE', `/api/notes/${note}`);
    assert.equal(refused.status, 409);
    assert.equal(refused.json.code, 'note.committed');
    await app.ask('POST', `/api/commands/${id}/enter-in-error`);
    assert.equal((await app.ask('DELETE', `/api/notes/${note}`)).status, 204);
  });

  test('a locked note refuses every change with a sentence', async () => {
    const note = await chart.note();
    const { id } = (await chart.originate(note, { command: 'plan', fields: { narrative: 'Rest.' } })).json;
    await move(note, 'lock');
    const refusals = await Promise.all([
      chart.originate(note, { command: 'plan' }),
      app.ask('PATCH', `/api/notes/${note}`, { body: { title: 'x' } }),
      app.ask('PATCH', `/api/commands/${id}`, { body: { fields: { narrative: 'x' } } }),
      app.ask('POST', `/api/commands/${id}/commit`),
      app.ask('DELETE', `/api/commands/${id}`),
      app.ask('POST', `/api/notes/${note}/billing-line-items`, { body: { code: 'G0444' } }),
    ]);
    for (const { status, json } of refusals) {
      assert.equal(status, 409);
      assert.equal(json.detail, 'This can’t be done: the note is locked, and only an open one takes changes.');
      assert.match(json.next, /Unlock/);
    }
  });

  test('a patient’s notes come newest first, a page at a time, by state where asked', async () => {
    const patient = await chart.patient();
    const notes = [await chart.note(patient), await chart.note(patient), await chart.note(patient)];
    await chart.note();
    await move(notes[0]!, 'lock');
    const list = async (more: string) => (await app.ask('GET', `/api/notes?patient=${patient}${more}`)).json;
    const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
    assert.deepEqual(ids(await list('')), notes.toReversed());
    const first = await list('&limit=2');
    assert.deepEqual(ids(first), [notes[2], notes[1]]);
    assert.deepEqual(await list(`&limit=2&after=${first.next}`), { items: [(await list('')).items[2]], next: null });
    assert.deepEqual(ids(await list('&state=locked')), [notes[0]]);
    assert.equal((await app.ask('GET', '/api/notes')).status, 422);
  });

  test('a billed code is a ChargeItem of the note’s visit, and is told', async () => {
    const patient = await chart.patient();
    const note = await chart.note(patient);
    const condition = (of: string) =>
      app.ask('POST', '/fhir/R4/Condition', {
        body: {
          resourceType: 'Condition',
          subject: { reference: `Patient/${of}` },
          code: { text: 'Hypertension' },
          clinicalStatus: {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
          },
        },
      });
    const own = (await condition(patient)).json.id;
    const body = { code: '99213', units: 2, modifiers: ['25'], conditions: [own] };
    const line = await app.ask('POST', `/api/notes/${note}/billing-line-items`, { body });
    assert.equal(line.status, 201, line.text);
    const charge = (await app.ask('GET', `/fhir/R4/ChargeItem/${line.json.id}`)).json;
    assert.equal(charge.context.reference, `Encounter/${line.json.encounter}`);
    assert.equal(charge.quantity.value, 2);
    assert.deepEqual(charge.code.coding, [{ system: CPT, code: '99213' }]);
    const event = (await chart.events(patient)).at(-1);
    assert.equal(event.type, 'BILLING_LINE_ITEM_CREATED');
    assert.equal(event.note, note);
    const other = (await condition(await chart.patient())).json.id;
    const foreign = await app.ask('POST', `/api/notes/${note}/billing-line-items`, {
      body: { code: '99213', conditions: [own, other] },
    });
    assert.equal(foreign.status, 422);
    assert.deepEqual(foreign.json.faults, [{ path: '/conditions/1', message: 'is of another patient' }]);
  });

  test('a code without its system is CPT or HCPCS Level II by its form; a system that is named stays', async () => {
    const note = await chart.note();
    const systems = async (line: object) => {
      const { json } = await app.ask('POST', `/api/notes/${note}/billing-line-items`, { body: line });
      const charge = await app.ask('GET', `/fhir/R4/ChargeItem/${json.id}`);
      return [json.system, charge.json.code.coding[0].system];
    };
    for (const code of ['99213', '0001F', '0042T']) assert.deepEqual(await systems({ code }), [CPT, CPT], code);
    for (const code of ['J1885', 'G0444']) assert.deepEqual(await systems({ code }), [HCPCS, HCPCS], code);
    assert.deepEqual(await systems({ code: '99213', system: 'urn:own' }), ['urn:own', 'urn:own']);
  });

  describe('signatures', () => {
    const noteNow = async (id: string) => (await app.ask('GET', `/api/notes/${id}`)).json;
    type Signed = { by: { display: string }; role: string; version: number };
    type Step = { what: string; by: { display: string }; reason: string };
    type Added = { by: { display: string }; text: string; enteredInError: { reason: string } | null };
    const step = ({ what, by, reason }: Step) => `${what} by ${by.display}: ${reason}`;
    const named = ({ by, role, version }: Signed) => `${by.display}, ${role}, ${version}`;
    const clinician = async (name: string, more: object = {}) => {
      const { browser } = await newPerson(app, ['clinician'], { name, ...more });
      return (method: string, path: string, body: object = {}) =>
        browser.ask(method, path, method === 'GET' ? undefined : body);
    };
    const practitioner = async (family: string) =>
      (await app.ask('POST', '/fhir/R4/Practitioner', { body: { resourceType: 'Practitioner', name: [{ family }] } }))
        .json.id as string;

    test('only ever get more: each says who, when, in which role, and what was signed', async () => {
      const [ada, ben] = [await clinician('Ada Holm'), await clinician('Ben Okoro')];
      const patient = await chart.patient();
      const { id } = (await ada('POST', '/api/notes', { patient })).json;
      const plan = (await ada('POST', `/api/notes/${id}/commands`, { command: 'plan', fields: { narrative: 'Rest.' } }))
        .json.id;
      const text = { text: 'No chest pain.' };
      await ada('PATCH', `/api/notes/${id}`, { body: [text, { command: plan }] });
      const first = (await ada('POST', `/api/notes/${id}/sign`)).json;
      assert.deepEqual(first.signatures.map(named), [`Ada Holm, author, ${first.version}`]);
      assert.equal(first.signedBy.display, 'Ada Holm');

      const refused = await ben('POST', `/api/notes/${id}/unlock`, { reason: 'A dose is wrong.' });
      assert.equal(refused.status, 403);
      assert.equal(refused.json.code, 'note.unlock');
      assert.match(refused.json.next, /addendum.*supervisor/s);
      assert.equal((await ada('POST', `/api/notes/${id}/unlock`)).status, 422, 'without a reason');
      const boss = await newPerson(app, ['supervisor'], { name: 'Eve Stern' });
      const opened = await boss.browser.ask('POST', `/api/notes/${id}/unlock`, { reason: 'A dose is wrong.' });
      assert.equal(opened.status, 200, opened.text);
      assert.equal(opened.json.signedBy, null, 'nobody has signed what it will say');
      assert.deepEqual(opened.json.signatures, first.signatures);

      await ben('PATCH', `/api/commands/${plan}`, { fields: { narrative: 'Rest, and water.' } });
      await ben('PATCH', `/api/notes/${id}`, { body: [{ text: 'Chest pain since Monday.' }, { command: plan }] });
      const second = (await ben('POST', `/api/notes/${id}/sign`)).json;
      assert.deepEqual(second.signatures.map(named), [
        `Ada Holm, author, ${first.version}`,
        `Ben Okoro, co-author, ${second.version}`,
      ]);
      assert.equal(second.signedBy.display, 'Ben Okoro');
      assert.deepEqual(second.history.map(step), ['unlocked by Eve Stern: A dose is wrong.']);

      const at = async ({ version }: { version: number }) =>
        (await app.ask('GET', `/api/notes/${id}/versions/${version}`)).json;
      const [was, is] = [await at(first), await at(second)];
      assert.deepEqual(Compile(NoteAtVersion).Errors(was), []);
      assert.deepEqual(was.body, [text, { command: plan }]);
      assert.deepEqual(was.commands[0].fields, { narrative: 'Rest.' });
      assert.deepEqual(is.commands[0].fields, { narrative: 'Rest, and water.' });
      assert.equal(is.body[0].text, 'Chest pain since Monday.');
      assert.equal((await app.ask('GET', `/api/notes/${id}/versions/999`)).status, 404);

      const again = await ben('POST', `/api/notes/${id}/sign`);
      assert.equal(again.json.code, 'note.state');
      const third = (await ada('POST', `/api/notes/${id}/sign`, { role: 'reviewer' })).json;
      assert.equal(named(third.signatures[2]), `Ada Holm, reviewer, ${third.version}`);
      assert.equal(third.signedBy.display, 'Ben Okoro');
      const events = await chart.events(patient);
      const told = (type: string) => events.filter((event) => event.type === type).map(({ context }) => context);
      assert.deepEqual(
        told('NOTE_SIGNED').map(({ signature }) => named(signature)),
        second.signatures.map(named),
      );
      assert.equal(step(told('NOTE_UNLOCKED')[0].unlock), 'unlocked by Eve Stern: A dose is wrong.');
      assert.deepEqual(named(told('NOTE_COSIGNED')[0].signature), named(third.signatures[2]));
      assert.deepEqual(
        told('NOTE_STATE_CHANGE_EVENT_CREATED').map(({ from, state }) => `${from} ${state}`),
        ['open signed', 'signed open', 'open signed'],
      );
    });

    test('that are added beside another’s give no right to unlock; whoever is asked to co-sign and does has it', async () => {
      const [stern, okoro] = [await practitioner('Stern'), await practitioner('Okoro')];
      const [ada, eve] = [await clinician('Ada Holm'), await clinician('Eve Stern', { practitioner: stern })];
      const [ben, ben2] = [await clinician('Ben Okoro'), await clinician('Ben Okoro', { practitioner: okoro })];
      const note = (await ada('POST', '/api/notes', { patient: await chart.patient() })).json.id;
      const unlock = (who: typeof ada) => who('POST', `/api/notes/${note}/unlock`, { reason: 'A dose is wrong.' });
      const requests = `/api/notes/${note}/cosignature-requests`;
      await ada('POST', `/api/notes/${note}/sign`);
      assert.equal((await ben('POST', `/api/notes/${note}/sign`)).status, 200);
      assert.equal((await unlock(ben)).json.code, 'note.unlock');
      // Somebody without the right can't pass it on.
      const passed = (await ben('POST', requests, { practitioner: okoro })).json.id;
      assert.equal((await ben2('POST', `${requests}/${passed}/sign`)).status, 200);
      assert.equal((await unlock(ben2)).json.code, 'note.unlock');
      assert.equal((await unlock(eve)).status, 403);
      const asked = (await ada('POST', requests, { practitioner: stern })).json.id;
      await eve('POST', `${requests}/${asked}/sign`);
      assert.equal((await unlock(eve)).status, 200);
      // Who signs it first as it is now has the right, and keeps it.
      for (const first of [ben, ada]) {
        assert.equal((await first('POST', `/api/notes/${note}/sign`)).status, 200);
        assert.equal((await unlock(ben)).status, 200);
      }
      // Who locked an open note may unlock it, but not once somebody else has signed it.
      const { id: other } = await ada('POST', '/api/notes', { patient: await chart.patient() }).then(
        ({ json }) => json,
      );
      const step = (who: typeof ada, verb: string, body?: object) => who('POST', `/api/notes/${other}/${verb}`, body);
      await step(ben2, 'lock');
      assert.equal((await step(ben2, 'unlock', { reason: 'Too early.' })).status, 200);
      await step(ben2, 'lock');
      assert.equal((await step(ada, 'sign')).status, 200);
      assert.equal((await step(ben2, 'unlock', { reason: 'A dose is wrong.' })).json.code, 'note.unlock');
      // To sign first what its author locked gives no right; the author keeps theirs.
      const { id: locked } = (await ada('POST', '/api/notes', { patient: await chart.patient() })).json;
      const take = (who: typeof ada, verb: string, body?: object) => who('POST', `/api/notes/${locked}/${verb}`, body);
      await take(ada, 'lock');
      assert.equal((await take(ben, 'sign')).status, 200);
      assert.equal((await take(ben, 'unlock', { reason: 'A dose is wrong.' })).json.code, 'note.unlock');
      assert.equal((await take(ada, 'unlock', { reason: 'A dose is wrong.' })).status, 200);
    });

    test('are in the role that the signer has, or in one of the practice’s own', async () => {
      const stern = await practitioner('Stern');
      const [ada, ben] = [await clinician('Ada Holm'), await clinician('Ben Okoro')];
      const eve = await clinician('Eve Stern', { practitioner: stern });
      const note = (await ada('POST', '/api/notes', { patient: await chart.patient() })).json.id;
      const sign = (who: typeof ada, role: string) => who('POST', `/api/notes/${note}/sign`, { role });
      const refused = async (who: typeof ada, ...roles: readonly string[]) => {
        for (const role of roles) {
          const { status, json } = await sign(who, role);
          assert.deepEqual([status, json.faults?.[0]?.path], [422, '/role'], role);
        }
      };
      await refused(ada, 'co-signer', 'co-author');
      assert.equal((await sign(ada, 'author')).status, 200);
      await ada('POST', `/api/notes/${note}/cosignature-requests`, { practitioner: stern });
      await refused(ben, 'author', 'co-signer', 'Co‑Signer', 'cosigner');
      assert.equal((await sign(ben, 'witness')).status, 200);
      await refused(eve, 'author', 'co-author');
      assert.equal((await sign(eve, 'Co-signer')).status, 200);
      const { signatures, cosignatureRequests } = await noteNow(note);
      assert.deepEqual(
        signatures.map(({ role }: Signed) => role),
        ['author', 'witness', 'co-signer'],
      );
      assert.equal(cosignatureRequests[0].state, 'signed');

      const other = (await ada('POST', '/api/notes', { patient: await chart.patient() })).json.id;
      await eve('POST', `/api/notes/${other}/sign`, { role: 'attending' });
      await ben('POST', `/api/notes/${other}/sign`);
      await ada('POST', `/api/notes/${other}/sign`);
      const roles = (await noteNow(other)).signatures.map(({ role }: Signed) => role);
      assert.deepEqual(roles, ['attending', 'co-author', 'author'], 'its author is who wrote it');
    });

    test('keep a note from being deleted once it is unlocked', async () => {
      const note = await chart.note();
      await move(note, 'sign');
      await move(note, 'unlock', { reason: 'Another patient.' });
      const refused = await app.ask('DELETE', `/api/notes/${note}`);
      assert.deepEqual([refused.status, refused.json.code], [409, 'note.signed']);
      assert.match(refused.json.next, /in error.*addendum/);
      assert.equal((await noteNow(note)).state, 'open');
    });

    test('are given for the commands that were seen, or not at all', async () => {
      const stern = await practitioner('Stern');
      const [ada, eve] = [await clinician('Ada Holm'), await clinician('Eve Stern', { practitioner: stern })];
      const note = (await ada('POST', '/api/notes', { patient: await chart.patient() })).json.id;
      const { id: one } = (await chart.originate(note, { command: 'plan', fields: { narrative: 'Rest.' } })).json;
      const { version } = await noteNow(note);
      const sign = (commands: object, at = version) =>
        ada('POST', `/api/notes/${note}/sign`, { version: at, commands });
      await app.ask('PATCH', `/api/commands/${one}`, { body: { fields: { narrative: 'Run.' } } });
      assert.equal((await noteNow(note)).version, version, 'the note’s version doesn’t tell');
      const unseen = await sign({ [one]: 1 });
      assert.deepEqual([unseen.status, unseen.json.code], [409, 'note.unseen']);
      assert.deepEqual(unseen.json.faults, [{ path: `/commands/${one}`, message: 'is at version 2' }]);
      assert.match(unseen.json.next, /Read the note again/);
      assert.equal((await sign({})).json.code, 'note.unseen', 'one that was not seen at all');
      assert.equal((await sign({ [one]: 2, gone: 1 })).json.code, 'note.unseen', 'one that was taken away');
      assert.equal((await sign({ [one]: 'two' })).status, 422);
      assert.equal((await noteNow(note)).state, 'open');
      assert.equal((await sign({ [one]: 2 })).status, 200);
      const requests = `/api/notes/${note}/cosignature-requests`;
      const asked = (await ada('POST', requests, { practitioner: stern })).json.id;
      const cosign = (commands: object) => eve('POST', `${requests}/${asked}/sign`, { commands });
      assert.equal((await cosign({ [one]: 1 })).json.code, 'note.unseen');
      assert.equal((await cosign({ [one]: 2 })).status, 200);
    });

    test('of a note from before they were kept are read from its versions', async () => {
      const note = await chart.note();
      await move(note, 'sign');
      await move(note, 'unlock', { reason: 'More to say.' });
      await move(note, 'lock');
      const { signatures, history } = await noteNow(note);
      // As such notes are stored.
      const client = new pg.Client(app.database.connection);
      await client.connect();
      await client.query(
        "UPDATE record_version SET content = (content::jsonb - '{signatures,history}'::text[])::json WHERE type = 'Note' AND id = $1",
        [note],
      );
      await client.end();
      const read = await noteNow(note);
      assert.deepEqual(read.signatures, signatures);
      assert.equal(read.signatures[0].by.id, 'admin');
      assert.deepEqual(read.history, [{ ...history[0], reason: null }, history[1]]);
      // They are kept with the next change.
      await move(note, 'sign');
      assert.deepEqual((await noteNow(note)).signatures.slice(0, 1), signatures);
    });

    test('an addendum stands below a locked note, signed by itself; one that is wrong is struck through', async () => {
      const [ada, ben] = [await clinician('Ada Holm'), await clinician('Ben Okoro')];
      const patient = await chart.patient();
      const note = (await ada('POST', '/api/notes', { patient })).json.id;
      const early = await ben('POST', `/api/notes/${note}/addenda`, { text: 'Too early.' });
      assert.equal(early.json.code, 'note.state');
      const signed = (await ada('POST', `/api/notes/${note}/sign`)).json;
      const keyed = { headers: { 'idempotency-key': 'addendum' }, body: { text: 'The culture grew nothing.' } };
      const added = await app.ask('POST', `/api/notes/${note}/addenda`, keyed);
      assert.equal(added.status, 201, added.text);
      assert.equal((await app.ask('POST', `/api/notes/${note}/addenda`, keyed)).json.id, added.json.id);
      const wrong = (await ben('POST', `/api/notes/${note}/addenda`, { text: 'She called.' })).json;
      const path = `/api/notes/${note}/addenda/${wrong.id}/enter-in-error`;
      assert.equal((await ada('POST', path, { reason: 'Another patient.' })).status, 403);
      assert.equal((await ben('POST', path)).status, 422);
      const struck = await ben('POST', path, { reason: 'Another patient.' });
      assert.equal(struck.status, 200, struck.text);
      assert.equal((await ben('POST', path, { reason: 'Again.' })).status, 409);
      const now = await noteNow(note);
      assert.deepEqual(Compile(NoteWithCommands).Errors(now), []);
      assert.equal(now.state, 'signed');
      assert.deepEqual(now.signatures, signed.signatures);
      assert.deepEqual(
        now.addenda.map(({ by, text, enteredInError }: Added) => [by.display, text, enteredInError?.reason]),
        [
          ['administrator', 'The culture grew nothing.', undefined],
          ['Ben Okoro', 'She called.', 'Another patient.'],
        ],
      );
      const told = (await chart.types(patient)).filter((type) => type.startsWith('NOTE_ADDENDUM'));
      assert.deepEqual(told, ['NOTE_ADDENDUM_CREATED', 'NOTE_ADDENDUM_CREATED', 'NOTE_ADDENDUM_ENTERED_IN_ERROR']);
    });

    test('a supervisor who is asked finds it on a list, and signs, or returns it with a reason', async () => {
      const [stern, holm] = [await practitioner('Stern'), await practitioner('Holm')];
      const ada = await clinician('Ada Holm', { practitioner: holm });
      const eve = await clinician('Eve Stern', { practitioner: stern });
      const patient = await chart.patient();
      const note = (await ada('POST', '/api/notes', { patient, title: 'Check-up' })).json.id;
      const requests = `/api/notes/${note}/cosignature-requests`;
      const waiting = async (ask: typeof ada, query = '') => {
        const { items } = (await ask('GET', `/api/cosignature-requests${query}`)).json;
        return items.filter((one: { note: { id: string } }) => one.note.id === note);
      };
      assert.equal((await ada('POST', requests, { practitioner: stern })).json.code, 'note.state');
      await ada('POST', `/api/notes/${note}/sign`);
      assert.equal((await eve('POST', requests, { practitioner: stern })).json.code, 'note.not-yours');
      for (const nobody of [holm, 'nobody']) {
        assert.equal((await ada('POST', requests, { practitioner: nobody })).status, 422, nobody);
      }
      const asked = await ada('POST', requests, { practitioner: stern, message: 'First visit.' });
      assert.equal(asked.status, 201, asked.text);
      assert.equal((await ada('POST', requests, { practitioner: stern })).status, 422, 'once is enough');
      const [first] = await waiting(eve);
      assert.equal(first.request.message, 'First visit.');
      assert.equal(first.patient.name, 'Germain');
      assert.equal((await waiting(ada, '?by=me')).length, 1);
      assert.equal(
        (await app.ask('GET', '/api/cosignature-requests')).status,
        422,
        'the administrator is no practitioner',
      );

      const of = (request: string, what: string) => `${requests}/${request}/${what}`;
      assert.equal((await ada('POST', of(asked.json.id, 'sign'))).json.code, 'note.not-yours');
      assert.equal((await ada('POST', of(asked.json.id, 'return'), { reason: 'x' })).status, 403);
      assert.equal((await eve('POST', of(asked.json.id, 'return'))).status, 422, 'without a reason');
      await eve('POST', of(asked.json.id, 'return'), { reason: 'Say what the plan is.' });
      assert.deepEqual(await waiting(eve), []);
      const [returned] = await waiting(ada, '?by=me');
      assert.equal(returned.request.ended.reason, 'Say what the plan is.');

      const back = (await ada('POST', requests, { practitioner: stern })).json.id;
      await ada('POST', of(back, 'withdraw'));
      assert.deepEqual([await waiting(eve), await waiting(ada, '?by=me')], [[], []]);
      const last = (await ada('POST', requests, { practitioner: stern })).json.id;
      await ada('POST', `/api/notes/${note}/unlock`, { reason: 'The plan.' });
      assert.equal((await eve('POST', of(last, 'sign'))).json.code, 'note.state', 'it is being written');
      await ada('POST', `/api/notes/${note}/sign`);
      const unseen = await eve('POST', of(last, 'sign'), { version: first.note.version });
      assert.equal(unseen.json.code, 'record.conflict', 'it says something else by now');
      assert.equal(unseen.json.current.title, 'Check-up');
      const cosigned = await eve('POST', of(last, 'sign'));
      assert.equal(cosigned.status, 200, cosigned.text);
      assert.deepEqual(cosigned.json.signatures.map(named).slice(2), [
        `Eve Stern, co-signer, ${cosigned.json.version}`,
      ]);
      assert.equal(cosigned.json.signatures[2].by.practitioner, stern);
      assert.deepEqual(
        cosigned.json.cosignatureRequests.map(({ state }: { state: string }) => state),
        ['returned', 'withdrawn', 'signed'],
      );
      assert.deepEqual([await waiting(eve), await waiting(ada, '?by=me')], [[], []]);
      const told = (await chart.types(patient)).filter((type) => /^NOTE_COSIGN/.test(type));
      const REQUESTED = 'NOTE_COSIGNATURE_REQUESTED';
      assert.deepEqual(told, [
        REQUESTED,
        'NOTE_COSIGNATURE_RETURNED',
        REQUESTED,
        'NOTE_COSIGNATURE_WITHDRAWN',
        REQUESTED,
        'NOTE_COSIGNED',
      ]);
    });
  });

  describe('on paper', () => {
    const printed = async (what: 'notes' | 'commands', id: string) => {
      const response = await fetch(`${app.url}/api/${what}/${id}/printout.pdf`, {
        headers: { authorization: `Bearer ${ADMIN}` },
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      assert.equal(response.status, 200, bytes.toString());
      assert.equal(response.headers.get('content-type'), 'application/pdf');
      return linesOfPages(bytes);
    };
    const WHEN = '\\w{3} \\d+, \\d{4}, \\d+:\\d\\d.[AP]M \\S+';
    /** A line in whole, as a regular expression in which WHEN is a moment. */
    const says = (lines: readonly string[], words: string): void => {
      const pattern = new RegExp(`^${words.replaceAll('WHEN', WHEN)}$`);
      assert.ok(
        lines.some((line) => pattern.test(line)),
        `${words}\nis not in\n${lines.join('\n')}`,
      );
    };
    const patientOf = async () => {
      const { json } = await app.ask('POST', '/fhir/R4/Patient', {
        body: {
          resourceType: 'Patient',
          name: [{ given: ['Zofia'], family: 'Łukasz' }],
          birthDate: '1976-04-01',
          gender: 'female',
          identifier: [{ type: { coding: [{ code: 'MR' }] }, value: '4711' }],
        },
      });
      return json.id as string;
    };

    test('a note has all of its lines once, on pages that each name the patient and whether it is signed', async () => {
      const patient = await patientOf();
      const note = await chart.note(patient);
      const steps = Array.from({ length: 150 }, (_, index) => `Step ${index + 1} of the plan.`);
      await chart.originate(note, { command: 'plan', fields: { narrative: steps.join('\n') }, commit: true });
      const { id: wrong } = (
        await chart.originate(note, { command: 'plan', fields: { narrative: 'Not hers.' }, commit: true })
      ).json;
      await app.ask('POST', `/api/commands/${wrong}/enter-in-error`, { body: { reason: 'Of her sister' } });
      const { body } = (await app.ask('GET', `/api/notes/${note}`)).json;
      await app.ask('PATCH', `/api/notes/${note}`, { body: { body: [{ text: 'She says 王.' }, ...body] } });

      const draft = await printed('notes', note);
      assert.ok(draft.length > 2, `${draft.length} pages`);
      for (const [index, lines] of draft.entries()) {
        for (const line of ['Zofia Łukasz', 'Born Apr 1, 1976   ·   Sex Female   ·   MRN 4711', 'Not signed']) {
          assert.ok(lines.includes(line), `page ${index + 1} lacks: ${line}`);
        }
        says(lines, `Note ${note}, version \\d+\\. Printed by administrator, WHEN\\.`);
        assert.ok(lines.includes(`Page ${index + 1} of ${draft.length}`));
      }
      const all = draft.flat();
      assert.deepEqual(
        all.map((line) => line.trim()).filter((line) => line.startsWith('Step ')),
        steps,
      );
      says(all, 'Not signed. What it says may still change.');
      assert.match(
        draft[0]!.join(' '),
        /A character can’t be printed: its code, U\+738B, stands in its place\. Read it in/,
      );
      says(draft[0]!, 'She says \\[U\\+738B\\].');
      says(draft[0]!, '1 character on this page can’t be printed: see the chart.');
      assert.ok(!draft[1]!.some((line) => line.includes('can’t be printed')));
      says(all, 'Entered in error, marked by administrator, WHEN: Of her sister');

      await move(note, 'sign');
      await move(note, 'unlock', { reason: 'A dose was wrong' });
      says((await printed('notes', note)).flat(), 'Not signed since it was unlocked. What it says may have changed.');
      await move(note, 'sign');
      await app.ask('POST', `/api/notes/${note}/addenda`, { body: { text: 'Potassium is 4.1.' } });
      const signed = (await printed('notes', note)).flat();
      assert.ok(!signed.includes('Not signed'));
      says(signed, 'Addendum by administrator, WHEN');
      says(signed, 'Potassium is 4.1.');
      says(signed, 'Signed by administrator, author, WHEN \\(version \\d+, before the note was unlocked\\)');
      says(signed, 'Unlocked by administrator, WHEN: A dose was wrong');
      says(signed, 'Signed by administrator, author, WHEN');

      const { items } = (await app.ask('GET', `/api/audit?patient=${patient}&limit=1`)).json;
      const { action, type, record } = items[0];
      assert.deepEqual({ action, type, record }, { action: 'notes.print', type: 'Note', record: note });
    });

    test('vital signs of an adult say what is unusual, as in the chart; a child’s do not', async () => {
      const fields = { bloodPressureSystole: 182, bloodPressureDiastole: 96, pulse: 120, oxygenSaturation: 98 };
      const vitals = { command: 'vitals', fields, commit: true };
      const note = await chart.note(await patientOf());
      await chart.originate(note, vitals);
      const lines = (await printed('notes', note)).flat();
      for (const line of ['182/96 mmHg, very high', '120 /min, high', '98 %']) assert.ok(lines.includes(line), line);
      const body = { resourceType: 'Patient', name: [{ family: 'Holm' }], birthDate: '2025-01-01' };
      const child = await chart.note((await app.ask('POST', '/fhir/R4/Patient', { body })).json.id);
      await chart.originate(child, vitals);
      assert.ok((await printed('notes', child)).flat().includes('120 /min'));
    });

    test('a name in letters that no font here has is printed as their codes, on every page, with a warning', async () => {
      const { json } = await app.ask('POST', '/fhir/R4/Patient', {
        body: { resourceType: 'Patient', name: [{ given: ['小龙'], family: '李' }], birthDate: '1976-04-01' },
      });
      const note = await chart.note(json.id);
      const narrative = ['سارة 10 mg 👍🏽', ...Array.from({ length: 60 }, (_, index) => `Line ${index}`)].join('\n');
      const plan = await chart.originate(note, { command: 'plan', fields: { narrative }, commit: true });
      const path = `/api/commands/${plan.json.id}/printout.pdf`;
      const { headers } = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${ADMIN}` } });
      assert.equal(headers.get('chartwire-unprintable'), '9');
      const pages = await printed('commands', plan.json.id);
      assert.equal(pages.length, 2);
      for (const lines of pages) says(lines, '\\[U\\+5C0F U\\+9F99\\] \\[U\\+674E\\]');
      says(pages[0]!, '\\[U\\+0633 U\\+0627 U\\+0631 U\\+0629\\] 10 mg \\[U\\+1F44D U\\+1F3FD\\]');
      assert.match(
        pages[0]!.join(' '),
        /9 characters can’t be printed: codes such as U\+[0-9A-F]+ stand in their place\./,
      );
      says(pages[0]!, '9 characters on this page can’t be printed: see the chart.');
      says(pages[1]!, '3 characters on this page can’t be printed: see the chart.');
    });

    test('a questionnaire has its questions and answers, committed or not', async () => {
      const [found] = (await app.ask('GET', '/fhir/R4/Questionnaire?title:contains=PHQ-2')).json.entry;
      const { id, title, item } = found.resource;
      const questions: { linkId: string; text: string; answerOption: { valueCoding: { code: string } }[] }[] =
        item.filter(({ answerOption }: { answerOption?: unknown }) => answerOption);
      const answers = Object.fromEntries(
        questions.map(({ linkId, answerOption }) => [linkId, answerOption[3]!.valueCoding.code]),
      );
      const note = await chart.note();
      const fields = { questionnaire: { value: id, text: title }, answers };
      for (const commit of [false, true]) {
        const made = await chart.originate(note, { command: 'questionnaire', fields, commit });
        assert.equal(made.status, 201, made.text);
        const lines = (await printed('commands', made.json.id)).flat();
        assert.equal(lines.filter((line) => line === 'Nearly every day').length, 2);
        for (const { text } of questions) assert.ok(lines.includes(text), text);
        assert.equal(lines.includes('Not committed'), !commit);
        assert.equal(lines.includes('PHQ-2 6 of 6: positive, ask the PHQ-9'), commit);
      }
    });

    test('a prescription has a line to sign once it is committed; an order leaves out what is for colleagues', async () => {
      const name = [{ given: ['Ana'], family: 'Ruiz' }];
      const doctor = (await app.ask('POST', '/fhir/R4/Practitioner', { body: { resourceType: 'Practitioner', name } }))
        .json.id;
      const note = await chart.note(await patientOf());
      const fields = {
        compoundMedicationData: {
          formulation: 'Magic mouthwash',
          potencyUnitCode: 'C28254',
          controlledSubstance: 'II',
        },
        sig: 'Rinse four times a day',
        quantityToDispense: 240,
        typeToDispense: { ncpdpQuantityQualifierCode: 'C28254', display: 'mL' },
        refills: 1,
        substitutions: 'allowed',
        prescriber: { value: doctor, text: 'Ana Ruiz' },
      };
      for (const commit of [false, true]) {
        const made = await chart.originate(note, { command: 'prescribe', fields, commit });
        assert.equal(made.status, 201, made.text);
        const [lines, ...more] = await printed('commands', made.json.id);
        assert.equal(more.length, 0);
        for (const line of [
          'Prescription',
          'Zofia Łukasz',
          'Magic mouthwash',
          'II',
          'Rinse four times a day',
          '240',
          'mL',
        ]) {
          assert.ok(lines!.includes(line), line);
        }
        assert.equal(lines!.includes('Not committed'), !commit);
        // Whose line it is, beside the field.
        assert.equal(lines!.filter((line) => line === 'Ana Ruiz').length, commit ? 2 : 1);
        if (commit) says(lines!, 'Committed by administrator, WHEN');
      }
      const order = await chart.originate(note, {
        command: 'imagingOrder',
        fields: { noteToRadiologist: 'Both knees', internalComment: 'She is afraid of the tube' },
      });
      const lines = (await printed('commands', order.json.id)).flat();
      assert.ok(lines.includes('Imaging order') && lines.includes('Both knees'));
      assert.ok(!lines.includes('She is afraid of the tube'));
      assert.ok((await printed('notes', note)).flat().includes('She is afraid of the tube'));
    });

    test('a prescription keeps checks that somebody overrode, or that did not run, to the note', async () => {
      const patient = await patientOf();
      const note = await chart.note(patient);
      const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
      const allergyTo = async (text: string) => {
        const { status, text: told } = await app.ask('POST', '/fhir/R4/AllergyIntolerance', {
          body: {
            resourceType: 'AllergyIntolerance',
            patient: { reference: `Patient/${patient}` },
            clinicalStatus: { coding: [{ system, code: 'active' }] },
            code: { text },
          },
        });
        assert.equal(status, 201, told);
      };
      await allergyTo('Blue pill');
      const doctor = { resourceType: 'Practitioner', name: [{ given: ['Ana'], family: 'Ruiz' }] };
      const prescriber = (await app.ask('POST', '/fhir/R4/Practitioner', { body: doctor })).json.id;
      const compound = { potencyUnitCode: 'C28254', controlledSubstance: 'V', formulation: 'Codeine in cherry syrup' };
      const fields = {
        sig: 'A spoon at night',
        quantityToDispense: 100,
        daysSupply: 10,
        typeToDispense: { ncpdpQuantityQualifierCode: 'C28254', display: 'mL' },
        refills: 0,
        substitutions: 'allowed',
        prescriber: { value: prescriber, text: 'Ana Ruiz' },
      };
      const overrides = [{ check: 'chartwire/allergy', reason: 'Only itched, in her teens' }];
      const made = [
        [{ prescribe: { value: 'herbs', text: 'Herbs of the monastery' } }, { overrides: 0, unanswered: 2 }, undefined],
        [{ compoundMedicationData: compound }, { overrides: 1, unanswered: 1 }, overrides],
      ] as const;
      for (const [drug, counts, reasons] of made) {
        if (reasons) await allergyTo('Codeine');
        const body = { command: 'prescribe', commit: true, fields: { ...fields, ...drug }, overrides: reasons };
        const { json, text } = await chart.originate(note, body);
        assert.deepEqual({ overrides: json.overrides?.length, unanswered: json.unanswered?.length }, counts, text);
        const paper = (await printed('commands', json.id)).flat().join(' ');
        assert.match(paper, /A spoon at night/);
        assert.doesNotMatch(paper, /teens|Blue pill|despite a check|fully checked|allerg/i);
      }
      const kept = (await printed('notes', note)).flat().join(' ');
      for (const words of [/Only itched, in her teens/, /Blue pill/, /Done despite a check/, /Not fully checked/]) {
        assert.match(kept, words);
      }
    });

    test('long words are broken at a cost that grows with their length alone, and none of a text is lost', () => {
      for (const text of ['x'.repeat(19_000), 'م'.repeat(14_000), `e${'\u0300'.repeat(9_000)}`, 'ab '.repeat(5_000)]) {
        let measured = 0;
        const lines = [
          ...linesOf(text, 340, (piece) => {
            measured += piece.length;
            return piece.replace(/\p{M}/gu, '').length * 5;
          }),
        ];
        assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
        assert.ok(Math.max(...lines.map((line) => line.length)) <= 250);
        assert.ok(lines.every((line) => line.replace(/\p{M}/gu, '').length * 5 <= 340));
        assert.ok(measured <= text.length * 4, `${measured} letters of ${text.length} measured`);
      }
      assert.deepEqual(
        [...linesOf('To see us\n\n  again', 30, (piece) => piece.length * 5)],
        ['To see', 'us', '', '', 'again'],
      );
    });

    test('others have their turn after each line of a long text; one of too many pages is refused', async () => {
      const [long, tooLong] = [await chart.note(), await chart.note()];
      const texts = ['x'.repeat(19_000), 'Some words of a long story. '.repeat(700)];
      await app.ask('PATCH', `/api/notes/${long}`, { body: { body: texts.map((text) => ({ text })) } });
      const pauses = mock.method(Slices.prototype, 'pause');
      const lines = (await printed('notes', long)).flat();
      pauses.mock.restore();
      assert.ok(pauses.mock.callCount() > 400, `${pauses.mock.callCount()} pauses`);
      assert.ok(Math.max(...lines.map((line) => line.length)) <= 250);
      assert.equal(lines.filter((line) => /^x+$/.test(line)).join(''), texts[0]);
      assert.equal(lines.join(' ').match(/\bstory\b/g)?.length, 700);

      const body = Array.from({ length: 60 }, () => ({ text: 'Word.\n'.repeat(200) }));
      await app.ask('PATCH', `/api/notes/${tooLong}`, { body: { body } });
      const refused = await app.ask('GET', `/api/notes/${tooLong}/printout.pdf`);
      assert.equal(refused.status, 422);
      assert.equal(refused.json.code, 'print.too-long');
      assert.match(refused.json.next, /on the screen/);
    });

    test('a note that is signed, but by nobody as it is, says so on each page', async () => {
      const note = await chart.note();
      await move(note, 'sign');
      assert.ok(!(await printed('notes', note)).flat().includes('Not signed'));
      // As another program may have left it.
      const client = new pg.Client(app.database.connection);
      await client.connect();
      await client.query(
        `UPDATE record_version SET content = jsonb_set(content::jsonb, '{signatures}', '[]')::json WHERE type = 'Note' AND id = $1`,
        [note],
      );
      await client.end();
      assert.equal((await app.ask('GET', `/api/notes/${note}`)).json.state, 'signed');
      const pages = await printed('notes', note);
      for (const lines of pages) assert.ok(lines.includes('Not signed'));
      says(pages.flat(), 'Kept as signed, but no signature on record is for the text as it is here.');
    });
  });

  test('an id of one’s own makes a note once; another’s note is not handed out by it', async () => {
    const patient = await chart.patient();
    const id = '0198d3c0-0000-7000-8000-00000000cafe';
    const asked = { body: { patient, id }, headers: { 'idempotency-key': id } };
    assert.equal((await app.ask('POST', '/api/notes', asked)).json.id, id);
    assert.equal((await app.ask('POST', '/api/notes', asked)).json.version, 1);
    const other = await app.ask('POST', '/api/notes', { body: { patient: await chart.patient(), id } });
    assert.equal(other.status, 409, other.text);
  });

  describe('who may', () => {
    test('a token of one patient opens the notes of that patient alone', async () => {
      const [mine, other] = [await chart.patient(), await chart.patient()];
      const token = await app.tokenFor(['patient/Note.cruds', 'patient/Command.cruds'], mine);
      const made = await app.ask('POST', '/api/notes', { token, body: { patient: mine } });
      assert.equal(made.status, 201, made.text);
      assert.equal((await app.ask('GET', `/api/notes/${made.json.id}`, { token })).status, 200);
      const foreign = await chart.note(other);
      const refused = await Promise.all([
        app.ask('POST', '/api/notes', { token, body: { patient: other } }),
        app.ask('GET', `/api/notes?patient=${other}`, { token }),
        app.ask('GET', `/api/notes/${foreign}`, { token }),
        app.ask('POST', `/api/notes/${foreign}/lock`, { token }),
        chart.originate(foreign, { command: 'plan' }, { token }),
      ]);
      assert.deepEqual(
        refused.map(({ status }) => status),
        [403, 403, 403, 403, 403],
      );
      assert.equal((await app.ask('GET', `/api/notes/${foreign}`)).json.version, 1);
    });

    test('each call needs its scope, and says which', async () => {
      const note = await chart.note();
      const token = await app.tokenFor(['system/Note.rs', 'system/Command.cr']);
      assert.equal((await app.ask('GET', `/api/notes/${note}`, { token })).status, 200);
      const locked = await app.ask('POST', `/api/notes/${note}/lock`, { token });
      assert.equal(locked.status, 403);
      assert.match(locked.json.next, /system\/Note\.u/);
      const staged = await chart.originate(note, { command: 'plan', fields: { narrative: 'x' } }, { token });
      assert.equal(staged.status, 201);
      const committed = await chart.originate(
        note,
        { command: 'plan', fields: { narrative: 'x' }, commit: true },
        { token },
      );
      assert.equal(committed.status, 403);
      assert.match(committed.json.next, /system\/Command\.u/);
      const billed = await app.ask('POST', `/api/notes/${note}/billing-line-items`, { token, body: { code: '1' } });
      assert.match(billed.json.next, /system\/ChargeItem\.c/);
    });

    test('each access is in the audit trail with its patient, also one that was refused', async () => {
      const patient = await chart.patient();
      const note = await chart.note(patient);
      await app.ask('GET', `/api/notes/${note}`);
      await chart.originate(note, { command: 'nonsense' });
      await app.ask('DELETE', `/api/notes/${note}`);
      const { items } = (await app.ask('GET', `/api/audit?patient=${patient}&limit=4`)).json;
      assert.deepEqual(
        items.map(({ action, type, record, status }: Record<string, unknown>) => ({ action, type, record, status })),
        [
          { action: 'notes.delete', type: 'Note', record: note, status: 204 },
          { action: 'commands.originate', type: 'Note', record: note, status: 422 },
          { action: 'notes.get', type: 'Note', record: note, status: 200 },
          { action: 'notes.create', type: null, record: null, status: 201 },
        ],
      );
    });
  });
});
