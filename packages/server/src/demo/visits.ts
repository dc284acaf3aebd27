// Encounters: the visits of a story, and those who have arrived today. Appointments: past, canceled, and upcoming.

import type { Appointment, Encounter } from '@medplum/fhirtypes';
import { addDays, addMinutes, atClock, fhirInstant } from './calendar.ts';
import { concept, hl7 } from './codes/concept.ts';
import { conditionOf, icd10 } from './conditions.ts';
import type { KeptVisit, Life } from './life.ts';
import type { ClinicianKey } from './practice.ts';
import type { AppointmentStory } from './story.ts';

const HERE: ReadonlySet<Appointment['status']> = new Set(['arrived', 'checked-in']);

export function visits(life: Life): (Encounter | Appointment)[] {
  const lastYear = addDays(life.calendar.today, -365);
  const kept = life.visits.flatMap((visit, index) => {
    const booked = visit.start > lastYear && visit.hospitalDays === undefined;
    return booked ? [fulfilled(life, visit, index), encounter(life, visit, index)] : [encounter(life, visit)];
  });
  const told = (life.story.appointments ?? []).flatMap((story, index) => {
    const appointment = planned(life, story, index);
    return HERE.has(story.status) ? [appointment, arrived(life, story, index)] : [appointment];
  });
  return [...kept, ...told];
}

/** @param appointment number of the past appointment it was booked by, if it was. */
function encounter(life: Life, visit: KeptVisit, appointment?: number): Encounter {
  const clinician = life.practice.clinician(visit.clinician ?? life.story.clinician);
  const condition = conditionOf(life, visit.for);
  const place: Partial<Encounter> =
    visit.hospitalDays === undefined
      ? {
          participant: [{ individual: clinician }],
          location: [{ location: life.practice.location }],
          serviceProvider: life.practice.organization,
        }
      : { hospitalization: { dischargeDisposition: concept(hl7('discharge-disposition'), 'home', 'Home') } };
  return {
    resourceType: 'Encounter',
    id: visit.encounter.reference!.slice('Encounter/'.length),
    status: 'finished',
    class: visit.hospitalDays === undefined ? AMBULATORY : INPATIENT,
    type: [{ text: visit.reason }],
    subject: life.patient,
    ...(appointment === undefined ? {} : { appointment: [{ reference: pastAppointment(life, appointment) }] }),
    period: { start: fhirInstant(visit.start), end: fhirInstant(visit.end) },
    reasonCode: [icd10(visit.for)],
    ...(condition ? { diagnosis: [{ condition }] } : {}),
    ...place,
  };
}

const AMBULATORY = { system: hl7('v3-ActCode'), code: 'AMB', display: 'ambulatory' };
const INPATIENT = { system: hl7('v3-ActCode'), code: 'IMP', display: 'inpatient encounter' };

function arrived(life: Life, story: AppointmentStory, index: number): Encounter {
  return {
    resourceType: 'Encounter',
    id: life.id('Encounter', `appointment ${index}`),
    status: 'arrived',
    class: AMBULATORY,
    type: [{ text: story.reason }],
    subject: life.patient,
    participant: [{ individual: life.practice.clinician(story.clinician ?? life.story.clinician) }],
    appointment: [{ reference: `Appointment/${life.id('Appointment', index)}` }],
    period: { start: fhirInstant(atClock(life.calendar.workday(story.when), story.at)) },
    location: [{ location: life.practice.location }],
    serviceProvider: life.practice.organization,
  };
}

function fulfilled(life: Life, visit: KeptVisit, index: number): Appointment {
  return {
    ...common(life, visit.clinician),
    id: life.id('Appointment', `past ${index}`),
    status: 'fulfilled',
    description: visit.reason,
    reasonCode: [icd10(visit.for)],
    start: fhirInstant(visit.start),
    end: fhirInstant(addMinutes(visit.start, 20)),
    minutesDuration: 20,
    created: fhirInstant(addDays(visit.start, -12)),
  };
}

function pastAppointment(life: Life, index: number): string {
  return `Appointment/${life.id('Appointment', `past ${index}`)}`;
}

function planned(life: Life, story: AppointmentStory, index: number): Appointment {
  const start = atClock(life.calendar.workday(story.when), story.at);
  return {
    ...common(life, story.clinician),
    id: life.id('Appointment', index),
    status: story.status,
    ...(story.status === 'cancelled'
      ? { cancelationReason: concept(hl7('appointment-cancellation-reason'), 'pat', 'Patient') }
      : {}),
    description: story.reason,
    start: fhirInstant(start),
    end: fhirInstant(addMinutes(start, story.minutes)),
    minutesDuration: story.minutes,
    created: fhirInstant(addDays(life.calendar.today, -20)),
  };
}

function common(life: Life, clinician: ClinicianKey | undefined) {
  return {
    resourceType: 'Appointment',
    participant: [
      { actor: life.patient, status: 'accepted' },
      { actor: life.practice.clinician(clinician ?? life.story.clinician), status: 'accepted' },
      { actor: life.practice.location, status: 'accepted' },
    ],
  } satisfies Pick<Appointment, 'resourceType' | 'participant'>;
}
