// /api/schedule: a day's appointments by provider, with what the front desk needs; and opening the note of a visit.

import type { Appointment, Encounter, Flag, Reference } from '@medplum/fhirtypes';
import type { Static } from 'typebox';
import type { ChartReader } from '#chart/contract.ts';
import { storedEntry } from '#chart/entries-of.ts';
import { openVisit, visitKey } from '#chart/visits.ts';
import {
  type Called,
  SCHEDULE_LIMIT,
  type Schedule,
  SCHEDULE,
  type Slot,
} from '@chartwire/client/internal/contract/schedule';
import { ageOn, dayOf, daysBetween, FIRST_DAY, LAST_DAY } from '@chartwire/sdk/internal/kit/calendar';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { APPOINTMENT_LABEL, EXTENSION } from '@chartwire/sdk/internal/kit/systems';
import { instantOf } from '#r4/date-range.ts';
import { patientOf } from '#r4/search-index.ts';
import { findAppointment, linkOf } from '@chartwire/sdk/internal/records/appointment-steps';
import { labelsOf } from '@chartwire/sdk/internal/records/labels';
import type { Note } from '@chartwire/sdk/internal/records/note';
import { route, type RoutesOf } from '../route.ts';
import { bannersOf } from './banners.ts';
import { afterwards, noteView, originOf } from './entries.ts';
import { conceptText, Names, personName } from './names.ts';
import { refuseBadZone, zoneAt } from './practice.ts';

const MOST_DAYS = 42;

const reading = route(
  SCHEDULE.get,
  async (call, services) => {
    const reader = services.chart.reader(originOf(call));
    reader.require('Patient', 'r');
    const { practitioner, location } = call.query;
    const { timezone = await zoneAt(location, reader, services) } = call.query;
    refuseBadZone(timezone, 'timezone');
    const { date = dayOf(new Date(), timezone) } = call.query;
    const { to = date } = call.query;
    refuseDays(date, to);
    const { from, to: end } = daysBetween(date, to, timezone);
    const query = new URLSearchParams({ _sort: 'date', _count: String(SCHEDULE_LIMIT) });
    query.append('date', `ge${from.toISOString()}`);
    query.append('date', `lt${end.toISOString()}`);
    if (practitioner) query.append('practitioner', `Practitioner/${practitioner}`);
    if (location) query.append('location', `Location/${location}`);
    const { matches, next } = await reader.search('Appointment', query.toString(), { living: true });
    const shown = matches.filter(({ status, start, end }) => status !== 'entered-in-error' && start && end);
    const around = await Surroundings.of(reader, shown as Timed[]);
    const providers = byProvider(shown as Timed[], around, timezone, practitioner);
    return { date, to, timezone, providers, truncated: next !== undefined };
  },
  {
    patients: ({ providers }) => providers.flatMap((one) => one.appointments.map(({ patient }) => patient?.id ?? null)),
  },
);

const opening = route(SCHEDULE.openNote, async (call, { chart, store }) => {
  const { id } = call.params;
  const { result, written } = await chart.withChart(
    originOf(call),
    async (draft) => {
      const patient = patientOf(await findAppointment(draft, id));
      if (patient !== null) call.concerns(patient);
      return openVisit(draft, store, originOf(call), id);
    },
    { exclusive: [visitKey(id)] },
  );
  return noteView(await afterwards(chart.reader(originOf(call)), written, 'Note', result.id));
});

export const SCHEDULE_ROUTES: RoutesOf<typeof SCHEDULE> = { get: reading, openNote: opening };

type Timed = Appointment & { readonly id: string; readonly start: string; readonly end: string };

function refuseDays(date: string, to: string): void {
  if (date < FIRST_DAY || to > LAST_DAY) {
    const message = `is from ${FIRST_DAY} to ${LAST_DAY}`;
    throw new Refusal('request.invalid', { reason: `a day ${message}` }, [{ path: 'date', message }]);
  }
  const days = (Date.parse(to) - Date.parse(date)) / 86_400_000;
  if (days >= 0 && days < MOST_DAYS) return;
  throw new Refusal('request.invalid', { reason: `to is not within ${MOST_DAYS} days from date` }, [
    { path: 'to', message: 'is the last day, and date the first' },
  ]);
}

/** What belongs to appointments: people and places, banners, visits, and notes, each read at once. */
class Surroundings {
  readonly names: Names;
  readonly #flags: ReadonlyMap<string | null, Flag[]>;
  readonly #visits: readonly (Encounter & { readonly id: string })[];
  /** By the visit. */
  readonly #notes: ReadonlyMap<string | null, string>;

