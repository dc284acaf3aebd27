// When tasks are due, in the groups that people think in.

import { dateIn, lastDay } from '@chartwire/sdk/internal/kit/partial-date';
import type { TaskShape } from '@chartwire/client/internal/contract/tasks';
import { daysAfter, todayHere } from '../today/days.ts';
import { dayText } from '../ui/time.tsx';
import { practiceZone } from '../ui/zone.ts';

export const GROUPS = ['Overdue', 'Today', 'This week', 'Later', 'No due date', 'Done'] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf({ due }: Pick<TaskShape, 'due'>, over: boolean, today = todayHere()): Group {
  if (over) return 'Done';
  if (!due) return 'No due date';
  const day = dueDay(due);
  if (isOverdue(due, today)) return 'Overdue';
  if (day === today) return 'Today';
  return day <= daysAfter(today, 7) ? 'This week' : 'Later';
}

/** The last day on which it is not overdue: of a time the day at the practice, of a month its last. */
function dueDay(due: string): string {
  return lastDay(dateIn(practiceZone(), due));
}

export function isOverdue(due: string, today = todayHere()): boolean {
  return dueDay(due) < today;
}

/** `Today`, `Tomorrow`, or the day. */
export function dueText(due: string, today = todayHere()): string {
  const day = dueDay(due);
  if (day === today) return 'Today';
  if (day === daysAfter(today, 1)) return 'Tomorrow';
  if (day === daysAfter(today, -1)) return 'Yesterday';
  return dayText(due);
}
