// Notes and commands as plugins write them: by the tables that people have, several at once, and nothing unknown.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Encounter, GuidanceResponse } from '@medplum/fhirtypes';
import { findEntry } from '#chart/entries-of.ts';
import { EXTENSION } from '#kit/systems.ts';
import { standing } from '#records/signatures.ts';
import { plan } from '#sdk/commands.ts';
import { addProtocolCard, createNote, type Effect, moveNote, originateCommands } from '#sdk/effects.ts';
import { Answering } from './answering.ts';

const STATE_CHANGE = 'NOTE_STATE_CHANGE_EVENT_CREATED';

describe('effects on notes', () => {
  let here: Answering;
  before(async () => {
    here = await Answering.open();
    await here.put({ resourceType: 'Patient', id: 'p1' });
  });
  after(() => here.close());

  const note = async (id: string) => (await findEntry(here.store, 'Note', id))!.entry;
  async function begun(): Promise<string> {
    const id = randomUUID();
    await here.apply([createNote({ patient: 'p1', id })]);
    return id;
  }

  test('a note is deleted and restored, its visit with it, and each is told', async () => {
    const id = await begun();
    const visit = async () => (await here.current<Encounter>(`Encounter/${(await note(id)).encounter}`)).status;
    const told = async (to: 'deleted' | 'open') =>
      (await here.apply([moveNote({ note: id, to })])).events.filter((type) => type.startsWith('NOTE_'));
    assert.deepEqual(await told('deleted'), ['NOTE_UPDATED', 'NOTE_DELETED', STATE_CHANGE]);
    assert.deepEqual([(await note(id)).state, await visit()], ['deleted', 'cancelled']);
    assert.deepEqual(await told('open'), ['NOTE_UPDATED', 'NOTE_RESTORED', STATE_CHANGE]);
    assert.deepEqual([(await note(id)).state, await visit()], ['open', 'in-progress']);
  });

  test('a note is signed and opened again', async () => {
    const id = await begun();
    await here.apply([moveNote({ note: id, to: 'signed' })]);
    const by = { type: 'plugin', id: 'demo' };
    assert.deepEqual((await note(id)).signedBy, by);
    await here.apply([moveNote({ note: id, to: 'open', reason: 'The dose was missing.' })]);
    const { state, signatures = [], history = [] } = await note(id);
    assert.equal(state, 'open');
    assert.deepEqual(
      signatures.map(({ at, ...kept }) => kept),
      [{ by, role: 'author', version: 2 }],
    );
    assert.deepEqual(
      history.map(({ what, by: who, reason }) => ({ what, who, reason })),
      [{ what: 'unlocked', who: by, reason: 'The dose was missing.' }],
    );
  });

  test('a plugin unlocks its own notes alone, and never in the unit of work in which it signs them', async () => {
    const id = await begun();
    const open = moveNote({ note: id, to: 'open', reason: 'Too early.' });
    const { code } = await here.refusal([moveNote({ note: id, to: 'signed' }), open]);
    assert.equal(code, 'note.state');
    const sign = moveNote({ note: id, to: 'signed' });
    await here.apply([sign]);
    assert.equal((await here.refusal([moveNote({ note: id, to: 'open' })])).code, 'note.reason');
    const added = originateCommands({ commands: [{ note: id, command: 'plan', fields: { narrative: 'Rest.' } }] });
    for (const between of [[], [added], [moveNote({ note: id, to: 'locked' })]]) {
      const again = await here.refusal([open, ...between, sign]);
      assert.equal(again.code, 'note.state');
      assert.match(again.message, /unlocked in this very unit of work/);
    }
    const opened = await here.apply([open, added]);
    assert.ok(opened.events.includes('NOTE_UNLOCKED'));
    await here.apply([sign]);
    const now = await note(id);
    assert.equal(standing(now).length, 1);
  });

  test('several commands are entered in order, or none of them', async () => {
    const id = await begun();
    const wish = (narrative: string) => ({ note: id, command: 'plan', fields: { narrative } });
    const { references } = await here.apply([originateCommands({ commands: [wish('one'), wish('two')] })]);
    assert.equal(references.length, 2);
    const lines = references.map((reference) => ({ command: reference.split('/')[1] }));
    assert.deepEqual((await note(id)).body, lines);
    const { code } = await here.refusal([originateCommands({ commands: [wish('three'), wish(' ')] })]);
    assert.equal(code, 'command.fields');
    assert.deepEqual((await note(id)).body, lines);
  });

  test('a card’s button names the commands that it originates', async () => {
    const card = (command: string) =>
      addProtocolCard({
        patient: 'p1',
        key: 'phq-9',
        title: 'Depression',
        narrative: 'Positive.',
        status: 'due',
        recommendations: [{ title: 'Ask', button: 'Ask', commands: [{ command, fields: { questionnaire: 'phq-9' } }] }],
      });
    const { references } = await here.apply([card('questionnaire')]);
    const { extension } = await here.current<GuidanceResponse>(references[0]!);
    const recommended = extension?.find(({ url }) => url === EXTENSION.cardRecommendation)?.extension;
    assert.deepEqual(recommended?.find(({ url }) => url === 'command')?.extension, [
      { url: 'key', valueCode: 'questionnaire' },
      { url: 'fields', valueString: '{"questionnaire":"phq-9"}' },
    ]);
    assert.equal((await here.refusal([card('questionaire')])).code, 'command.unknown');
  });

  const REFUSED: readonly (readonly [string, (note: string) => Effect, string, RegExp])[] = [
    [
      'an effect that is none',
      (id) => ({ type: 'LOCK_NOTE', payload: { note: id } }) as never,
      'effect.unknown',
      /LOCK_NOTE/,
    ],
    [
      'a property that is none',
      (id) => moveNote({ note: id, to: 'open', by: 'me' } as never),
      'effect.invalid',
      /\/by is not a known property/,
    ],
    ['a state that is none', (id) => moveNote({ note: id, to: 'shut' } as never), 'effect.invalid', /\/to/],
    ['a state that it is in', (id) => moveNote({ note: id, to: 'open' }), 'note.state', /the note is open/],
    ['a note that is not there', () => moveNote({ note: 'none', to: 'locked' }), 'note.not-found', /none/],
    ['a commit of what is not there', () => plan.commit({ command: 'none' }), 'command.not-found', /none/],
    ['a note for nobody', () => createNote({ patient: 'nobody' }), 'record.not-found', /Patient\/nobody/],
  ];
  for (const [what, effect, code, says] of REFUSED) {
    test(`${what} is refused with the reason`, async () => {
      const refusal = await here.refusal([effect(await begun())]);
      assert.equal(refusal.code, code);
      assert.match(refusal.message, says);
    });
  }

  test('a commit that lacks what it needs is refused at its field, and the command stays staged', async () => {
    const id = await begun();
    const command = randomUUID();
    await here.apply([plan.originate({ note: id, id: command })]);
    const refusal = await here.refusal([plan.commit({ command })]);
    assert.equal(refusal.code, 'command.fields');
    assert.match(refusal.message, /“Narrative” is needed/);
    assert.equal((await findEntry(here.store, 'Command', command))?.entry.state, 'staged');
  });
});
