// What surrounds a visit's commands: notes and charges, appointments, and merged charts.

import type { Door } from './door.ts';
import type { Scene } from './scene.ts';
import type { Step } from './step.ts';

const TIME = { start: '2030-05-01T10:00:00Z', end: '2030-05-01T10:20:00Z' };
const LATER = { start: '2030-05-02T10:00:00Z', end: '2030-05-02T10:20:00Z' };

export const VISIT_STEPS: readonly Step[] = [
  {
    name: 'Notes',
    async run({ door, patient }) {
      const { id } = await door.ask<{ id: string }>('POST', '/api/notes', { patient: patient.id });
      await door.ask('DELETE', `/api/notes/${id}`);
      await door.ask('POST', `/api/notes/${id}/restore`);
      await door.ask('POST', `/api/notes/${id}/billing-line-items`, { code: 'G0444' });
      const reason = 'Something was forgotten.';
      for (const move of ['lock', 'unlock', 'sign', 'unlock']) {
        await door.ask('POST', `/api/notes/${id}/${move}`, move === 'unlock' ? { reason } : {});
      }
    },
  },
  {
    name: 'Signed notes',
    async run({ door, patient, cast }) {
      const { id } = await door.ask<{ id: string }>('POST', '/api/notes', { patient: patient.id });
      await door.ask('POST', `/api/notes/${id}/sign`);
      const addendum = await made(door, id, 'addenda', { text: 'The culture grew nothing.' });
      await door.ask('POST', `${addendum}/enter-in-error`, { reason: 'Another patient.' });
      const asked = () => made(door, id, 'cosignature-requests', { practitioner: cast.practitioner.value });
      await door.ask('POST', `${await asked()}/withdraw`);
      await door.ask('POST', `${await asked()}/return`, { reason: 'Say what the plan is.' });
      const other = await door.as('A colleague', ['user/Note.ru']);
      await other.ask('POST', `/api/notes/${id}/sign`);
    },
  },
  {
    name: 'Appointments',
    async run(scene) {
      const called = await booked(scene);
      for (const move of ['cancel', 'restore', 'check-in']) await moved(scene, called, move);
      await moved(scene, await booked(scene), 'no-show');
      await scene.door.ask('POST', `/api/appointments/${await booked(scene)}/reschedule`, LATER);
    },
  },
  {
    name: 'Merges',
    async run({ door }) {
      const [stays, ends] = [await twin(door), await twin(door)];
      await door.create({
        resourceType: 'Task',
        status: 'requested',
        intent: 'order',
        for: { reference: `Patient/${ends}` },
      });
      await door.ask('POST', `/api/patients/${ends}/merge`, { into: stays, reason: 'Registered twice' });
      await door.ask('POST', `/api/patients/${ends}/unmerge`, {});
    },
  },
];

async function twin(door: Door): Promise<string> {
  return (await door.create({ resourceType: 'Patient', name: [{ family: 'Twice' }] })).id;
}

/** Where an item below a note is. */
async function made(door: Door, note: string, what: string, body: object): Promise<string> {
  const path = `/api/notes/${note}/${what}`;
  return `${path}/${(await door.ask<{ id: string }>('POST', path, body)).id}`;
}

async function booked({ door, patient }: Scene): Promise<string> {
  return (await door.ask<{ id: string }>('POST', '/api/appointments', { patient: patient.id, ...TIME })).id;
}

async function moved({ door }: Scene, id: string, move: string): Promise<void> {
  await door.ask('POST', `/api/appointments/${id}/${move}`);
}
