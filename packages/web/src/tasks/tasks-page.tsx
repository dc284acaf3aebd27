// What is to be done, by the day it is due.

import { ListChecks, ListPlus, Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { TaskShape } from '@chartwire/client/internal/contract/tasks';
import { api } from '../api/client.ts';
import { usePages } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useShortcut } from '../shell/shortcuts.tsx';
import { Button } from '../ui/button.tsx';
import { Entry } from '../ui/entry.tsx';
import { Select, TextInput } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { More } from '../ui/more.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { focusFirstRow } from '../ui/table.tsx';
import { GROUPS, groupOf } from './due.ts';
import { NewTask } from './new-task.tsx';
import { isOver, useChangeTask } from './task-actions.ts';
import { TaskPanel } from './task-panel.tsx';
import { TaskRow, type TaskRowActions } from './task-row.tsx';
import { oneOf } from '../one-of.ts';

export default function TasksPage() {
  const { may, user } = useSession();
  const change = useChangeTask();
  const [params, setParams] = useSearchParams();
  const [making, setMaking] = useState(false);
  const [words, setWords] = useState('');
  const query = useDeferredValue(words.trim());
  const mine = user.practitioner ? 'me' : '';
  const whose = params.get('whose') ?? mine;
  const state = oneOf(['open', 'done', 'all'], params.get('state')) ?? 'open';
  const label = params.get('label') ?? '';
  const open = params.get('task');
  const tasks = usePages(
    api.tasks.list,
    { query: { state, assignee: whose === 'all' ? '' : whose, label, query, limit: 100 } },
    { hears: { types: ['Task', 'TaskComment', 'Patient'] } },
  );
  const choose = (name: string, value: string | null): void =>
    setParams(
      (before) => {
        if (value === null) before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  useShortcut({ keys: 'c', label: 'Create task', group: 'Tasks' }, () => setMaking(true), may('Task', 'c'));
  const practitioner = user.practitioner;
  const mayChange = may('Task', 'u');
  // A row that has the focus has these keys itself.
  useShortcut({ keys: 'x', label: 'Complete the selected task', group: 'Tasks' }, focusFirstRow, mayChange);
  useShortcut({ keys: 'm', label: 'Assign to me', group: 'Tasks' }, focusFirstRow, mayChange && practitioner !== null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are drawn again for what they show, not for this
  const actions = useMemo<TaskRowActions>(
    () => ({
      open: ({ id }) => choose('task', id),
      toggle: (task) => change({ task, change: { status: isOver(task) ? 'requested' : 'completed' } }),
      takeOn: (task) => practitioner && change({ task, change: { assignee: `Practitioner/${practitioner}` } }),
      mayChange,
    }),
    [change, mayChange, practitioner],
  );
  const labels = [...new Set(tasks.data?.flatMap(({ labels }) => labels))].sort();
  return (
    <Page
      title="Tasks"
      about={tasks.data && `${tasks.data.length}${tasks.hasNextPage ? ' and more' : ''}`}
      actions={
        may('Task', 'c') && (
          <Button look="primary" icon={ListPlus} onClick={() => setMaking(true)}>
            Create task
          </Button>
        )
      }
      toolbar={
        <>
          <div className="relative w-64">
            <Search aria-hidden className="pointer-events-none absolute top-2 left-2 size-4 text-ink-3" />
            <TextInput
              aria-label="Search tasks and patients"
              placeholder="Task or patient"
              className="pl-8"
              value={words}
              onChange={({ target }) => setWords(target.value)}
            />
          </div>
          <div className="w-40">
            <Select aria-label="Assignee" value={whose} onChange={({ target }) => choose('whose', target.value)}>
              {practitioner && <option value="me">Mine</option>}
              <option value="nobody">Unassigned</option>
              <option value={practitioner ? 'all' : ''}>Everybody’s</option>
            </Select>
          </div>
          <div className="w-32">
            <Select aria-label="State" value={state} onChange={({ target }) => choose('state', target.value)}>
              <option value="open">Open</option>
              <option value="done">Done</option>
              <option value="all">All</option>
            </Select>
          </div>
          {(labels.length > 0 || label) && (
            <div className="w-44">
              <Select aria-label="Label" value={label} onChange={({ target }) => choose('label', target.value || null)}>
                <option value="">All labels</option>
                {[...new Set([...labels, ...(label ? [label] : [])])].map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </Select>
            </div>
          )}
        </>
      }
    >
      <div className="min-h-full bg-surface">
        <Loaded from={tasks} skeleton={<Skeleton lines={8} />}>
          {(items) =>
            items.length === 0 ? (
              <Empty icon={ListChecks} title="No tasks here.">
                Create a task with <Kbd keys="c" />. Plugins create them too: abnormal-lab-task does when a report has
                abnormal values.
              </Empty>
            ) : (
              <>
                {GROUPS.map((group) => (
                  <TaskGroup
                    key={group}
                    title={group}
                    tasks={items.filter((task) => groupOf(task, isOver(task)) === group)}
                    open={open}
                    actions={actions}
                  />
                ))}
                <More of={tasks} label="More" />
              </>
            )
          }
        </Loaded>
      </div>
      {making && <NewTask onClose={() => setMaking(false)} />}
      {open && <TaskPanel id={open} onClose={() => choose('task', null)} />}
    </Page>
  );
}

function TaskGroup({
  title,
  tasks,
  open,
  actions,
}: {
  readonly title: string;
  readonly tasks: readonly TaskShape[];
  readonly open: string | null;
  readonly actions: TaskRowActions;
}) {
  if (tasks.length === 0) return null;
  return (
    <section>
      <h2 className="sticky top-0 z-10 border-line border-b bg-sunken px-5 py-1 font-semibold text-ink-2 text-xs">
        {title} <span className="font-normal text-ink-3 tabular">{tasks.length}</span>
      </h2>
      <ul>
        {tasks.map((task) => (
          <Entry key={task.id} of={task} type="Task">
            {() => <TaskRow task={task} open={task.id === open} actions={actions} />}
          </Entry>
        ))}
      </ul>
    </section>
  );
}
