// Task: something for a person or team to do.

import { Type } from 'typebox';
import type { CommandDesk } from '#kit/command-desk.ts';
import { defineCommand } from '#kit/command-kind.ts';
import { parseReference } from '#kit/ids.ts';
import { choice, Day, Option, reference, text } from '#kit/schema.ts';
import { DEPARTMENTS } from '#records/parties.ts';
import { newTask } from '#records/new-task.ts';
import { isR4ResourceType } from '#records/resource-types.ts';
import { namedRecord } from './named-record.ts';
import { annotations, visitOf } from './visit.ts';

/** A code: no spaces around it, and single ones within. */
const Label = Type.String({ pattern: '^\\S+( \\S+)*$', maxLength: 50 });
const OWNERS = ['Practitioner', 'CareTeam', 'Organization'] as const;
/** The option of `assignTo` that leaves the task unassigned. */
const NOBODY = 'unassigned';

async function ownerOf(desk: CommandDesk, option: Option): Promise<string | undefined> {
  if (option.value === NOBODY) return undefined;
  return (await namedRecord(desk, 'assignTo', option, OWNERS)).reference;
}

/** Each must exist and belong to no other patient. */
async function linked(desk: CommandDesk, references: readonly string[]): Promise<readonly string[]> {
  for (const reference of references) {
    const { type, id } = parseReference(reference)!;
    if (!isR4ResourceType(type)) throw desk.refused('linkedItems', `${type} is not a FHIR R4 resource type.`);
    await desk.chosen(type, 'linkedItems', { value: id, text: reference });
  }
  return references;
}

export const Task = defineCommand(
  {
    key: 'task',
    prefix: 'TASK',
    label: 'Task',
    summary: 'Something to be done by somebody.',
    fields: {
      title: { label: 'Title', schema: text(1000), needed: true },
      assignTo: {
        label: 'Assigned to',
        schema: Option,
        needed: true,
        search: { from: 'records', types: OWNERS, filters: { Organization: DEPARTMENTS }, adds: ['team'] },
      },
      dueDate: { label: 'Due', schema: Day },
      priority: { label: 'Priority', schema: choice(['stat', 'urgent', 'routine']) },
      comment: { label: 'Comment', schema: text(4000) },
      labels: { label: 'Labels', schema: Type.Array(Label, { maxItems: 20, uniqueItems: true }) },
      linkedItems: {
        label: 'Linked records',
        schema: Type.Array(reference([], 'as ServiceRequest/1'), { maxItems: 20 }),
      },
    },
  },
  async (values, desk) => {
    const { subject, encounter, author } = visitOf(desk);
    const about = await linked(desk, values.linkedItems ?? []);
    const [comment] = annotations(desk, values.comment);
    desk.draft.create(
      newTask({
        title: values.title,
        patient: subject.reference,
        encounter: encounter?.reference,
        owner: await ownerOf(desk, values.assignTo),
        requester: author,
        due: values.dueDate,
        priority: values.priority,
        labels: values.labels,
        comment,
        about,
        at: desk.at,
      }),
    );
  },
);
