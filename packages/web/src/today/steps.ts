// What can be done with an appointment from where it stands: the table of states of the vocabulary, as buttons.

import { CalendarClock, CalendarX, CircleCheckBig, type LucideIcon, Undo2, UserX } from 'lucide-react';
import {
  APPOINTMENT_LIFECYCLE,
  type AppointmentStatus,
  MOVABLE,
} from '@chartwire/sdk/internal/records/appointment-steps';
import type { Slot } from '@chartwire/client/internal/contract/schedule';
import type { Tone } from '../ui/badge.tsx';
import { tell } from '../ui/toast.tsx';
import { tableOf } from '../table-of.ts';

export type Step = 'check-in' | 'no-show' | 'cancel' | 'restore' | 'reschedule';

export interface StepRow {
  readonly step: Step;
  readonly label: string;
  /** On the row that has the focus. */
  readonly key: string;
  readonly icon: LucideIcon;
  /** What is said when it is done. */
  readonly done: string;
}

const leads = (from: AppointmentStatus, to: AppointmentStatus): boolean => APPOINTMENT_LIFECYCLE[from].includes(to);

const STEPS: readonly (StepRow & { readonly from: (status: AppointmentStatus) => boolean })[] = [
  {
    step: 'check-in',
    label: 'Check in',
    key: 'i',
    icon: CircleCheckBig,
    done: 'Checked in.',
    from: (status) => leads(status, 'checked-in'),
  },
  {
    step: 'reschedule',
    label: 'Reschedule',
    key: 'r',
    icon: CalendarClock,
    done: 'Rescheduled.',
    from: (status) => MOVABLE.has(status),
  },
  {
    step: 'no-show',
    label: 'No-show',
    key: 'x',
    icon: UserX,
    done: 'Marked as a no-show.',
    from: (status) => leads(status, 'noshow'),
  },
  {
    step: 'cancel',
    label: 'Cancel',
    key: 'c',
    icon: CalendarX,
    done: 'Canceled.',
    from: (status) => leads(status, 'cancelled'),
  },
  {
    step: 'restore',
    label: 'Restore',
    key: 'u',
    icon: Undo2,
    done: 'Restored.',
    from: (status) => status === 'cancelled',
  },
];

/** Those that the server would not refuse, the likeliest first. */
export function stepsFrom({ status, rescheduledTo }: Pick<Slot, 'status' | 'rescheduledTo'>): readonly StepRow[] {
  const replaced = rescheduledTo !== null;
  return STEPS.filter(
    ({ step, from }) =>
      from(status as AppointmentStatus) && !(replaced && (step === 'restore' || step === 'reschedule')),
  );
}

/** Says that it is done, and whom it was about. */
export function tellDone(step: Step, slot: Slot): void {
  const done = STEPS.find((row) => row.step === step)?.done ?? 'Done.';
  tell(done, { about: slot.patient?.name ?? '' });
}

const WORDS: Readonly<Record<string, readonly [word: string, tone: Tone]>> = tableOf({
  proposed: ['Proposed', 'neutral'],
  pending: ['Pending', 'neutral'],
  waitlist: ['Waiting list', 'neutral'],
  booked: ['Booked', 'info'],
  arrived: ['Arrived', 'accent'],
  'checked-in': ['Checked in', 'accent'],
  fulfilled: ['Seen', 'ok'],
  noshow: ['No-show', 'warn'],
  cancelled: ['Canceled', 'neutral'],
});

/** A status in words. One that was moved is not called off. */
export function statusWord({ status, rescheduledTo }: Pick<Slot, 'status' | 'rescheduledTo'>): readonly [string, Tone] {
  if (rescheduledTo !== null && status === 'cancelled') return ['Rescheduled', 'neutral'];
  return WORDS[status] ?? [status, 'neutral'];
}
