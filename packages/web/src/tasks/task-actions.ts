// Changing a task: sent with the version that was seen, so that nobody's change is overwritten unseen.

import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { RequestOf } from '@chartwire/client/internal/client/index';
import type { TASKS, TaskShape } from '@chartwire/client/internal/contract/tasks';
import { api } from '../api/client.ts';
import { keyOf, queries } from '../api/queries.ts';
import { useWrite, type Write } from '../api/write.ts';

export type TaskChange = RequestOf<(typeof TASKS)['change']>['body'];

export const isOver = ({ status }: Pick<TaskShape, 'status'>): boolean =>
  ['completed', 'cancelled', 'failed', 'rejected'].includes(status);

interface Change {
  readonly task: TaskShape;
  readonly change: TaskChange;
}

/** A change says which version it is of: a comment that overtakes it would have it refused. */
export const TASK_WRITES = 'tasks';

/** Sends changes, of several tasks at a time; what was refused is told, and the lists are read again either way. */
export function useChangeTask(): Write<Change>['send'] {
  const { send } = useWrite(
    (server, { task: { id, version }, change }: Change) =>
      server.tasks.change({ params: { id }, body: { ...change, version } }),
    {
      about: ({ task, change }) => `${task.id} ${printJson(change)}`,
      changes: [api.tasks.list.path()],
      queue: TASK_WRITES,
      // Before it is read again: what is read then may be newer, and stays.
      onTaken: (changed, { task: { id } }) => queries.setQueryData(keyOf(api.tasks.get, { params: { id } }), changed),
    },
  );
  return send;
}
