// How tasks are shown: in a list, and alone with comments.

import type { ChartReader } from '#chart/contract.ts';
import type { OneTask, TaskShape } from '@chartwire/client/internal/contract/tasks';
import { TASK_LABEL } from '@chartwire/sdk/internal/kit/systems';
import { labelsOf } from '@chartwire/sdk/internal/records/labels';
import { dueOf } from '@chartwire/sdk/internal/records/task-steps';
import type { FoundTask } from '#store/tasks.ts';
import { Names, personName } from './names.ts';

/** A task with its comments. */
export async function shown(reader: ChartReader, task: FoundTask): Promise<OneTask> {
  const names = await namesIn(reader, [task]);
  const thread = (task.resource.note ?? []).map(
    ({ id = null, text, time = null, authorReference, authorString = null }) => ({
      id,
      text,
      time,
      author: authorReference ? names.of(authorReference) : authorString,
    }),
  );
  return { ...viewOf(task, names), thread };
}

/** Names of those whom tasks refer to, as far as the caller may know them. */
export function namesIn(reader: ChartReader, tasks: readonly FoundTask[]): Promise<Names> {
  return Names.of(reader, tasks.flatMap(referencesOf));
}

function referencesOf({ resource }: FoundTask): (string | undefined)[] {
  const { owner, requester, note = [] } = resource;
  const authors = note.map(({ authorReference }) => authorReference?.reference);
  return [resource.for?.reference, owner?.reference, requester?.reference, ...authors];
}

/** A task as a list shows it. */
export function viewOf({ id, version, patient, resource }: FoundTask, names: Names): TaskShape {
  const { description = '', status, priority = null, owner, requester, authoredOn = null, focus } = resource;
  return {
    id,
    version,
    title: description,
    status,
    priority,
    patient: patient === null ? null : { id: patient, name: personName(names.patient(patient)?.name) },
    assignee: owner?.reference ? { reference: owner.reference, name: names.of(owner) } : null,
    requester: requester ? names.of(requester) : null,
    due: dueOf(resource),
    authoredOn,
    changedAt: resource.meta?.lastUpdated ?? null,
    labels: labelsOf(resource, TASK_LABEL),
    comments: resource.note?.length ?? 0,
    focus: focus?.reference ?? null,
  };
}
