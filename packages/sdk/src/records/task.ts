// Tasks, their comments and their labels.

import type { Annotation, Task as R4Task } from '@medplum/fhirtypes';
import { type Change, defineRecord, type Occurrence } from '#kit/record-kind.ts';
import { TASK_LABEL } from '#kit/systems.ts';
import { labelsOf } from './labels.ts';

/** A comment on a task: a `Task.note` with an id. */
export interface TaskComment {
  readonly id: string;
  readonly text: string;
  /** A reference, or a name where there is no record of the author. */
  readonly author?: string;
  /** ISO 8601. */
  readonly time?: string;
}

/** A note without an id (written around the chart, which assigns ids) is identified by its index. */
function commentId(task: R4Task, note: Annotation, index: number): string {
  return note.id ?? `${task.id ?? 'task'}.note.${index}`;
}

function commentsOf(task: R4Task | null): TaskComment[] {
  return (task?.note ?? []).map((note, index) => ({
    id: commentId(task!, note, index),
    text: note.text,
    author: note.authorReference?.reference ?? note.authorString,
    time: note.time,
  }));
}

/** Assigns each note an id. One that comes back unchanged (from a client that drops ids) keeps its id. */
function withCommentIds(task: R4Task, before: R4Task | null, newId: () => string): R4Task {
  if (!task.note?.some((note) => note.id === undefined)) return task;
  const note = task.note.map((note, index) => {
    const former = before?.note?.[index];
    const same = former?.text === note.text && former?.time === note.time;
    return note.id === undefined ? { ...note, id: same && former?.id ? former.id : newId() } : note;
  });
  return { ...task, note };
}

export const Task = defineRecord({
  prefix: 'TASK',
  resource: 'Task',
  label: 'Task',
  summary: 'Something to be done by somebody.',
  complete: withCommentIds,
  transitions: {
    COMMENT_CREATED: {
      target: 'TaskComment',
      summary: 'Somebody commented on a task.',
      adds: '`comment`: id, text, author (a reference or a name), time',
      occurs: 'Task.note gains an element: once for each, also those a task is created with.',
      when({ before, after }: Change<R4Task>): Occurrence<{ comment: TaskComment }>[] {
        const known = new Set(commentsOf(before).map(({ id }) => id));
        const added = commentsOf(after).filter(({ id }) => !known.has(id));
        return added.map((comment) => ({ target: { type: 'TaskComment', id: comment.id }, detail: { comment } }));
      },
    },
    LABELS_ADJUSTED: {
      summary: 'The labels of a task changed.',
      adds: '`labels`: the lists `before` and `after`',
      occurs:
        'The tags of the task-label system in Task.meta.tag are others than before; also when a task is created with labels.',
      when({ before, after }: Change<R4Task>): Occurrence<{ labels: { before: string[]; after: string[] } }>[] {
        if (after === null) return [];
        const labels = { before: labelsOf(before, TASK_LABEL), after: labelsOf(after, TASK_LABEL) };
        const held = new Set(labels.before);
        const same = held.size === new Set(labels.after).size && labels.after.every((label) => held.has(label));
        return same ? [] : [{ detail: { labels } }];
      },
    },
  },
});
