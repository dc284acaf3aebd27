// When a condition is picked in Assess, begins the narrative with the last reading that tells how it is doing.

import { assess, BaseProtocol, EventType, log } from 'chartwire/sdk';
import { followedBy, told } from './readings.ts';

export class AssessNarrative extends BaseProtocol.on(EventType.ASSESS_COMMAND__CONDITION_SELECTED) {
  async compute() {
    const { command, option, fields, patient } = this.event.context;
    const reading = followedBy(option.coding ?? []);
    if (!reading) return [log({ message: 'The condition that was picked is followed by no reading.' })];
    if (fields.narrative) return [log({ message: 'There is a narrative already.' })];

    const [latest] = await this.data.search('Observation', {
      patient,
      code: reading.codes.map((code) => `http://loinc.org|${code}`).join(','),
      status: 'final,amended,corrected',
      _sort: '-date',
      _count: '1',
    });
    const narrative = latest && told(reading, latest);
    if (!narrative) return [log({ message: `There is no ${reading.name} to begin with.` })];
    return [
      assess.edit({ command: command.id, fields: { narrative } }),
      log({ message: `Began the narrative with the last ${reading.name}.` }),
    ];
  }
}
