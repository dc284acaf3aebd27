// Tells another system of each new task, as JSON.

import { BaseProtocol, EventType, type Task } from 'chartwire/sdk';

export class TaskWebhook extends BaseProtocol.on(EventType.TASK_CREATED) {
  async compute() {
    const { WEBHOOK_URL: url, WEBHOOK_TOKEN: token } = this.variables;
    if (!url) {
      this.log.info('WEBHOOK_URL is not set: nothing was sent.');
      return [];
    }
    const response = await this.http.post(url, summary(this.event.context.record), {
      // The same event has the same id however often it is sent: the receiver can tell a repetition.
      'idempotency-key': this.event.id,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    });
    // Chartwire tries again later, so an unreachable receiver misses nothing.
    if (!response.ok) throw new Error(`The webhook answered ${response.status}`);
    return [];
  }
}

function summary(task: Task) {
  return {
    id: task.id,
    title: task.description ?? null,
    status: task.status,
    due: task.restriction?.period?.end ?? null,
    patient: task.for?.reference ?? null,
    assignee: task.owner?.reference ?? null,
  };
}
