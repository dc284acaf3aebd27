// The SDK where it is used: bundled into a plugin's script, inside the sandbox.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Patient, Task } from '@medplum/fhirtypes';
import { startCore, type TestCore } from '../support/core.ts';

const SOURCE = `
import { BaseProtocol, commentOnTask, CronTask, EventType, addBannerAlert } from 'chartwire/sdk';

export class Typed extends BaseProtocol.on(EventType.TASK_LABELS_ADJUSTED) {
  async compute() {
    const { record, labels } = this.event.context;
    const patient = await this.data.read('Patient', record.for.reference.split('/')[1]);
    const tasks = await this.data.search('Task', { patient: patient.id, _tag: 'urgent' });
    return [commentOnTask({ task: record.id, text: labels.after.join() + ' ' + patient.birthDate + ' ' + tasks.length })];
  }
}

export class Plain extends BaseProtocol {
  static RESPONDS_TO = [EventType.TASK_COMMENT_CREATED];
  compute() {
    const { target, patient, context } = this.event;
    return addBannerAlert({ patient, key: 'last', narrative: target.type + ': ' + context.comment.text, intent: 'info' });
  }
}

export class Nightly extends CronTask {
  static SCHEDULE = '0 3 * * *';
  execute() {}
}
`;

describe('the SDK in the sandbox', () => {
  let core: TestCore;
  before(async () => {
    core = await startCore();
  });
  after(() => core.end());

  test('handlers of every form are registered, are given their event, read, and have their effects applied', async () => {
    const { handlers } = await core.install({
      name: 'sdk-forms',
      source: SOURCE,
      scopes: ['patient/Task.rus', 'patient/Patient.r', 'patient/Flag.cu'],
    });
    assert.deepEqual(
      handlers.map(({ name, respondsTo, schedule }) => [name, respondsTo, schedule]),
      [
        ['Nightly', ['CRON'], '0 3 * * *'],
        ['Plain', ['TASK_COMMENT_CREATED'], undefined],
        ['Typed', ['TASK_LABELS_ADJUSTED'], undefined],
      ],
    );
    const patient: Patient = { resourceType: 'Patient', id: 'pat', birthDate: '1970-01-01' };
    const task: Task = {
      resourceType: 'Task',
      id: 'task',
      meta: { tag: [{ system: 'https://chartwire.org/fhir/CodeSystem/task-label', code: 'urgent' }] },
      status: 'requested',
      intent: 'order',
      for: { reference: 'Patient/pat' },
    };
    await core.create<Patient | Task>(patient, task);
    await core.settled();
    const [flag] = await core.find('Flag', 'patient=Patient/pat');
    assert.equal(flag?.code.text, 'TaskComment: urgent 1970-01-01 1');
  });
});
