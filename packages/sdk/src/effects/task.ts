// Tasks, their comments and their labels.

import type { Annotation } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import type { Draft } from '#kit/draft.ts';
import { choice, closed, DayOrTime, fhirId, reference, text } from '#kit/schema.ts';
import { TASK_LABEL } from '#kit/systems.ts';
import { relabelled } from '#records/labels.ts';
import { newTask } from '#records/new-task.ts';
import { changedTask, commentedTask, TASK_STATUSES } from '#records/task-steps.ts';
import { defineEffect, needs } from './definition.ts';
import { existing, refused } from './existing.ts';
import { Label } from './label.ts';
import type { EffectRequest } from './port.ts';

const Title = text(1000, 'what to do');
const Assignee = reference(
  [
    'Practitioner',
    'PractitionerRole',
    'Organization',
    'CareTeam',
    'HealthcareService',
    'Patient',
    'RelatedPerson',
    'Device',
  ],
  'who is to do it, as Practitioner/1',
);
const Priority = choice(['routine', 'urgent', 'asap', 'stat']);
const Status = choice([...TASK_STATUSES], 'an R4 Task.status; a new task is requested');
const Labels = Type.Array(Label, { minItems: 1, maxItems: 20, uniqueItems: true });
const Comment = text(4000);

export const CreateTask = defineEffect({
  type: 'CREATE_TASK',
  summary: 'Gives somebody something to do.',
  writes:
    'A Task: title in description, patient in for, assignee in owner, due in restriction.period.end, labels in meta.tag, comment in note.',
  payload: closed({
    id: Type.Optional(fhirId('of the new task, to name it in a later effect of the same answer')),
    title: Title,
    patient: Type.Optional(fhirId('whose chart it belongs to')),
    assignee: Type.Optional(Assignee),
    due: Type.Optional(DayOrTime),
    priority: Type.Optional(Priority),
    labels: Type.Optional(Labels),
    comment: Type.Optional(Comment),
    focus: Type.Optional(reference([], 'the record it is about, as DiagnosticReport/1')),
  }),
  example: {
    title: 'Review lab report: 2 abnormal values',
    patient: 'p1',
    assignee: 'Practitioner/d1',
    due: '2026-09-01',
    priority: 'urgent',
    labels: ['abnormal-lab'],
    focus: 'DiagnosticReport/r1',
  },
  scopes: () => needs('Task', 'c'),
  async apply({ id, title, patient, assignee, due, priority, labels, comment, focus }, draft, request) {
    if (id && (await draft.read('Task', id))) throw refused('CREATE_TASK', `Task/${id} exists already`);
    const task = draft.create(
      newTask({
        id,
        title,
        patient: patient && `Patient/${patient}`,
        owner: assignee,
        due,
        priority,
        labels,
        comment: comment === undefined ? undefined : noteOf(comment, draft, request),
        about: focus ? [focus] : [],
        at: draft.at,
      }),
    );
    return [`Task/${task.id}`];
  },
});

export const UpdateTask = defineEffect({
  type: 'UPDATE_TASK',
  summary: 'Changes what is named of a task and leaves the rest. `null` takes the assignee or the due date away.',
  writes: 'The Task, as its next version.',
  payload: closed(
    {
      task: fhirId('of the task'),
      title: Type.Optional(Title),
      status: Type.Optional(Status),
      assignee: Type.Optional(Type.Union([Assignee, Type.Null()])),
      due: Type.Optional(Type.Union([DayOrTime, Type.Null()])),
      priority: Type.Optional(Priority),
    },
    { minProperties: 2 },
  ),
  example: { task: 't1', status: 'completed' },
  scopes: () => needs('Task', 'u'),
  async apply({ task: id, ...change }, draft) {
    await draft.update(changedTask(await existing(draft, 'UPDATE_TASK', 'Task', id), change));
    return [`Task/${id}`];
  },
});

export const CommentOnTask = defineEffect({
  type: 'COMMENT_ON_TASK',
  summary: 'Adds a comment to a task.',
  writes: 'An element of Task.note with an id, its author the plugin.',
  payload: closed({ task: fhirId('of the task'), text: Comment }),
  example: { task: 't1', text: 'The patient was called and did not answer.' },
  scopes: () => needs('Task', 'u'),
  async apply({ task: id, text: comment }, draft, request) {
    const task = await existing(draft, 'COMMENT_ON_TASK', 'Task', id);
    const note = noteOf(comment, draft, request);
    await draft.update(commentedTask(task, note));
    return [`Task/${id}`];
  },
});

export const AdjustTaskLabels = defineEffect({
  type: 'ADJUST_TASK_LABELS',
  summary: 'Adds labels to a task and takes others away. What is there already, or is not there, is left as it is.',
  writes: 'Task.meta.tag: one tag a label, of the task-label system. Other tags stay.',
  payload: closed(
    { task: fhirId('of the task'), add: Type.Optional(Labels), remove: Type.Optional(Labels) },
    { minProperties: 2 },
  ),
  example: { task: 't1', add: ['reviewed'], remove: ['abnormal-lab'] },
  scopes: () => needs('Task', 'u'),
  async apply({ task: id, add = [], remove = [] }, draft) {
    const both = add.find((label) => remove.includes(label));
    if (both) throw refused('ADJUST_TASK_LABELS', 'a label is both added and removed');
    const task = await existing(draft, 'ADJUST_TASK_LABELS', 'Task', id);
    await draft.update(relabelled(task, TASK_LABEL, { add, remove }));
    return [`Task/${id}`];
  },
});

function noteOf(comment: string, draft: Draft, request: EffectRequest): Annotation {
  return { id: draft.newId(), authorString: request.plugin, time: draft.at, text: comment };
}
