// Tells another system of each new task and of each change of one, as signed JSON.

import { BaseProtocol, EventType, type Secret, secretText, signedWith, type Task } from 'chartwire/sdk';

const VERBS = { TASK_CREATED: 'created', TASK_UPDATED: 'updated' } as const;

export class TaskWebhook extends BaseProtocol.on(EventType.TASK_CREATED, EventType.TASK_UPDATED) {
  declare readonly variables: { readonly WEBHOOK_URL?: string; readonly WEBHOOK_TOKEN?: Secret };

  async compute() {
    const { id, type, at, context } = this.event;
    const { WEBHOOK_URL: url, WEBHOOK_TOKEN: token } = this.variables;
    if (!url || !token) {
      this.log.warn('WEBHOOK_URL or WEBHOOK_TOKEN is not set: nothing was sent.');
      return;
    }
    const body = { verb: VERBS[type], at, ...summary(context.record) };
    const response = await this.http.post(url, body, {
      // The same change has the same id however often it is sent: the receiver can tell a repetition.
      'idempotency-key': id,
      'x-signature': secretText`sha256=${signedWith(token)}`,
    });
    // Chartwire tries again later, so a receiver that is away for a while misses nothing.
    if (!response.ok) throw new Error(`The webhook answered ${response.status}`);
  }
}

function summary(task: Task) {
  return {
    id: task.id,
    title: task.description ?? null,
    status: task.status,
    due: task.restriction?.period?.end ?? null,
    patient: task.for?.reference ?? null,
    creator: task.requester?.reference ?? null,
    assignee: task.owner?.reference ?? null,
  };
}
