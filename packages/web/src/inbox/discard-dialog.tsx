// Asks once more before a document leaves the inbox for good.

import { useState } from 'react';
import type { InboxItem } from '@chartwire/client/internal/contract/inbox';
import { api } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { tell, tellProblem } from '../ui/toast.tsx';

export function DiscardDialog({
  document,
  onClose,
  onDiscarded,
}: {
  readonly document: InboxItem;
  readonly onClose: () => void;
  readonly onDiscarded: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const discard = async (): Promise<void> => {
    setBusy(true);
    try {
      await api.inbox.discard({ params: { id: document.id } });
      tell('Discarded.', { about: document.title });
      onDiscarded();
    } catch (error) {
      tellProblem(error);
      onClose();
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Discard this document?"
      about={document.title}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" busy={busy} onClick={() => void discard()}>
            Discard it
          </Button>
        </>
      }
    >
      <p className="text-sm">
        It leaves the inbox as entered in error, and is in nobody’s chart. What was received stays on record.
      </p>
    </Dialog>
  );
}
