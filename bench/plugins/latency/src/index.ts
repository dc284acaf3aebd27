import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Latency extends BaseProtocol {
  static RESPONDS_TO = [EventType.TASK_CREATED];

  async compute() {
    await this.data.read('Task', this.event.target.id);
  }
}
