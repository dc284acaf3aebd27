// Labels the appointments of a patient who has no coverage, and takes the label off once there is one.

import {
  addAppointmentLabels,
  type Appointment,
  BaseProtocol,
  EventType,
  removeAppointmentLabels,
} from 'chartwire/sdk';

const SYSTEM = 'https://chartwire.org/fhir/CodeSystem/appointment-label';
const LABEL = 'MISSING_COVERAGE';

/** Statuses of an appointment that is still to be kept. */
const TO_COME = 'proposed,pending,waitlist,booked,arrived,checked-in';

export class MissingCoverageLabel extends BaseProtocol.on(
  EventType.APPOINTMENT_CREATED,
  EventType.APPOINTMENT_RESTORED,
  EventType.COVERAGE_CREATED,
  EventType.COVERAGE_UPDATED,
  EventType.COVERAGE_DELETED,
) {
  // Whatever happened: the labels follow from how the chart is now, so none is put on twice and none is forgotten.
  async compute() {
    const { patient } = this.event;
    if (!patient) return [];
    const labels = [LABEL];
    if (await this.#isCovered(patient)) {
      const labelled = await this.data.search('Appointment', { patient, _tag: `${SYSTEM}|${LABEL}` });
      return labelled.map(({ id }) => removeAppointmentLabels({ appointment: id, labels }));
    }
    const toCome = await this.data.search('Appointment', { patient, status: TO_COME });
    return toCome.filter(isUnlabelled).map(({ id }) => addAppointmentLabels({ appointment: id, labels }));
  }

  async #isCovered(patient: string): Promise<boolean> {
    const coverages = await this.data.search('Coverage', { patient, status: 'active' });
    const today = this.event.at.slice(0, 10);
    return coverages.some(({ period }) => !period?.end || period.end.slice(0, 10) >= today);
  }
}

function isUnlabelled({ meta }: Appointment): boolean {
  return !meta?.tag?.some(({ system, code }) => system === SYSTEM && code === LABEL);
}
