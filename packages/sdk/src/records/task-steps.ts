// Changes of a task, shared by all writers: a plugin's effect, or a person through the API.

import type { Annotation, Task } from '@medplum/fhirtypes';
import { filled } from '#kit/filled.ts';
import { ownerOf } from './new-task.ts';

export const TASK_STATUSES = [
  'draft',
  'requested',
  'received',
  'accepted',
  'rejected',
  'ready',
  'cancelled',
  'in-progress',
  'on-hold',
  'failed',
  'completed',
  'entered-in-error',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Nothing is left to do. */
export const OVER: readonly TaskStatus[] = ['completed', 'cancelled', 'rejected', 'failed'];

/** Fields not given are kept; null clears one. */
export interface TaskChange {
  readonly title?: string;
  readonly status?: TaskStatus;
  /** `Practitioner/1`; of a type that may own a task. */
  readonly assignee?: string | null;
  /** A day or a time. */
  readonly due?: string | null;
  readonly priority?: NonNullable<Task['priority']>;
}

export function changedTask<T extends Task>(task: T, { title, status, assignee, due, priority }: TaskChange): T {
  const { owner, restriction, ...rest } = task;
  const changed = {
    ...rest,
    ...(title !== undefined && { description: title }),
    ...(status !== undefined && { status }),
    ...(priority !== undefined && { priority }),
    owner: assignee === undefined ? owner : assignee === null ? undefined : ownerOf(assignee),
    restriction: due === undefined ? restriction : dueBy(restriction, due),
  };
  return filled(changed) as T;
}

export function commentedTask<T extends Task>(task: T, comment: Annotation): T {
  return { ...task, note: [...(task.note ?? []), comment] };
}

/** When it is due: a day or a time. */
export function dueOf(task: Task): string | null {
  return task.restriction?.period?.end ?? null;
}

function dueBy(before: Task['restriction'], due: string | null): Task['restriction'] {
  const { end, ...others } = before?.period ?? {};
  const period = due === null ? others : { ...others, end: due };
  const { period: _, ...rest } = before ?? {};
  const restriction = Object.keys(period).length > 0 ? { ...rest, period } : rest;
  return Object.keys(restriction).length > 0 ? restriction : undefined;
}
