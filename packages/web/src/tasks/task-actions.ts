// Changing a task: sent with the version that was seen, so that nobody's change is overwritten unseen.

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { OneTask, TaskShape } from '@chartwire/client/internal/contract/tasks';
import { send } from '../api/client.ts';
import { tellProblem } from '../ui/toast.tsx';

export interface TaskChange {
  readonly title?: string;
  readonly status?: string;
  readonly assignee?: string | null;
  readonly due?: string | null;
  readonly priority?: string;
  readonly labels?: readonly string[];
}

export const TASKS = '/api/tasks';

export const isOver = ({ status }: Pick<TaskShape, 'status'>): boolean =>
  ['completed', 'cancelled', 'failed', 'rejected'].includes(status);

/** Sends a change; what was refused is told, and the lists are read again either way. True when it was made. */
export function useChangeTask(): (task: TaskShape, change: TaskChange) => Promise<boolean> {
  const client = useQueryClient();
  return useCallback(
    async ({ id, version }, change) => {
      try {
        const changed = await send<OneTask>('PATCH', `${TASKS}/${id}`, { body: { ...change, version } });
        client.setQueryData([`${TASKS}/${id}`, {}], changed);
        return true;
      } catch (error) {
        tellProblem(error);
        return false;
      } finally {
        await client.invalidateQueries({ queryKey: [TASKS] });
      }
    },
    [client],
  );
}
