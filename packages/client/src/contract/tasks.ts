// /api/tasks: tasks, their comments, and their changes.

import { type Static, Type } from 'typebox';
import { CommentOnTask, CreateTask, UpdateTask } from '@chartwire/sdk/internal/effects/task';
import { After, FhirId, limit, Named, only, orNull, pageOf, Time, Version } from './parameters.ts';
import { row } from './row.ts';

const Comment = Type.Object({
  id: orNull(Type.String()),
  text: Type.String(),
  author: orNull(Type.String()),
  time: orNull(Type.String()),
});

export const TaskShape = Type.Object({
  id: FhirId,
  version: Type.Integer(),
  title: Type.String(),
  status: Type.String(),
  priority: orNull(Type.String()),
  patient: orNull(Type.Object({ id: FhirId, name: orNull(Type.String()) })),
  assignee: orNull(Type.Object({ reference: Type.String(), name: orNull(Type.String()) })),
  requester: orNull(Type.String()),
  due: orNull(Type.String({ description: 'A day, or a time.' })),
  authoredOn: orNull(Type.String()),
  changedAt: orNull(Time),
  labels: Type.Array(Type.String()),
  comments: Type.Integer(),
  focus: orNull(Type.String({ description: 'What it is about: `DiagnosticReport/1`.' })),
});
export type TaskShape = Static<typeof TaskShape>;

export const OneTask = Type.Object({
  ...TaskShape.properties,
  thread: Type.Array(Comment, { description: 'Oldest first.' }),
});
export type OneTask = Static<typeof OneTask>;

export const TASK_STATES = ['open', 'done', 'all'] as const;

const { title, patient, assignee, due, priority, labels, comment, focus } = CreateTask.payload.properties;

const change = UpdateTask.payload.properties;

export const TASKS = {
  list: row({
    method: 'GET',
    path: '/api/tasks',
    operation: 'tasks.list',
    summary: 'Tasks by the day they are due',
    needs: 'Task.s',
    query: only({
      state: Type.Optional(Type.Enum([...TASK_STATES], { description: 'open unless given.' })),
      assignee: Type.Optional(
        Type.String({
          pattern: '^(me|nobody|[A-Z][A-Za-z]+/[A-Za-z0-9\\-.]{1,64})$',
          description: '`Practitioner/1`, `me` or `nobody`.',
        }),
      ),
      label: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
      due: Type.Optional(
        Type.String({
          pattern: '^(overdue|never|\\d{4}-\\d{2}-\\d{2})$',
          description: 'By the end of a day, `overdue`, or `never` for those without a day.',
        }),
      ),
      patient: Type.Optional(FhirId),
      query: Type.Optional(
        Type.String({ maxLength: 200, description: 'Words of the title or of the patient’s name.' }),
      ),
      after: After,
      limit: limit(50, 200),
    }),
    answer: { status: 200, description: 'A page of tasks.', schema: pageOf(TaskShape) },
  }),
  get: row({
    method: 'GET',
    path: '/api/tasks/:id',
    operation: 'tasks.get',
    summary: 'A task with its comments',
    needs: 'Task.r',
    about: 'Task',
    params: Named,
    answer: { status: 200, description: 'The task.', schema: OneTask },
  }),
  create: row({
    method: 'POST',
    path: '/api/tasks',
    operation: 'tasks.create',
    summary: 'Gives somebody something to do',
    needs: 'Task.c',
    idempotent: true,
    body: only({ title, patient, assignee, due, priority, labels, comment, focus }),
    answer: { status: 201, description: 'The task.', schema: OneTask },
  }),
  change: row({
    method: 'PATCH',
    path: '/api/tasks/:id',
    operation: 'tasks.change',
    summary: 'Changes what is named of a task; null takes the assignee or the day away, `labels` are all of them',
    needs: 'Task.u',
    about: 'Task',
    params: Named,
    body: only({
      title: change.title,
      status: change.status,
      assignee: change.assignee,
      due: change.due,
      priority: change.priority,
      labels: Type.Optional(Type.Array(labels.items, { maxItems: 20, uniqueItems: true })),
      version: Version,
    }),
    answer: { status: 200, description: 'The task.', schema: OneTask },
  }),
  comment: row({
    method: 'POST',
    path: '/api/tasks/:id/comments',
    operation: 'tasks.comment',
    summary: 'Adds a comment to a task',
    needs: 'Task.u',
    about: 'Task',
    params: Named,
    body: only({ text: CommentOnTask.payload.properties.text }),
    answer: { status: 201, description: 'The task.', schema: OneTask },
  }),
};
