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
      title={sending ? 'Sending what you wrote' : 'Some of what you wrote isn’t saved'}
      footer={
        <>
          <Button look="danger" disabled={sending} onClick={onLose}>
            Sign out and discard it
          </Button>
          <Button look="primary" disabled={sending} onClick={onStay}>
            Stay signed in
          </Button>
        </>
      }
    >
      {sending ? (
        <p role="status" className="flex items-center gap-2 text-sm">
          <Spinner /> You’ll be signed out once the server has everything.
        </p>
      ) : (
        <p className="text-sm">
          The server isn’t answering, or refused part of it. Unsaved parts are marked in their note, and kept in this
          browser until you sign out. Stay to fix them, or sign out and discard them.
        </p>
      )}
    </Dialog>
  );
}
