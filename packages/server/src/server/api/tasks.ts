// /api/tasks: tasks in lists, and changes to them. The records are at /fhir/R4/Task.

import type { Annotation, Task } from '@medplum/fhirtypes';
import { authorOf } from '#chart/commands/desk.ts';
import type { ChartReader } from '#chart/contract.ts';
import type { ChartDraft } from '#chart/draft.ts';
import { nameWords } from '#r4/search-text.ts';
import { type OneTask, type TASK_STATES, TASKS } from '@chartwire/client/internal/contract/tasks';
import { dayOf, daysAfter, isDay, startOfDay } from '@chartwire/sdk/internal/kit/calendar';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { Actor } from '@chartwire/sdk/internal/kit/event';
import { parseReference } from '@chartwire/sdk/internal/kit/ids';
import { TASK_LABEL } from '@chartwire/sdk/internal/kit/systems';
import { patientOf } from '#r4/search-index.ts';
import { labelsOf, relabelled } from '@chartwire/sdk/internal/records/labels';
import { newTask } from '@chartwire/sdk/internal/records/new-task';
import { changedTask, commentedTask, OVER, TASK_STATUSES } from '@chartwire/sdk/internal/records/task-steps';
import { once } from '../idempotency.ts';
import { type Call, route, type RoutesOf } from '../route.ts';
import type { Services } from '../services.ts';
import { originOf, UNWRITTEN } from './entries.ts';
import { namesIn, shown, viewOf } from './task-shapes.ts';

const STATES = {
  open: TASK_STATUSES.filter((status) => !OVER.includes(status) && status !== 'entered-in-error'),
  done: OVER,
  all: TASK_STATUSES,
} as const satisfies Record<(typeof TASK_STATES)[number], readonly Task['status'][]>;

const reading = {
  list: route(
    TASKS.list,
    async (call, { chart, practice }) => {
      const { state = 'open', label, due, patient, query = '', after } = call.query;
      if (patient !== undefined) call.concerns(patient);
      const reader = chart.reader(originOf(call));
      const assignee = assigneeOf(call.query.assignee, call.access.actor);
      const { items, next } = await reader.lists.tasks({
        statuses: STATES[state],
        ...(assignee !== undefined && { assignee }),
        patient,
        ...(label !== undefined && { label }),
        ...(due !== undefined && { dueBefore: dueBeforeOf(due, await practice.timeZone()) }),
        words: nameWords(query),
        ...(after !== undefined && { after }),
        limit: call.query.limit ?? 50,
      });
      const names = await namesIn(reader, items);
      return { items: items.map((task) => viewOf(task, names)), next };
    },
    { patients: ({ items }) => items.map(({ patient }) => patient?.id ?? null) },
  ),
  get: route(TASKS.get, async (call, services) => {
    const reader = services.chart.reader(originOf(call));
    const stored = await reader.current('Task', call.params.id);
    const resource = stored?.record;
    if (!stored || !resource) throw notFound(call.params.id);
    if (stored.patient !== null) call.concerns(stored.patient);
    return shown(reader, { ...stored, resource });
  }),
};

const writing = {
  create: route(TASKS.create, (call, services) => {
    const { patient, assignee, comment, focus, ...body } = call.body;
    if (patient !== undefined) call.concerns(patient);
    const reader = services.chart.reader(originOf(call));
    return once(call, services, 'tasks.create', async (turn) => {
      const id = turn.id(0);
      if (id && (await reader.afterwards(UNWRITTEN, 'Task', id))) return after(reader, id);
      return write(call, services, async (draft) => {
        draft.requireReach('Task', 'c', patient ?? null);
        await refuseMissing(draft, { assignee, focus });
        const { actor } = call.access;
        return draft.create(
          newTask({
            ...body,
            ...(id && { id }),
            ...(patient !== undefined && { patient: `Patient/${patient}` }),
            ...(assignee !== undefined && { owner: assignee }),
            ...(comment !== undefined && { comment: commentBy(actor, comment, draft) }),
            about: focus === undefined ? [] : [focus],
            requester: authorOf(actor) as Task['requester'],
            at: draft.at,
          }),
        ).id;
      });
    });
  }),
  change: route(TASKS.change, (call, services) => {
    const { labels: wanted, version, ...named } = call.body;
    return write(call, services, async (draft) => {
      const task = await found(call, draft, call.params.id, version);
      await refuseMissing(draft, { assignee: named.assignee });
      const changed = changedTask(task, named);
      const remove = labelsOf(task, TASK_LABEL);
      await draft.update(
        wanted
          ? relabelled(changed, TASK_LABEL, {
              add: wanted,
              remove: remove.filter((label) => !wanted.includes(label)),
            })
          : changed,
      );
      return call.params.id;
    });
  }),
  comment: route(TASKS.comment, (call, services) =>
    write(call, services, async (draft) => {
      const task = await found(call, draft, call.params.id);
      await draft.update(commentedTask(task, commentBy(call.access.actor, call.body.text, draft)));
      return call.params.id;
    }),
  ),
};

