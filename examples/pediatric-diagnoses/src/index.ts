// Offers no diagnoses of adults where the patient is a child.

import { BaseProtocol, EventType, hide } from 'chartwire/sdk';
import { isOfAdults } from './adults.ts';
import { ageOn } from './age.ts';

/** Years of age up to which somebody is a child here. */
const OLDEST_CHILD = 15;

export class PediatricDiagnoses extends BaseProtocol.on(EventType.DIAGNOSE__DIAGNOSE__POST_SEARCH) {
  async compute() {
    const { at, context } = this.event;
    const patient = await this.data.read('Patient', context.patient);
    if (!patient?.birthDate || ageOn(at, patient.birthDate) > OLDEST_CHILD) return [];
    const unfit = context.results.filter(({ coding = [] }) => coding.some(isOfAdults));
    return unfit.length > 0 ? [hide(...unfit.map(({ value }) => value))] : [];
  }
}
