// One task with all that was said about it.

import { CircleHelp, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { OneTask } from '@chartwire/client/internal/contract/tasks';
import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/field.tsx';
import { Failed, Loaded } from '../ui/states.tsx';
import { Ago } from '../ui/time.tsx';
import { isOver, TASK_WRITES, useChangeTask } from './task-actions.ts';
import { PRIORITIES, TaskFields } from './task-form.tsx';
import { oneOf } from '../one-of.ts';

export function TaskPanel({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const task = useApi(api.tasks.get, { params: { id } }, { hears: { types: ['Task', 'TaskComment'] } });
  return (
    <Dialog open onClose={onClose} title={task.data?.title ?? 'Task'} place="side">
      <Loaded from={task}>{(data) => <Whole task={data} onChanged={() => void task.refetch()} />}</Loaded>
    </Dialog>
  );
}

function Whole({ task, onChanged }: { readonly task: OneTask; readonly onChanged: () => void }) {
  const { may } = useSession();
  const change = useChangeTask();
  const mayChange = may('Task', 'u');
  const over = isOver(task);
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-2">
        {mayChange && (
          <Button
            look={over ? 'secondary' : 'primary'}
            onClick={() => change({ task, change: { status: over ? 'requested' : 'completed' } })}
          >
            {over ? 'Reopen' : 'Done'}
          </Button>
        )}
        {task.patient && (
          <Link
            href={`/patients/${task.patient.id}`}
            className="inline-flex h-8 items-center gap-1.5 rounded-md px-2 font-medium text-accent-text text-sm hover:bg-hover"
          >
            <FolderOpen aria-hidden className="size-4" />
            {task.patient.name ?? 'Open chart'}
          </Link>
        )}
        <Link
          href={`/events?target=Task/${task.id}`}
          className="inline-flex h-8 items-center gap-1.5 rounded-md px-2 text-ink-2 text-sm hover:bg-hover"
        >
          <CircleHelp aria-hidden className="size-4" />
          Why is this here?
        </Link>
      </div>
      <TaskFields
        draft={{
          assignee: task.assignee?.reference ?? null,
          assigneeName: task.assignee?.name ?? null,
          due: task.due,
          priority: oneOf(PRIORITIES, task.priority) ?? 'routine',
          labels: task.labels,
        }}
        disabled={!mayChange}
        onChange={(part) => change({ task, change: part })}
      />
      <section>
        <h3 className="mb-2 font-semibold text-sm">Comments</h3>
        {task.thread.length === 0 && <p className="text-ink-3 text-sm">No comments yet.</p>}
        <ul className="flex flex-col gap-3">
          {task.thread.map(({ id, text, author, time }) => (
            <li key={id ?? `${time} ${text}`} className="text-sm">
              <p className="text-ink-3 text-xs">
                {author ?? 'Someone'} {time && <Ago time={time} />}
              </p>
              <p className="whitespace-pre-wrap break-words">{text}</p>
            </li>
          ))}
        </ul>
        {mayChange && <CommentForm id={task.id} onSent={onChanged} />}
      </section>
    </div>
  );
}

function CommentForm({ id, onSent }: { readonly id: string; readonly onSent: () => void }) {
  const [text, setText] = useState('');
  const say = useWrite((server, said: string) => server.tasks.comment({ params: { id }, body: { text: said } }), {
    shown: 'here',
    queue: TASK_WRITES,
    onDone: (_, said) => {
      // What was typed meanwhile stays.
      setText((now) => (now.trim() === said ? '' : now));
      onSent();
    },
  });
  const send = (): void => {
    if (text.trim()) say.send(text.trim());
  };
  return (
    <div className="mt-3 flex flex-col gap-2">
      {say.problem && <Failed problem={say.problem} />}
      <div className="flex items-end gap-2">
        <TextArea
          aria-label="Comment"
          placeholder="Add a comment"
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) send();
          }}
        />
        <Button busy={say.pending} disabled={!text.trim()} onClick={send}>
          Send
        </Button>
      </div>
    </div>
  );
}
