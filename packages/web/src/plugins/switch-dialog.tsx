// Before a plugin is disabled, enabled or taken out: what that means.

import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { tell } from '../ui/toast.tsx';

/** What the list of plugins is told by the address that leads to it. */
export interface CameFrom {
  readonly uninstalled?: string;
}

export type Switch = 'enable' | 'disable' | 'uninstall';

const WORDS: Readonly<Record<Switch, { readonly verb: string; readonly done: string; readonly means: string }>> = {
  enable: {
    verb: 'Enable',
    done: 'is enabled',
    means:
      'It is given events again, and its gates and searches are asked. A quarantine ends, and its strikes are forgotten.',
  },
  disable: {
    verb: 'Disable',
    done: 'is disabled',
    means:
      'It is given no more events, and its gates and searches are not asked: what it would have refused passes. What it made in charts stays. It can be enabled again.',
  },
  uninstall: {
    verb: 'Uninstall',
    done: 'is uninstalled',
    means:
      'Its code and its variables are removed, and what is still owed to it is not delivered. What it made in charts stays, and so do its executions, so that the log still tells why.',
  },
};

export function SwitchDialog({
  name,
  what,
  onClose,
}: {
  readonly name: string;
  readonly what: Switch;
  readonly onClose: () => void;
}) {
  const [, go] = useLocation();
  const { verb, done, means } = WORDS[what];
  const carryOut = useWrite(
    (server) => (what === 'uninstall' ? server.plugins.remove : server.plugins[what])({ params: { name } }),
    {
      shown: 'here',
      onDone: async () => {
        tell(`${name} ${done}`);
        onClose();
        await queries.invalidateQueries({
          predicate: ({ queryKey }) => String(queryKey[0]).startsWith(api.plugins.list.path()),
          // Of one that is gone nothing is read again: the list is, where this leads.
          refetchType: what === 'uninstall' ? 'none' : 'active',
        });
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
          <Button onClick={onClose}>Leave it</Button>
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
      <p className="text-sm">{means}</p>
    </Dialog>
  );
}
