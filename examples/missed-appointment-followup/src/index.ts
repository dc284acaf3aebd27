// Makes a task to follow up each appointment that was called off, or that the patient missed.

import { type Appointment, BaseProtocol, commentOnTask, createTask, EventType, updateTask } from 'chartwire/sdk';
import { inWords, type Visit } from './visit.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Statuses in which the task is still to be done. */
const OPEN = 'requested,received,accepted,ready,in-progress,on-hold';

export class MissedAppointmentFollowup extends BaseProtocol.on(
  EventType.APPOINTMENT_CANCELED,
  EventType.APPOINTMENT_NO_SHOWED,
) {
  declare readonly variables: {
    readonly DAYS?: string;
    readonly LABEL?: string;
    readonly TEAM?: string;
    readonly TIME_ZONE?: string;
  };

  async compute() {
    const { id, type, at, patient, context } = this.event;
    const { record } = context;
    // Called off once it had begun, it is nobody's to reschedule. One that was missed always began before.
    if (type === 'APPOINTMENT_CANCELED' && !isAfter(record.start, at)) return [];
    const current = await this.data.read('Appointment', record.id);
    if (current?.status !== record.status) return []; // restored meanwhile, or entered in error

    const focus = `Appointment/${record.id}`;
    const title = type === 'APPOINTMENT_CANCELED' ? 'Reschedule a canceled visit' : 'Reschedule a missed visit';
    const due = new Date(Date.parse(at) + this.#days() * DAY_MS).toISOString();
    const text = inWords(await this.#visit(record), this.variables.TIME_ZONE);
    const [open] = await this.data.search('Task', { focus, status: OPEN });
    if (open) return [updateTask({ task: open.id, title, due }), commentOnTask({ task: open.id, text })];

    const assignee = (await this.#team()) ?? participant(record, 'Practitioner');
    const labels = this.variables.LABEL ? [this.variables.LABEL] : undefined;
    return [
      // An id of its own, the event's, lets the comment name the task that is not there yet.
      createTask({ id, title, patient: patient ?? undefined, assignee, due, labels, focus }),
      commentOnTask({ task: id, text }),
    ];
  }

  #days(): number {
    return Math.min(Math.max(Number.parseInt(this.variables.DAYS ?? '', 10) || 1, 1), 366);
  }

  async #team(): Promise<string | undefined> {
    const { TEAM } = this.variables;
    if (!TEAM) return undefined;
    const teams = await this.data.search('CareTeam', { status: 'active' });
    const team = teams.find(({ name }) => name === TEAM);
    if (!team) this.log.warn(`There is no active CareTeam named ${TEAM}: the provider follows up.`);
    return team && `CareTeam/${team.id}`;
  }

  async #visit(appointment: Appointment): Promise<Visit> {
    const provider = await this.#read('Practitioner', appointment);
    const place = await this.#read('Location', appointment);
    const [encounter] = await this.data.search('Encounter', { appointment: `Appointment/${appointment.id}` });
    return {
      why: appointment.cancelationReason?.text,
      start: appointment.start,
      provider: provider?.name?.[0],
      place: place?.name,
      // What a note of the visit says comes before what was said when it was booked.
      reason: encounter?.reasonCode?.[0] ?? appointment.reasonCode?.[0],
    };
  }

  async #read<T extends 'Practitioner' | 'Location'>(type: T, appointment: Appointment) {
    const id = participant(appointment, type)?.slice(type.length + 1);
    return id ? this.data.read(type, id) : null;
  }
}

function isAfter(start: string | undefined, at: string): boolean {
  return start !== undefined && Date.parse(start) > Date.parse(at);
}

/** The first participant of a type, as `Practitioner/1`. */
function participant(appointment: Appointment, type: string): string | undefined {
  const references = appointment.participant.map(({ actor }) => actor?.reference);
  return references.find((reference) => reference?.startsWith(`${type}/`));
}
