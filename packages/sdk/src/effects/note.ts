// Effects on notes: create one, and move it between states.

import { Type } from 'typebox';
import { choice, closed, fhirId, text } from '#kit/schema.ts';
import { NOTE_STATES } from '#records/note.ts';
import { defineEffect, needs } from './definition.ts';

export const CreateNote = defineEffect({
  type: 'CREATE_NOTE',
  summary: 'Begins a note, with its visit.',
  writes: 'The note, and an Encounter.',
  payload: closed({
    patient: fhirId('the patient'),
    title: Type.Optional(text(255)),
    type: Type.Optional(text(50, 'visit unless given; others have no Encounter')),
    id: Type.Optional(fhirId('an id of your own')),
  }),
  example: { patient: 'p1', title: 'Phone call', type: 'message' },
  scopes: () => [...needs('Note', 'c'), ...needs('Encounter', 'c')],
  apply: async (wish, _draft, { commands }) => [`Note/${(await commands.createNote(wish)).id}`],
});

export const MoveNote = defineEffect({
  type: 'MOVE_NOTE',
  summary:
    'Locks, unlocks, signs, deletes or restores a note, by the table of states that people have. A plugin unlocks the notes that it wrote, locked, or signed while they were open.',
  writes: 'The note; its Encounter is finished with the first lock, and canceled with a deleted note.',
  payload: closed({
    note: fhirId('the note'),
    to: choice(NOTE_STATES, 'open unlocks a note, or restores a deleted one'),
    reason: Type.Optional(text(1_000, 'why a note is unlocked: needed for that, and kept with it')),
  }),
  example: { note: 'n1', to: 'locked' },
  scopes: () => [...needs('Note', 'u'), ...needs('Encounter', 'u')],
  apply: async ({ note, to, reason }, _draft, { commands }) => {
    await commands.moveNote(note, to, reason);
    return [`Note/${note}`];
  },
});
