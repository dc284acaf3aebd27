// The fields that Goal, Update Goal and Close Goal share, and how a Goal holds them.

import type { CodeableConcept, Goal } from '@medplum/fhirtypes';
import type { CommandDesk } from '#kit/command-desk.ts';
import type { Option } from '#kit/schema.ts';
import { choice, PartialDate, text } from '#kit/schema.ts';

export const dueDate = { label: 'Due', schema: PartialDate } as const;

const ACHIEVEMENT = 'http://terminology.hl7.org/CodeSystem/goal-achievement';
const PRIORITY = 'http://terminology.hl7.org/CodeSystem/goal-priority';

export const achievementStatus = {
  label: 'Achievement',
  schema: choice([
    'in-progress',
    'improving',
    'worsening',
    'no-change',
    'achieved',
    'sustaining',
    'not-achieved',
    'no-progress',
    'not-attainable',
  ]),
} as const;

export const priority = {
  label: 'Priority',
  schema: choice(['high-priority', 'medium-priority', 'low-priority']),
} as const;

export const progress = { label: 'Progress', schema: text(2048) } as const;

export function achieved(code: string): CodeableConcept {
  return { coding: [{ system: ACHIEVEMENT, code }] };
}

export function ranked(code: string): CodeableConcept {
  return { coding: [{ system: PRIORITY, code }] };
}

const CLOSED: ReadonlySet<string> = new Set(['completed', 'cancelled', 'rejected', 'entered-in-error']);

/** The goal of the option. Refuses a closed one. */
export async function openGoal(desk: CommandDesk, option: Option): Promise<Goal & { readonly id: string }> {
  const goal = await desk.chosen('Goal', 'goalStatement', option);
  if (!CLOSED.has(goal.lifecycleStatus)) return goal;
  throw desk.refused('goalStatement', `This goal is ${goal.lifecycleStatus}: pick an open goal.`);
}

/** The goal's targets, with a new due date for the first. */
export function dueOn({ target }: Goal, dueDate: string): NonNullable<Goal['target']> {
  const { dueDuration: _, ...first } = target?.[0] ?? {};
  return [{ ...first, dueDate }, ...(target?.slice(1) ?? [])];
}
