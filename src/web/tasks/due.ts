// When tasks are due, in the groups that people think in.

import type { TaskShape } from '#server/api/task-shapes.ts';
import { daysAfter, todayHere } from '../today/days.ts';
import { dayText } from '../ui/time.tsx';

export const GROUPS = ['Overdue', 'Today', 'This week', 'Later', 'Without a day', 'Done'] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf({ due }: Pick<TaskShape, 'due'>, over: boolean, today = todayHere()): Group {
  if (over) return 'Done';
  if (!due) return 'Without a day';
  const day = due.slice(0, 10);
  if (day < today) return 'Overdue';
  if (day === today) return 'Today';
  return day <= daysAfter(today, 7) ? 'This week' : 'Later';
}

/** `Today`, `Tomorrow`, or the day. */
export function dueText(due: string, today = todayHere()): string {
  const day = due.slice(0, 10);
  if (day === today) return 'Today';
  if (day === daysAfter(today, 1)) return 'Tomorrow';
  if (day === daysAfter(today, -1)) return 'Yesterday';
  return dayText(due);
}
