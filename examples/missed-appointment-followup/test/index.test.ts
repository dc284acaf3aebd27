// The plugin in the sandbox it also runs in on a server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Appointment, CareTeam, Encounter, Resource, Task } from 'chartwire/sdk';
import { openPlugin } from 'chartwire/testing';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const AT = '2026-08-23T10:00:00.000Z';

const accepted = (reference: string) => ({ actor: { reference }, status: 'accepted' as const });
const appointment = (more: Partial<Appointment> = {}): Appointment => ({
  resourceType: 'Appointment',
  id: 'a1',
  status: 'cancelled',
  start: '2026-09-01T13:00:00Z',
  reasonCode: [{ text: 'Back pain' }],
  cancelationReason: { text: 'The patient is away.' },
  participant: [accepted('Patient/p1'), accepted('Practitioner/d1'), accepted('Location/l1')],
  ...more,
});
const team = (name: string, status: CareTeam['status']): CareTeam => ({
  resourceType: 'CareTeam',
  id: status,
  status,
  name,
});

const PRACTICE: Resource[] = [
  { resourceType: 'Practitioner', id: 'd1', name: [{ given: ['David'], family: 'Osei', prefix: ['Dr.'] }] },
  { resourceType: 'Location', id: 'l1', name: 'Riverbend office' },
  team('Front desk', 'active'),
  team('Night desk', 'inactive'),
];

interface Given {
  readonly type?: 'APPOINTMENT_CANCELED' | 'APPOINTMENT_NO_SHOWED';
  readonly record?: Appointment;
  readonly variables?: Record<string, string>;
  readonly others?: readonly Resource[];
}

async function answer({
  type = 'APPOINTMENT_CANCELED',
  record = appointment(),
  variables = {},
  others = [],
}: Given = {}) {
  await using plugin = await openPlugin(FOLDER, { records: [...PRACTICE, ...others], variables });
  const context = { record: { ...record, id: 'a1' } };
  // What is there now may differ from what the event tells of.
  const now = others.find(({ resourceType, id }) => resourceType === 'Appointment' && id === 'a1') ?? record;
  const { effects, error, logs } = await plugin.deliver(type, { id: 'e1', at: AT, record: now, context });
  assert.equal(error, null);
  return { effects, logs };
}

/** The task that is asked for. */
async function task(given: Given): Promise<Record<string, unknown>> {
  const { effects } = await answer(given);
  assert.equal(effects[0]?.type, 'CREATE_TASK');
  return effects[0]!.payload as Record<string, unknown>;
}

/** The lines of the comment that is asked for. */
async function comment(given: Given): Promise<string[]> {
  const { effects } = await answer(given);
  assert.equal(effects[1]?.type, 'COMMENT_ON_TASK');
  return (effects[1]!.payload as { text: string }).text.split('\n');
}

test('a visit to come that is called off makes one task, with a comment that tells of it', async () => {
  const { effects } = await answer({ variables: { TEAM: 'Front desk', TIME_ZONE: 'America/New_York' } });
  assert.deepEqual(effects, [
    {
      type: 'CREATE_TASK',
      payload: {
        id: 'e1',
        title: 'Reschedule a canceled visit',
        patient: 'p1',
        assignee: 'CareTeam/active',
        due: '2026-08-24T10:00:00.000Z',
        labels: ['Reschedule'],
        focus: 'Appointment/a1',
      },
    },
    {
      type: 'COMMENT_ON_TASK',
      payload: {
        task: 'e1',
        text: [
          'The visit was on Tuesday, September 1, 2026 at 09:00 with Dr. David Osei at Riverbend office',
          'Reason for visit: Back pain',
          'Canceled because: The patient is away.',
        ].join('\n'),
      },
    },
  ]);
});

test('a visit that was missed makes a task, though it lies in the past', async () => {
  const record = appointment({ status: 'noshow', start: '2026-08-23T09:00:00Z', cancelationReason: undefined });
  assert.equal((await task({ type: 'APPOINTMENT_NO_SHOWED', record })).title, 'Reschedule a missed visit');
});

test('a visit that is called off once it has begun makes none, nor does one without a time', async () => {
  for (const start of ['2026-08-23T09:59:00Z', undefined]) {
    assert.deepEqual((await answer({ record: appointment({ start }) })).effects, []);
  }
});

test('one that was restored or entered in error meanwhile makes none', async () => {
  for (const status of ['booked', 'entered-in-error'] as const) {
    assert.deepEqual((await answer({ others: [appointment({ status })] })).effects, []);
  }
});

test('without a team that is active the provider follows up, and without a provider nobody by name', async () => {
  assert.equal((await task({})).assignee, 'Practitioner/d1');
  const { effects, logs } = await answer({ variables: { TEAM: 'Night desk' } });
  assert.equal((effects[0]!.payload as { assignee: string }).assignee, 'Practitioner/d1');
  assert.match(logs[0]!.message, /no active CareTeam named Night desk/);
  const record = appointment({ participant: [accepted('Patient/p1')] });
  assert.equal((await task({ record })).assignee, undefined);
  assert.equal((await comment({ record }))[0], 'The visit was on Tuesday, September 1, 2026 at 13:00');
});

for (const [DAYS, due] of [
  ['7', '2026-08-30'],
  ['366', '2027-08-24'],
  ['1000', '2027-08-24'],
  ['0', '2026-08-24'],
  ['soon', '2026-08-24'],
] as const) {
  test(`DAYS=${DAYS} makes it due on ${due}`, async () => {
    assert.equal((await task({ variables: { DAYS } })).due, `${due}T10:00:00.000Z`);
  });
}

test('another label is used when one is set, and none when it is empty', async () => {
  assert.deepEqual((await task({ variables: { LABEL: 'call back' } })).labels, ['call back']);
  assert.equal((await task({ variables: { LABEL: '' } })).labels, undefined);
});

test('what the note of the visit says of the reason comes before what was said at booking', async () => {
  const encounter: Encounter = {
    resourceType: 'Encounter',
    id: 'v1',
    status: 'in-progress',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/p1' },
    appointment: [{ reference: 'Appointment/a1' }],
    reasonCode: [{ text: 'Sciatica' }],
  };
  assert.ok((await comment({ others: [encounter] })).includes('Reason for visit: Sciatica'));
});

test('a task that is still open is told, instead of making another; a finished one is not opened again', async () => {
  const before: Task = {
    resourceType: 'Task',
    id: 't1',
    status: 'requested',
    intent: 'order',
    for: { reference: 'Patient/p1' },
    focus: { reference: 'Appointment/a1' },
  };
  const { effects } = await answer({ others: [before] });
  assert.deepEqual(
    effects.map(({ type, payload }) => [type, (payload as { task: string }).task]),
    [
      ['UPDATE_TASK', 't1'],
      ['COMMENT_ON_TASK', 't1'],
    ],
  );
  assert.equal((await task({ others: [{ ...before, status: 'completed' }] })).id, 'e1');
});
