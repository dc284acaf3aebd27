// Fills in who supervises the prescriber, when a Prescribe command is entered into a note.

import { BaseProtocol, EventType, prescribe } from 'chartwire/sdk';

/** On a Practitioner: who supervises them unless somebody else does. */
const SUPERVISOR = 'https://chartwire.org/fhir/StructureDefinition/supervising-provider';

export class PrescribeDefaults extends BaseProtocol.on(EventType.PRESCRIBE_COMMAND__POST_ORIGINATE) {
  async compute() {
    const { command, fields } = this.event.context;
    if (!fields.prescriber || fields.supervisingProvider || command.state !== 'staged') return [];
    const prescriber = await this.data.read('Practitioner', fields.prescriber.value);
    const supervisor = prescriber?.extension?.find(({ url }) => url === SUPERVISOR)?.valueReference?.reference;
    const id = /^Practitioner\/([^/]+)$/.exec(supervisor ?? '')?.[1];
    // What is not named stays as it is.
    return id ? [prescribe.edit({ command: command.id, fields: { supervisingProvider: id } })] : [];
  }
}
