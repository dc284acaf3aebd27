import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Observer extends BaseProtocol {
  static RESPONDS_TO = [EventType.VITAL_SIGN_CREATED];

  compute() {
    return [];
  }
}
