// Leaving: what was written and has not come to the server is sent first. Where it cannot be sent, one is told before it is
// lost.

import { type ReactNode, useState } from 'react';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { unsentBy } from '../note/journal.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Spinner } from '../ui/spinner.tsx';

/** `leave` signs out; `asking` is shown meanwhile. */
export function useSignOut(): { readonly leave: () => void; readonly asking: ReactNode } {
  const { user, signOut } = useSession();
  const [step, setStep] = useState<'sending' | 'unsent' | null>(null);
  const out = useWrite((_server, losing: boolean) => signOut({ losing }), {
    onDone: (left) => setStep(left ? null : 'unsent'),
    onRefused: () => setStep(null),
  });
  const leave = (losing: boolean): void => {
    if (unsentBy(user.id).length > 0) setStep('sending');
    out.send(losing);
  };
  const asking = step && (
    <Unsent sending={step === 'sending'} onStay={() => setStep(null)} onLose={() => leave(true)} />
  );
  return { leave: () => leave(false), asking };
}

function Unsent({
  sending,
  onStay,
  onLose,
}: {
  readonly sending: boolean;
  readonly onStay: () => void;
  readonly onLose: () => void;
}) {
  return (
    <Dialog
      open
      onClose={onStay}
      title={sending ? 'Sending what you wrote' : 'Not all that you wrote is saved'}
      footer={
        <>
          <Button look="danger" disabled={sending} onClick={onLose}>
            Sign out and lose it
          </Button>
          <Button look="primary" disabled={sending} onClick={onStay}>
            Stay
          </Button>
        </>
      }
    >
      {sending ? (
        <p role="status" className="flex items-center gap-2 text-sm">
          <Spinner /> You are signed out when the server has all of it.
        </p>
      ) : (
        <p className="text-sm">
          The server is away, or does not take some of it: what is not saved is marked in its note. It is kept in this
          browser until you sign out. Stay and see to it, or sign out and lose it.
        </p>
      )}
    </Dialog>
  );
}
