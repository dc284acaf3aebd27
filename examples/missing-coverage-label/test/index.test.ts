// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Appointment, Coverage, Resource } from 'chartwire/sdk';
import { openPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const TAG = { system: 'https://chartwire.org/fhir/CodeSystem/appointment-label', code: 'MISSING_COVERAGE' };

function appointment(id: string, more: Partial<Appointment> = {}): Appointment {
  const participant: Appointment['participant'] = [{ actor: { reference: 'Patient/p1' }, status: 'accepted' }];
  return { resourceType: 'Appointment', id, status: 'booked', participant, ...more };
}

const labelled = (id: string, more: Partial<Appointment> = {}) => appointment(id, { meta: { tag: [TAG] }, ...more });

function coverage(more: Partial<Coverage> = {}): Coverage {
  const beneficiary = { reference: 'Patient/p1' };
  return { resourceType: 'Coverage', id: 'c1', status: 'active', beneficiary, payor: [{ display: 'Plan' }], ...more };
}

type Type =
  | 'APPOINTMENT_CREATED'
  | 'APPOINTMENT_RESTORED'
  | 'COVERAGE_CREATED'
  | 'COVERAGE_UPDATED'
  | 'COVERAGE_DELETED';

/** Which appointments get the label (`+a1`) and which lose it (`-a1`), when this happened to the first record. */
async function changes(type: Type, record: Resource, ...others: Resource[]): Promise<string[]> {
  await using plugin = await openPlugin(FOLDER, { records: others });
  const { effects, error } = await plugin.deliver(type, { record, at: '2026-08-23T10:00:00.000Z' });
  assert.equal(error, null);
  const changed = effects.map(({ type, payload }) => {
    const { appointment, labels } = payload as { appointment: string; labels: string[] };
    assert.deepEqual(labels, ['MISSING_COVERAGE']);
    return `${type === 'ADD_APPOINTMENT_LABELS' ? '+' : '-'}${appointment}`;
  });
  return changed.sort();
}

test('each appointment to come of a patient without coverage is labelled', async () => {
  const cancelled = appointment('a3', { status: 'cancelled' });
  assert.deepEqual(await changes('APPOINTMENT_CREATED', appointment('a1'), appointment('a2'), cancelled), [
    '+a1',
    '+a2',
  ]);
});

test('one that is labelled already is left alone', async () => {
  assert.deepEqual(await changes('APPOINTMENT_CREATED', appointment('a1'), labelled('a2')), ['+a1']);
});

test('with a coverage each label is taken off, also of an appointment that was called off', async () => {
  const appointments = [labelled('a1'), appointment('a2'), labelled('a3', { status: 'cancelled' })];
  assert.deepEqual(await changes('COVERAGE_CREATED', coverage(), ...appointments), ['-a1', '-a3']);
});

test('the appointment of a covered patient gets no label', async () => {
  assert.deepEqual(await changes('APPOINTMENT_CREATED', appointment('a1'), coverage()), []);
});

test('a coverage that is not active, or has ended, is none', async () => {
  for (const none of [coverage({ status: 'cancelled' }), coverage({ period: { end: '2026-08-22' } })]) {
    assert.deepEqual(await changes('COVERAGE_UPDATED', none, appointment('a1')), ['+a1']);
  }
  assert.deepEqual(await changes('COVERAGE_UPDATED', coverage({ period: { end: '2026-08-23' } }), labelled('a1')), [
    '-a1',
  ]);
});

test('an appointment that takes place after all is looked at again', async () => {
  assert.deepEqual(await changes('APPOINTMENT_RESTORED', labelled('a1'), coverage()), ['-a1']);
});

test('an appointment of nobody is left alone', async () => {
  const room = appointment('a1', { participant: [{ actor: { reference: 'Location/l1' }, status: 'accepted' }] });
  assert.deepEqual(await changes('APPOINTMENT_CREATED', room), []);
});
