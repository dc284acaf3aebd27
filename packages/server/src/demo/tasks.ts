// What the practice has to do, and says about it.

import type { Annotation, Task } from '@medplum/fhirtypes';
import { TASK_LABEL } from '@chartwire/sdk/internal/kit/systems';
import { addMinutes, fhirInstant, type When } from './calendar.ts';
import type { Life } from './life.ts';
import type { TaskStory } from './story.ts';

export function tasks(life: Life): Task[] {
  return (life.story.tasks ?? []).map((story, index) => {
    const notes = comments(life, story, index);
    const created = at(life, story.created, 9);
    return {
      resourceType: 'Task',
      id: life.id('Task', index),
      ...(story.labels ? { meta: { tag: story.labels.map((code) => ({ system: TASK_LABEL, code })) } } : {}),
      status: story.status,
      intent: 'order',
      priority: story.priority ?? 'routine',
      description: story.title,
      for: life.patient,
      authoredOn: created,
      lastModified: notes.at(-1)?.time ?? created,
      requester: life.practice.clinician(life.story.clinician),
      owner: life.practice.clinician(story.owner),
      ...(story.due ? { restriction: { period: { end: at(life, story.due, 17) } } } : {}),
      ...(notes.length > 0 ? { note: notes } : {}),
    };
  });
}

function comments(life: Life, story: TaskStory, index: number): Annotation[] {
  return (story.comments ?? []).map(({ by, when, text }, number) => ({
    id: life.id('TaskComment', `${index}.${number}`),
    authorReference: life.practice.clinician(by),
    time: at(life, when, 11),
    text,
  }));
}

function at(life: Life, when: When, hour: number): string {
  return fhirInstant(addMinutes(life.calendar.workday(when), hour * 60));
}
