// A new task, shared by all writers: a clinician's command, or a plugin's effect.

import type { Annotation, Reference, Task } from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { TASK_LABEL } from '#kit/systems.ts';
import { labelTag } from './labels.ts';

export interface NewTask {
  readonly id?: string;
  readonly title: string;
  /** `Patient/1` */
  readonly patient?: string;
  /** `Encounter/1` */
  readonly encounter?: string;
  /** `CareTeam/1`; of a type that may own a task. */
  readonly owner?: string;
  readonly requester?: Task['requester'];
  /** A day or a time. */
  readonly due?: string;
  readonly priority?: Task['priority'];
  readonly labels?: readonly string[];
  readonly comment?: Annotation;
  /** What it is about. With several, the first is the focus and the others are input. */
  readonly about?: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

export function newTask({ about: [focus, ...others] = [], ...task }: NewTask): Task {
  return filled<Task>({
    resourceType: 'Task',
    id: task.id,
    meta: task.labels?.length ? { tag: task.labels.map((label) => labelTag(TASK_LABEL, label)) } : undefined,
    status: 'requested',
    intent: 'order',
    priority: task.priority,
    description: task.title,
    focus: focus ? { reference: focus } : undefined,
    for: task.patient ? { reference: task.patient } : undefined,
    encounter: task.encounter ? { reference: task.encounter } : undefined,
    authoredOn: task.at,
    requester: task.requester,
    owner: task.owner ? ownerOf(task.owner) : undefined,
    restriction: task.due ? { period: { end: task.due } } : undefined,
    note: task.comment ? [task.comment] : undefined,
    input: others.map((reference) => ({ type: { text: 'linked record' }, valueReference: { reference } })),
  });
}

/** @param reference to a type that may own a task; the writers' schemas allow no other */
export function ownerOf(reference: string): NonNullable<Task['owner']> {
  return { reference } satisfies Reference as NonNullable<Task['owner']>;
}
