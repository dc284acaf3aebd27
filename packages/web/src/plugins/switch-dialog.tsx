// Before a plugin is disabled, enabled or taken out: what that means.

import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { tell } from '../ui/toast.tsx';
import { count } from './plugin-state.tsx';
import type { Plugin } from './shapes.ts';

/** What the list of plugins is told by the address that leads to it. */
export interface CameFrom {
  readonly uninstalled?: string;
}

export type Switch = 'enable' | 'disable' | 'uninstall';

type Backlog = NonNullable<Plugin['backlog']>;

const WORDS: Readonly<Record<Switch, { readonly verb: string; readonly done: string; readonly means: string }>> = {
  enable: {
    verb: 'Enable',
    done: 'is enabled',
    means:
      'It receives events again, and its gates and searches run. This ends a quarantine and clears its past failures.',
  },
  disable: {
    verb: 'Disable',
    done: 'is disabled',
    means:
      'It stops receiving events, and its gates and searches stop running, so nothing it would refuse is refused. What it added to charts stays. You can enable it again.',
  },
  uninstall: {
    verb: 'Uninstall',
    done: 'is uninstalled',
    means:
      'This removes its code and variables, and its pending events aren’t delivered. What it added to charts stays, and so do its executions, so the log still explains it.',
  },
};

/** What becomes of the events that wait for it, in the words of each choice. */
const CHOICES: Readonly<Record<'enable' | 'disable', Readonly<Record<Backlog, string>>>> = {
  disable: {
    keep: 'Keep: deliver them when it’s enabled',
    skip: 'Skip: don’t deliver them, and list them under Skipped',
  },
  enable: {
    keep: 'Deliver now, in the order of each chart',
    skip: 'Skip: don’t deliver them, and list them under Skipped',
  },
};

export function SwitchDialog({
  name,
  what,
  pending,
  requests,
  backlog,
  onClose,
}: {
  readonly name: string;
  readonly what: Switch;
  /** How many events wait for it; undefined while that is not known. */
  readonly pending: number | undefined;
  /** How many requests to other systems it still has to send. */
  readonly requests: number;
  /** What was chosen when it was disabled. */
  readonly backlog: Plugin['backlog'];
  readonly onClose: () => void;
}) {
  const [chosen, setChosen] = useState<Backlog>((what === 'enable' && backlog) || 'keep');
  // What waits for one that is live is delivered anyway: there is nothing to choose.
  const asks = what === 'disable' || (what === 'enable' && backlog !== null && pending !== 0);
  const [, go] = useLocation();
  const { verb, done, means } = WORDS[what];
  const carryOut = useWrite(
    async (server) => {
      const params = { name };
      if (what === 'uninstall') await server.plugins.remove({ params });
      else await server.plugins[what]({ params, body: asks ? { pending: chosen } : {} });
    },
    {
      shown: 'here',
      onDone: async () => {
        tell(`${name} ${done}`);
        await queries.invalidateQueries({
          predicate: ({ queryKey }) => String(queryKey[0]).startsWith(api.plugins.list.path()),
          // Of one that is gone nothing is read again: the list is, where this leads.
          refetchType: what === 'uninstall' ? 'none' : 'active',
        });
      },
      onHere: () => {
        onClose();
        if (what === 'uninstall') go('/plugins', { state: { uninstalled: name } satisfies CameFrom });
      },
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${verb} ${name}?`}
      problem={carryOut.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={what === 'uninstall' ? 'danger' : 'primary'}
            busy={carryOut.pending}
            onClick={() => carryOut.send()}
          >
            {verb}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-sm">
        <p>{means}</p>
        {what === 'uninstall' && Boolean(pending) && (
          <p className="font-medium">{count(pending!, 'pending event')} will be dropped.</p>
        )}
        {requests > 0 && <p>{requestsText(what, requests)}</p>}
        {asks && (
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-2 font-medium">
              {what === 'disable' && 'Events while it’s disabled'}
              {what === 'disable' && pending !== undefined && ` (${pending} waiting now)`}
              {what === 'enable' && `${pending === undefined ? 'Events' : count(pending, 'event')} waiting for it`}
            </legend>
            {(['keep', 'skip'] as const).map((choice) => (
              <label key={choice} className="flex items-baseline gap-2">
                <input
                  type="radio"
                  name="pending"
                  checked={chosen === choice}
                  onChange={() => setChosen(choice)}
                  className="accent-accent"
                />
                {CHOICES[what][choice]}
              </label>
            ))}
          </fieldset>
        )}
      </div>
    </Dialog>
  );
}

/** What becomes of requests that are not sent yet. */
function requestsText(what: Switch, requests: number): string {
  const waiting = `${count(requests, 'request')} to other systems ${requests === 1 ? 'isn’t' : 'aren’t'} sent yet`;
  if (what === 'uninstall') return `${waiting}, and won’t be.`;
  return what === 'disable' ? `${waiting}, and will be kept or skipped with the events. See Requests.` : `${waiting}.`;
}
