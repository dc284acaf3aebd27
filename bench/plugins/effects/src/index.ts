import { BaseProtocol, commentOnTask, EventType } from 'chartwire/sdk';

export class Comment extends BaseProtocol {
  static RESPONDS_TO = [EventType.TASK_CREATED];

  compute() {
    return [commentOnTask({ task: this.event.target.id, text: 'Seen.' })];
  }
}
