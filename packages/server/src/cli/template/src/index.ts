// Makes a task to welcome each new patient.

import { BaseProtocol, createTask, EventType } from 'chartwire/sdk';

export class WelcomeNewPatient extends BaseProtocol.on(EventType.PATIENT_CREATED) {
  async compute() {
    // The event carries the record, typed by what the class responds to.
    const patient = this.event.context.record;
    // Records of deceased patients are created, too, and nobody should be asked to call them.
    if (patient.deceasedBoolean || patient.deceasedDateTime) return [];
    this.log.info(`A welcome task for patient ${patient.id}`);
    return [createTask({ title: 'Call the new patient to say welcome', patient: patient.id, labels: ['welcome'] })];
  }
}