export const TASK_ROUTES: RoutesOf<typeof TASKS> = { ...reading, ...writing };

function assigneeOf(named: string | undefined, { practitioner }: Actor): string | null | undefined {
  if (named !== 'me') return named === 'nobody' ? null : named;
  if (practitioner !== undefined) return `Practitioner/${practitioner}`;
  throw new Refusal('request.invalid', { reason: 'you are no practitioner on record, so no task is yours' }, [
    { path: 'assignee', message: 'is `me` for a user who is linked to a Practitioner' },
  ]);
}

/** The day before whose start they are due; null for tasks without a date. Tasks due yesterday are overdue. */
function dueBeforeOf(due: string, timeZone: string): { day: string; instant: string } | null {
  if (due === 'never') return null;
  const today = dayOf(new Date(), timeZone);
  const day = due === 'overdue' ? today : dayAfter(due);
  return { day, instant: startOfDay(day, timeZone).toISOString() };
}

/** Refuses a day that doesn't exist. */
function dayAfter(day: string): string {
  if (isDay(day)) return daysAfter(day, 1);
  throw new Refusal('request.invalid', { reason: `${day} is not a day of the calendar` }, [
    { path: 'due', message: 'is a day of the calendar, as 2026-08-23' },
  ]);
}

async function found(
  call: Pick<Call, 'access' | 'concerns'>,
  draft: ChartDraft,
  id: string,
  version?: number,
): Promise<Task & { id: string }> {
  const task = await draft.read('Task', id);
  if (!task) throw notFound(id);
  const patient = patientOf(task);
  if (patient !== null) call.concerns(patient);
  await draft.claim('Task', id, 'u');
  const actual = await draft.versionOf('Task', id);
  if (version !== undefined && version !== actual)
    throw new Refusal('record.conflict', { reference: `Task/${id}`, actual });
  return { ...task, id };
}

function notFound(id: string): Refusal {
  return new Refusal('record.not-found', { reference: `Task/${id}` });
}

/** Everyone and everything that a task names must exist for the caller. Anything out of reach is refused in the same words. */
async function refuseMissing(draft: ChartDraft, named: Record<string, string | null | undefined>): Promise<void> {
  for (const [member, reference] of Object.entries(named)) {
    const { type, id } = parseReference(reference ?? undefined) ?? {};
    if (!type || !id) continue;
    if (await draft.isThere(type, id)) continue;
    throw new Refusal('request.invalid', { reason: `${reference} does not exist` }, [
      { path: `/${member}`, message: 'must be a record that exists' },
    ]);
  }
}

function commentBy(actor: Actor, text: string, draft: ChartDraft): Annotation {
  const reference = authorOf(actor) as Annotation['authorReference'];
  const author = reference ? { authorReference: reference } : { authorString: actor.display ?? actor.id };
  return { id: draft.newId(), ...author, time: draft.at, text };
}

async function write(
  call: Pick<Call, 'access'>,
  services: Services,
  work: (draft: ChartDraft) => Promise<string>,
): Promise<OneTask> {
  const reader = services.chart.reader(originOf(call));
  // The answer shows all of it.
  reader.require('Task', 'r');
  const { result: id } = await services.chart.withChart(originOf(call), work);
  return after(reader, id);
}

async function after(reader: ChartReader, id: string): Promise<OneTask> {
  const stored = await reader.current('Task', id);
  if (!stored?.record) throw notFound(id);
  return shown(reader, { ...stored, resource: stored.record });
}
