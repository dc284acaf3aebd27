// Asks once more before a document leaves the inbox for good.

import type { InboxItem } from '@chartwire/client/internal/contract/inbox';
import { api } from '../api/client.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { tell } from '../ui/toast.tsx';

export function DiscardDialog({
  document,
  onClose,
  onDiscarded,
}: {
  readonly document: InboxItem;
  readonly onClose: () => void;
  /** Leads on, while the document is still in the list. */
  readonly onDiscarded: () => void;
}) {
  const discard = useWrite((server) => server.inbox.discard({ params: { id: document.id } }), {
    shown: 'here',
    changes: [api.inbox.list.path()],
    onTakenHere: onDiscarded,
    onDone: () => tell('Document discarded.', { about: document.title }),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Discard this document?"
      about={document.title}
      problem={discard.problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" busy={discard.pending} onClick={() => discard.send()}>
            Discard document
          </Button>
        </>
      }
    >
      <p className="text-sm">
        It leaves the inbox, marked as entered in error, and goes into no chart. The original file is kept.
      </p>
    </Dialog>
  );
}