  private constructor(names: Names, flags: readonly Flag[], visits: readonly Encounter[], notes: readonly Note[]) {
    this.names = names;
    this.#flags = Map.groupBy(flags, patientOf);
    this.#visits = visits.filter(({ status }) => !NO_VISIT.has(status)) as (Encounter & { id: string })[];
    this.#notes = new Map(notes.flatMap(({ id, encounter, state }) => (state === 'deleted' ? [] : [[encounter, id]])));
  }

  static async of(reader: ChartReader, appointments: readonly Timed[]): Promise<Surroundings> {
    const { lists } = reader;
    const patients = appointments.flatMap((one) => patientOf(one) ?? []);
    const people = appointments.flatMap(({ participant }) => participant.map(({ actor }) => actor?.reference));
    const tokens = appointments.map(({ id }) => `appointment=Appointment/${id}`);
    const [names, flags, visits] = await Promise.all([
      Names.of(reader, people),
      lists.around('Flag', { patients }),
      lists.visitsOf(tokens),
    ]);
    const visited = visits.map(({ id }) => `encounter=${id}`);
    const notes = await lists.around('Note', { tokens: visited });
    return new Surroundings(
      names,
      flags.flatMap(({ record }) => record ?? []),
      visits.flatMap(({ record }) => record ?? []),
      notes.flatMap((stored) => storedEntry('Note', stored)?.entry ?? []),
    );
  }

  slot(appointment: Timed, timezone: string): Slot {
    const { id, status, start, end, comment = null } = appointment;
    const patient = patientOf(appointment);
    const us = `Appointment/${id}`;
    const visit = this.#visits.find(({ appointment }) => appointment?.some(({ reference }) => reference === us));
    const linked = (url: string) => parseReference(linkOf(appointment, url))?.id ?? null;
    return {
      id,
      version: Number(appointment.meta?.versionId),
      status,
      start,
      end,
      type: conceptText(appointment.appointmentType) ?? conceptText(appointment.serviceType?.[0]),
      reason: conceptText(appointment.reasonCode?.[0]) ?? appointment.description ?? null,
      comment,
      labels: labelsOf(appointment, APPOINTMENT_LABEL),
      location: named(actorsOf(appointment, 'Location')[0], this.names),
      patient: patient === null ? null : personOf(patient, this.names, dayOf(new Date(instantOf(start)!), timezone)),
      banners: bannersOf(this.#flags.get(patient) ?? []),
      encounter: visit?.id ?? null,
      note: this.#notes.get(visit?.id ?? '') ?? null,
      rescheduledFrom: linked(EXTENSION.rescheduledFrom),
      rescheduledTo: linked(EXTENSION.rescheduledTo),
    };
  }
}

const NO_VISIT: ReadonlySet<Encounter['status']> = new Set(['cancelled', 'entered-in-error']);

/** One list per provider; an appointment with several is in each list. */
function byProvider(
  appointments: readonly Timed[],
  around: Surroundings,
  timezone: string,
  only: string | undefined,
): Static<typeof Schedule>['providers'] {
  const lists = new Map<string | null, { practitioner: Static<typeof Called> | null; appointments: Slot[] }>();
  for (const appointment of appointments) {
    const all = actorsOf(appointment, 'Practitioner').map((actor) => named(actor, around.names)!);
    const providers = all.filter(({ id }) => only === undefined || id === only);
    for (const practitioner of providers.length > 0 ? providers : [null]) {
      const key = practitioner?.id ?? null;
      const list = lists.get(key) ?? { practitioner, appointments: [] };
      lists.set(key, list);
      list.appointments.push(around.slot(appointment, timezone));
    }
  }
  const place = (name: string | null | undefined) => name ?? '\u{10ffff}';
  return [...lists.values()].sort(
    (a, b) =>
      Number(a.practitioner === null) - Number(b.practitioner === null) ||
      place(a.practitioner?.name).localeCompare(place(b.practitioner?.name)),
  );
}

function actorsOf({ participant }: Appointment, type: string): Reference[] {
  return participant.flatMap(({ actor }) => (actor?.reference?.startsWith(`${type}/`) ? [actor] : []));
}

function named(reference: Reference | undefined, names: Names): Static<typeof Called> | null {
  const parsed = parseReference(reference?.reference);
  return parsed ? { id: parsed.id, name: names.of(reference) } : null;
}

function personOf(id: string, names: Names, day: string): NonNullable<Slot['patient']> {
  const patient = names.patient(id);
  const { birthDate, gender } = patient ?? {};
  const age = ageOn(birthDate, day);
  return { id, name: personName(patient?.name), birthDate: birthDate ?? null, age, sex: gender ?? null };
}
