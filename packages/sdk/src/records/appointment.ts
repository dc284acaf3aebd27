// Appointments, and their transitions.

import type { Appointment as R4Appointment } from '@medplum/fhirtypes';
import { parseReference } from '#kit/ids.ts';
import { became, type Change, defineRecord, type Occurrence } from '#kit/record-kind.ts';
import { EXTENSION } from '#kit/systems.ts';

type Status = R4Appointment['status'];
/** No longer canceled: proposed, booked, in progress, or over. */
const STANDING: ReadonlySet<Status> = new Set(['proposed', 'pending', 'booked', 'arrived', 'checked-in', 'fulfilled']);
const HERE: ReadonlySet<Status> = new Set(['arrived', 'checked-in']);

function linked(appointment: R4Appointment | null, url: string): { type: string; id: string } | undefined {
  const extension = appointment?.extension?.find((candidate) => candidate.url === url);
  return parseReference(extension?.valueReference?.reference);
}

export const Appointment = defineRecord({
  prefix: 'APPOINTMENT',
  resource: 'Appointment',
  label: 'Appointment',
  summary: 'A time set aside for a patient.',
  transitions: {
    CANCELED: {
      summary: 'An appointment was called off.',
      occurs: '`status` becomes `cancelled`, unless the appointment was replaced by rescheduling.',
      when: (change: Change<R4Appointment>) =>
        became(change, ({ status }) => status === 'cancelled') &&
        linked(change.after, EXTENSION.rescheduledTo) === undefined,
    },
    CHECKED_IN: {
      summary: 'The patient is here.',
      occurs: '`status` becomes `arrived` or `checked-in`; once, also when both follow one another.',
      when: (change: Change<R4Appointment>) => became(change, ({ status }) => HERE.has(status)),
    },
    NO_SHOWED: {
      summary: 'The patient did not come.',
      occurs: '`status` becomes `noshow`.',
      when: (change: Change<R4Appointment>) => became(change, ({ status }) => status === 'noshow'),
    },
    RESCHEDULED: {
      summary: 'An appointment was moved: this is the new one.',
      adds: '`rescheduledFrom`: type and id of the old one',
      occurs: 'An appointment is created that names the one it replaces (`$reschedule`). The replaced one is UPDATED.',
      when({ before, after }: Change<R4Appointment>): Occurrence<{ rescheduledFrom: { type: string; id: string } }>[] {
        const rescheduledFrom = before === null ? linked(after, EXTENSION.rescheduledFrom) : undefined;
        return rescheduledFrom ? [{ detail: { rescheduledFrom } }] : [];
      },
    },
    RESTORED: {
      summary: 'A canceled appointment takes place after all.',
      occurs: '`status` goes from `cancelled` to `booked`, or to another in which the appointment stands.',
      when: (change: Change<R4Appointment>) =>
        change.before?.status === 'cancelled' && became(change, ({ status }) => STANDING.has(status)),
    },
  },
});
