// Changing a task: sent with the version that was seen, so that nobody's change is overwritten unseen.

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { RequestOf } from '@chartwire/client/internal/client/index';
import type { TASKS, TaskShape } from '@chartwire/client/internal/contract/tasks';
import { api } from '../api/client.ts';
import { keyOf } from '../api/queries.ts';
import { tellProblem } from '../ui/toast.tsx';

export type TaskChange = RequestOf<(typeof TASKS)['change']>['body'];

export const isOver = ({ status }: Pick<TaskShape, 'status'>): boolean =>
  ['completed', 'cancelled', 'failed', 'rejected'].includes(status);

/** Sends a change; what was refused is told, and the lists are read again either way. True when it was made. */
export function useChangeTask(): (task: TaskShape, change: TaskChange) => Promise<boolean> {
  const client = useQueryClient();
  return useCallback(
    async ({ id, version }, change) => {
      try {
        const changed = await api.tasks.change({ params: { id }, body: { ...change, version } });
        client.setQueryData(keyOf(api.tasks.get, { params: { id } }), changed);
        return true;
      } catch (error) {
        tellProblem(error);
        return false;
      } finally {
        await client.invalidateQueries({ queryKey: [api.tasks.list.path()] });
      }
    },
    [client],
  );
}
