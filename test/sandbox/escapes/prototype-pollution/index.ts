// An answer whose keys are those through which careless copying reaches the prototype of every object.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const json = '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}';
    return [{ type: 'CREATE_TASK', payload: JSON.parse(json) }] as never;
  }
}
