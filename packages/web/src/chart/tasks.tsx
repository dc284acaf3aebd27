// What is to be done for the patient, to be checked off here.

import type { Task } from '@medplum/fhirtypes';
import { useState } from 'react';
import { TASK_LABEL } from '@chartwire/sdk/internal/kit/systems';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { Who } from '../fhir/who.tsx';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { isOverdue } from '../tasks/due.ts';
import { dayText } from '../ui/time.tsx';
import { recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

const OVER = ['completed', 'cancelled', 'rejected', 'failed'];

export function Tasks() {
  const { chart } = useLooking();
  const tasks = recordsOf(chart, 'Task');
  const open = tasks.filter(({ status }) => !OVER.includes(status ?? ''));
  const done = tasks.filter(({ status }) => OVER.includes(status ?? ''));
  return (
    <Section
      name="tasks"
      title="Tasks"
      digit="8"
      count={tasks.length}
      types={['Task']}
      empty="No tasks. A Task in a note or a plugin adds one."
    >
      {open.length === 0 && <p className="px-7.5 pb-1 text-ink-3 text-sm">No open tasks.</p>}
      <ul>
        {open.map((task) => (
          <Entry key={task.id} of={task}>
            {() => <Line task={task} />}
          </Entry>
        ))}
      </ul>
      {done.length > 0 && (
        <Past label={`${done.length} done`}>
          {() =>
            done.map((task) => (
              <Entry key={task.id} of={task}>
                {() => <Line task={task} />}
              </Entry>
            ))
          }
        </Past>
      )}
    </Section>
  );
}

function Line({ task }: { readonly task: Task }) {
  const { open } = useLooking();
  const { id = '', description, status, priority, owner, note, meta } = task;
  const due = task.restriction?.period?.end;
  const over = OVER.includes(status ?? '');
  const late = !over && due !== undefined && isOverdue(due);
  const labels = meta?.tag?.filter(({ system }) => system === TASK_LABEL) ?? [];
  return (
    <Row
      onOpen={() => open({ type: 'Task', id })}
      before={<Check task={task} />}
      main={<span className={classes(over && 'line-through')}>{description ?? 'Task without a title'}</span>}
      faded={over}
      below={
        <>
          {owner ? <Who reference={owner} /> : 'Unassigned'}
          {note && note.length > 0 && ` · ${note.length} ${note.length === 1 ? 'comment' : 'comments'}`}
          {labels.length > 0 && (
            <span className="mt-0.5 flex flex-wrap gap-1">
              {labels.map(({ code }) => (
                <Badge key={code}>{code}</Badge>
              ))}
            </span>
          )}
        </>
      }
      aside={
        <>
          {!over && priority && priority !== 'routine' && <Badge tone="warn">{priority}</Badge>}
          {due && !over && (
            <span className={classes(late && 'font-medium text-danger-text')}>
              {late ? 'was due' : 'due'} {dayText(due)}
            </span>
          )}
        </>
      }
    />
  );
}

/** Checked at once; taken back if the server refuses. */
function Check({ task: { id, status, description } }: { readonly task: Task }) {
  const { may } = useSession();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const done = status === 'completed';
  const change = useWrite(
    (server, next: boolean) =>
      server.fhir.patch('Task', id ?? '', [
        // Whoever saw it in another state by now decided on that.
        { op: 'test', path: '/status', value: status },
        { op: 'replace', path: '/status', value: next ? 'completed' : 'requested' },
      ]),
    { onRefused: () => setWanted(null) },
  );
  if (wanted !== null && wanted === done) setWanted(null);
  return (
    <input
      type="checkbox"
      aria-label={`Done: ${description ?? 'task'}`}
      checked={wanted ?? done}
      disabled={!may('Task', 'u')}
      onChange={({ target }) => {
        if (change.pending) return;
        setWanted(target.checked);
        change.send(target.checked);
      }}
      className="size-4 accent-accent"
    />
  );
}
