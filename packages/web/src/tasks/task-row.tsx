// One task of a list: checked off at its left, opened by its row.

import { MessageSquare } from 'lucide-react';
import { type KeyboardEvent, memo } from 'react';
import type { TaskShape } from '@chartwire/client/internal/contract/tasks';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { moveOrOpen } from '../ui/table.tsx';
import { dueText, groupOf } from './due.ts';
import { isOver } from './task-actions.ts';

export interface TaskRowActions {
  open(task: TaskShape): void;
  toggle(task: TaskShape): void;
  takeOn(task: TaskShape): void;
  readonly mayChange: boolean;
}

export const TaskRow = memo(function TaskRow({
  task,
  open,
  actions,
}: {
  readonly task: TaskShape;
  readonly open: boolean;
  readonly actions: TaskRowActions;
}) {
  const over = isOver(task);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    if (actions.mayChange && (event.key === 'x' || event.key === ' ')) actions.toggle(task);
    else if (actions.mayChange && event.key === 'm') actions.takeOn(task);
    else return void moveOrOpen(event, () => actions.open(task));
    event.preventDefault();
  };
  return (
    <li
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the row is where its keys work
      tabIndex={0}
      data-row
      onKeyDown={onKeyDown}
      onClick={() => actions.open(task)}
      aria-current={open || undefined}
      className={classes(
        'flex cursor-pointer items-start gap-3 border-line border-b px-5 py-2 last:border-0 hover:bg-hover focus-visible:outline-offset-[-2px]',
        open && 'bg-accent-soft',
      )}
    >
      <input
        type="checkbox"
        aria-label={`Done: ${task.title}`}
        checked={over}
        disabled={!actions.mayChange}
        onClick={(event) => event.stopPropagation()}
        onChange={() => actions.toggle(task)}
        className="mt-0.5 size-4.5 shrink-0 accent-accent"
      />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className={classes('min-w-0 break-words font-medium text-sm', over && 'text-ink-3 line-through')}>
            {task.title}
          </span>
          {task.priority && task.priority !== 'routine' && !over && <Badge tone="danger">{task.priority}</Badge>}
          {task.labels.map((label) => (
            <Badge key={label}>{label}</Badge>
          ))}
        </div>
        <p className="flex flex-wrap gap-x-3 text-ink-3 text-xs">
          {task.patient && <span>{task.patient.name ?? 'A patient'}</span>}
          {task.requester && <span>by {task.requester}</span>}
          {task.comments > 0 && (
            <span className="inline-flex items-center gap-1" title="Comments">
              <MessageSquare aria-hidden className="size-3" />
              {task.comments}
            </span>
          )}
        </p>
      </div>
      <span
        className={classes(
          'w-24 shrink-0 pt-0.5 text-right text-xs tabular',
          groupOf(task, over) === 'Overdue' ? 'font-medium text-danger-text' : 'text-ink-3',
        )}
      >
        {task.due && dueText(task.due)}
      </span>
      <span className="w-7 shrink-0" title={task.assignee?.name ?? 'Unassigned'}>
        {task.assignee ? (
          <Avatar name={task.assignee.name ?? '?'} />
        ) : (
          <span className="block size-7 rounded-full border border-line-strong border-dashed" />
        )}
      </span>
    </li>
  );
});
